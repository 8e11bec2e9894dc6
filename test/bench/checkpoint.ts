/** What reading and slimming checkpoints costs: sparse files of 2 GB, 20,000 tensors, beside Python's zipfile with pickletools and torch.load(mmap=True) where they are installed. */

import { spawnSync } from 'node:child_process'
import { buildSync } from 'esbuild'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import * as os from 'node:os'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeUtf8 } from '../../server/src/core/checkpoint/bytes.ts'
import { PickleWriter } from '../../server/src/core/checkpoint/pickle-writer.ts'
import { directoryOf, layOutZip } from '../../server/src/core/checkpoint/zip-layout.ts'
import type * as findings from '../../server/src/core/checkpoint/findings.ts'
import type * as reader from '../../server/src/core/checkpoint/read-checkpoint.ts'
import type * as releases from '../../server/src/core/checkpoint/torch-release.ts'
import { isFailure, type ByteSource } from '../../server/src/core/ports.ts'
import type * as disk from '../../server/src/host/disk-files.ts'
import type * as inflating from '../../server/src/host/inflate.ts'
import { percentile, row } from './measure.ts'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-footprint-bench-'))
const twoGigabytes = 2_000_000_000
const python = process.env['TORCH_FOOTPRINT_BENCH_PYTHON'] ?? 'python3'

interface Tensor { readonly name: string, readonly rows: number, readonly columns: number }

/** A state_dict as torch.save pickles it, with or without the sixth member of legacy storage ids. */
function pickled(tensors: readonly Tensor[], legacy: boolean): Uint8Array {
  const out = new PickleWriter()
  out.opcode('}')
  out.opcode('(')
  tensors.forEach(({ name, rows, columns }, index) => {
    out.text(name)
    out.global('torch._utils', '_rebuild_tensor_v2')
    out.raw(0x28, 0x28)
    out.text('storage')
    out.global('torch', 'FloatStorage')
    out.text(keyOf(index))
    out.text('cpu')
    out.integer(rows * columns)
    if (legacy) out.opcode('N')
    out.raw(0x74, 0x51)
    out.integer(0)
    for (const pair of [[rows, columns], [columns, 1]]) {
      for (const value of pair) out.integer(value)
      out.raw(0x86)
    }
    out.raw(0x89)
    out.global('collections', 'OrderedDict')
    out.raw(0x29, 0x52, 0x74, 0x52)
  })
  out.opcode('u')
  return out.finish()
}

const keyOf = (index: number): string => String(index)

function model(count: number, total: number): Tensor[] {
  const rows = Math.max(1, Math.floor(total / 4 / 1000 / count))
  return Array.from({ length: count }, (_, index) => ({ name: `model.layers.${String(Math.floor(index / 8))}.block.${String(index % 8)}.weight`, rows, columns: 1000 }))
}

/** Python's zipfile checks what it reads. */
function crc32(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

/** A file with holes where nothing is written. */
function sparse(name: string, bytes: number, pieces: readonly (readonly [number, Uint8Array])[]): string {
  const file = path.join(folder, name)
  const descriptor = fs.openSync(file, 'w')
  fs.ftruncateSync(descriptor, bytes)
  for (const [at, data] of pieces) fs.writeSync(descriptor, data, 0, data.length, at)
  fs.closeSync(descriptor)
  return file
}

function zipFile(name: string, tensors: readonly Tensor[]): { readonly file: string, readonly pickleBytes: number, readonly directoryBytes: number } {
  const small = new Map([['data.pkl', pickled(tensors, false)], ['.format_version', encodeUtf8('1')], ['.storage_alignment', encodeUtf8('64')], ['byteorder', encodeUtf8('little')], ['version', encodeUtf8('3\n')], ['.data/serialization_id', encodeUtf8('0'.repeat(40))]])
  const record = (of: string): { readonly name: string, readonly bytes: number } => ({ name: of, bytes: small.get(of)!.length })
  const layout = layOutZip('archive', [record('data.pkl'), record('.format_version'), record('.storage_alignment'), record('byteorder'), ...tensors.map(({ rows, columns }, index) => ({ name: `data/${String(index)}`, bytes: rows * columns * 4 })), record('version'), record('.data/serialization_id')])
  const directory = directoryOf('archive', layout, layout.records.map(({ name }) => crc32(small.get(name) ?? new Uint8Array(0))))
  const pieces: [number, Uint8Array][] = [[layout.directoryOffset, directory]]
  for (const placed of layout.records) {
    pieces.push([placed.headerOffset, placed.header])
    const data = small.get(placed.name)
    if (data) pieces.push([placed.start, data])
  }
  return { file: sparse(name, layout.totalBytes, pieces), pickleBytes: small.get('data.pkl')!.length, directoryBytes: directory.length }
}

function legacyFile(name: string, tensors: readonly Tensor[]): string {
  const head = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e, 0x80, 2, 0x4d, 0xe9, 3, 0x2e, 0x80, 2, 0x7d, 0x2e]
  const keys = new PickleWriter()
  keys.opcode(']')
  keys.opcode('(')
  const order = tensors.map((_, index) => keyOf(index)).sort()
  for (const key of order) keys.text(key)
  keys.opcode('e')
  const front = [Uint8Array.from(head), pickled(tensors, true), keys.finish()]
  const pieces: [number, Uint8Array][] = []
  let at = 0
  for (const part of front) {
    pieces.push([at, part])
    at += part.length
  }
  for (const key of order) {
    const { rows, columns } = tensors[Number(key)]!
    const count = new Uint8Array(8)
    new DataView(count.buffer).setBigInt64(0, BigInt(rows * columns), true)
    pieces.push([at, count])
    at += 8 + rows * columns * 4
  }
  return sparse(name, at, pieces)
}

function safetensorsFile(name: string, tensors: readonly Tensor[]): string {
  let at = 0
  const entries = tensors.map(({ name: label, rows, columns }) => {
    const start = at
    at += rows * columns * 4
    return `"${label}":{"dtype":"F32","shape":[${String(rows)},${String(columns)}],"data_offsets":[${String(start)},${String(at)}]}`
  })
  const json = encodeUtf8(`{${entries.join(',')}}`)
  const header = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true)
  header.set(json, 8)
  return sparse(name, header.length + at, [[0, header]])
}

interface Product {
  readonly readCheckpoint: typeof reader.readCheckpoint
  readonly checkpointFindings: typeof findings.checkpointFindings
  readonly newestRelease: typeof releases.newestRelease
  readonly createDiskFiles: typeof disk.createDiskFiles
  readonly inflate: typeof inflating.inflate
}

/** The reader as the product runs it: bundled the same way, over the same file port. */
function bundledReader(): Product {
  const source = path.join(root, 'server/src')
  const outfile = path.join(folder, 'reader.cjs')
  const contents = [
    "export { readCheckpoint } from './core/checkpoint/read-checkpoint.ts'", "export { checkpointFindings } from './core/checkpoint/findings.ts'", "export { newestRelease } from './core/checkpoint/torch-release.ts'",
    "export { createDiskFiles } from './host/disk-files.ts'", "export { inflate } from './host/inflate.ts'",
  ].join('\n')
  buildSync({ stdin: { contents, resolveDir: source, loader: 'ts' }, bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, outfile, logLevel: 'error' })
  return createRequire(import.meta.url)(outfile) as Product
}

const { readCheckpoint, checkpointFindings, newestRelease, createDiskFiles, inflate } = bundledReader()
const files = createDiskFiles()

interface Cost { readonly milliseconds: number, readonly least: number, readonly reads: number, readonly bytes: number, readonly heap: number, readonly tensors: number | undefined, readonly problem: string | undefined }

/** Rounds before any are counted: a language server has read other files before. */
const warmUp = 40

/** The median of many readings in a warm process, with what the hover asks besides: the list of tensors and the findings. Also how many reads one takes, how many bytes, and how far the heap grew. */
function measureRead(file: string, rounds: number, { withFindings = false } = {}): Cost {
  const times: number[] = []
  let reads = 0
  let bytes = 0
  let tensors: number | undefined
  let problem: string | undefined
  const once = (): void => {
    const source = files.open(file)
    if (isFailure(source)) throw new Error(source.message)
    reads = 0
    const counting: ByteSource = { bytes: source.bytes, read: (offset, length) => { reads += 1; return source.read(offset, length) }, close: () => { source.close() } }
    const start = performance.now()
    const reading = readCheckpoint(counting, { name: file, inflate, release: newestRelease })
    if (withFindings) checkpointFindings(reading, file)
    times.push(performance.now() - start)
    bytes = reading.checkpoint.bytesRead
    tensors = reading.checkpoint.tensors?.length
    problem = reading.checkpoint.problems[0]?.message
    counting.close()
  }
  for (let round = 0; round < Math.min(warmUp, rounds); round++) once()
  times.length = 0
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  once()
  const heap = process.memoryUsage().heapUsed - before
  for (let round = 1; round < rounds; round++) once()
  return { milliseconds: percentile(times, 50), least: Math.min(...times), reads, bytes, heap, tensors, problem }
}

/** Milliseconds that a Python statement takes, once warm; undefined when Python or a module is missing. */
function pythonTime(setup: string, statement: string): number | undefined {
  const program = `import time\n${setup}\nbest=1e9\nfor _ in range(3):\n    t=time.perf_counter()\n    ${statement}\n    best=min(best,time.perf_counter()-t)\nprint(best*1000)`
  const done = spawnSync(python, ['-c', program], { encoding: 'utf8', timeout: 120_000 })
  const value = Number(done.stdout.trim().split('\n').at(-1))
  return done.status === 0 && Number.isFinite(value) ? value : undefined
}

function show(name: string, file: string, wanted: number, rounds = 60): void {
  const { milliseconds, least, reads, bytes, heap, tensors, problem } = measureRead(file, rounds)
  row(name, `${milliseconds.toFixed(2)} ms`, `least ${least.toFixed(2)}; ${String(reads)} reads, ${(bytes / 1000).toFixed(0)} kB, heap +${(heap / 1e6).toFixed(1)} MB; wanted ${String(wanted)} ms${tensors === undefined ? `; ${problem ?? ''}` : ''}`)
  const hover = measureRead(file, Math.min(rounds, 20), { withFindings: true })
  row('  with its findings and savings', `${hover.milliseconds.toFixed(2)} ms`, `least ${hover.least.toFixed(2)}`)
}

function peers(file: string): void {
  const zip = pythonTime(`import zipfile,pickletools\nf=${JSON.stringify(file)}`, 'z=zipfile.ZipFile(f); [None for _ in pickletools.genops(z.read(next(n for n in z.namelist() if n.endswith("data.pkl"))))]')
  const load = pythonTime(`import torch\nf=${JSON.stringify(file)}`, 'torch.load(f, mmap=True, weights_only=True)')
  row('  zipfile and pickletools', zip === undefined ? 'not installed' : `${zip.toFixed(1)} ms`)
  row('  torch.load(mmap=True)', load === undefined ? 'not installed' : `${load.toFixed(1)} ms`)
}

/** Pairs of a copy and a slim, one after the other, so that both meet the same disk; the median of their ratios counts. */
const pairs = 5

/** `slim` beside a copy that is written through to the disk. */
function slimming(file: string, out: string, options: readonly string[], label: string, wanted: number): void {
  const copied = path.join(folder, 'copy')
  const ratios: number[] = []
  const seconds: number[] = []
  let peak = 0
  let bytes = 0
  for (let pair = 0; pair < pairs; pair++) {
    const start = performance.now()
    spawnSync('cp', ['--sparse=never', file, copied])
    spawnSync('sync', [copied])
    const copy = performance.now() - start
    fs.rmSync(copied, { force: true })
    const began = performance.now()
    const done = spawnSync('/usr/bin/env', ['time', '-f', '%M', process.execPath, path.join(root, 'dist/cli.js'), 'slim', file, '-o', out, ...options], { encoding: 'utf8' })
    const took = performance.now() - began
    peak = Math.max(peak, Number(done.stderr.trim().split('\n').at(-1)) / 1000)
    bytes = fs.existsSync(out) ? fs.statSync(out).size : 0
    fs.rmSync(out, { force: true })
    seconds.push(took / 1000)
    ratios.push(took / copy / Math.max(0.01, bytes / fs.statSync(file).size))
  }
  row(label, `${percentile(seconds, 50).toFixed(2)} s`, `${percentile(ratios, 50).toFixed(2)} times cp and sync of what it keeps (${(bytes / 1e6).toFixed(0)} MB), ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} in ${String(pairs)} pairs; wanted ${String(wanted)}${Number.isFinite(peak) ? `; peak ${peak.toFixed(0)} MB, wanted 200` : ''}`)
}

try {
  const zip = zipFile('two.pt', model(300, twoGigabytes))
  show('2 GB zip, 300 tensors', zip.file, 5)
  row('  directory, pickle and 66 kB', `${((zip.directoryBytes + zip.pickleBytes + 66_000) / 1000).toFixed(0)} kB`)
  peers(zip.file)
  const many = zipFile('many.pt', model(20_000, 80_000_000))
  show('20,000 tensors', many.file, 45)
  peers(many.file)
  show('75,000 tensors', zipFile('most.pt', model(75_000, 300_000_000)).file, 200, 5)
  show('200,000 tensors', zipFile('more.pt', model(200_000, 800_000_000)).file, 500, 3)
  show('2 GB legacy, 300 tensors', legacyFile('legacy.pt', model(300, twoGigabytes)), 15)
  show('2 GB safetensors, 300 tensors', safetensorsFile('two.safetensors', model(300, twoGigabytes)), 1)
  show('20,000 tensors in safetensors', safetensorsFile('many.safetensors', model(20_000, 80_000_000)), 45)
  if (process.env['TORCH_FOOTPRINT_BENCH_SLIM'] !== '0' && fs.existsSync(path.join(root, 'dist/cli.js'))) {
    slimming(zip.file, path.join(folder, 'slim.pt'), ['--keep-duplicates'], 'slim, 2 GB', 3)
    slimming(zip.file, path.join(folder, 'half.pt'), ['--keep-duplicates', '--dtype', 'float16'], 'slim to float16, 2 GB', 6)
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}
