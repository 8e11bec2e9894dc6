/** Makes a site-packages folder of sparse files from a list of packages: right names, counts and bytes, no content. */

import * as fs from 'node:fs'
import * as path from 'node:path'

export interface MadePackage {
  readonly name: string
  readonly version: string
  /** With those of its dist-info. */
  readonly files: number
  readonly bytes: number
  /** Entries of RECORD without a size, RECORD itself among them. */
  readonly filesWithoutSize?: number
  readonly requires?: readonly string[]
}

/** The packages of the committed description of a default CUDA environment. */
export function describedPackages(file: string): readonly MadePackage[] {
  const { packages } = JSON.parse(fs.readFileSync(file, 'utf8')) as { packages: [string, string, number, number, number][] }
  const requires = new Map<string, string[]>([['torch', packages.map(([name]) => name).filter((name) => /^(nvidia-|triton|sympy|networkx|Jinja2|fsspec|filelock|typing)/.test(name))], ['torchvision', ['torch', 'numpy']]])
  return packages.map(([name, version, files, bytes, filesWithoutSize]) => ({ name, version, files, bytes, filesWithoutSize, requires: requires.get(name) ?? [] }))
}

/** Writes the tree. One large file holds what the many small ones do not, as in the real packages. */
export function makeEnvironment(folder: string, packages: readonly MadePackage[]): void {
  fs.mkdirSync(folder, { recursive: true })
  for (const made of packages) {
    const root = made.name.replace(/[-.]/g, '_')
    const info = `${root}-${made.version}.dist-info`
    fs.mkdirSync(path.join(folder, info), { recursive: true })
    const metadata = `Metadata-Version: 2.1\nName: ${made.name}\nVersion: ${made.version}\n${(made.requires ?? []).map((name) => `Requires-Dist: ${name}\n`).join('')}\n${'A description that nobody reads here. '.repeat(200)}\n`
    const small = Math.max(1, made.files - 5)
    const share = Math.max(1, Math.min(6000, Math.floor(made.bytes / (small * 4))))
    const record: string[] = []
    let left = made.bytes
    const write = (relative: string, content: string | number, sized = true) => {
      const target = path.join(folder, relative)
      fs.mkdirSync(path.dirname(target), { recursive: true })
      const bytes = typeof content === 'number' ? content : Buffer.byteLength(content)
      if (typeof content === 'string') fs.writeFileSync(target, content)
      else {
        fs.writeFileSync(target, '')
        fs.truncateSync(target, bytes)
      }
      left -= bytes
      record.push(`${relative},${sized ? `sha256=${'Qm9keS1vZi1hLWhhc2gtaGVyZS1mb3ItbGVuZ3RoLW9u'.slice(0, 43)},${String(bytes)}` : ','}`)
    }
    write(`${info}/METADATA`, metadata)
    write(`${info}/WHEEL`, 'Wheel-Version: 1.0\nTag: cp311-cp311-manylinux_2_28_x86_64\n')
    write(`${info}/INSTALLER`, 'pip\n')
    write(`${info}/top_level.txt`, `${root}\n`)
    const unsized = (made.filesWithoutSize ?? 1) - 1
    for (let at = 0; at < small - 1; at++) write(`${root}/part${String(Math.floor(at / 12) % 90)}/sub${String(Math.floor(at / 1000))}/module_${String(at)}.py`, share, at >= unsized)
    const recordPath = `${info}/RECORD`
    const biggest = `${root}/lib/lib${root}.so`
    // RECORD counts towards the package's bytes too, and its length depends on the size that the big file gets.
    const text = (size: number) => `${[...record, `${biggest},sha256=${'x'.repeat(43)},${String(size)}`, `${recordPath},,`].join('\r\n')}\r\n`
    let size = Math.max(0, left - text(left).length)
    size = Math.max(0, left - text(size).length)
    fs.mkdirSync(path.join(folder, root, 'lib'), { recursive: true })
    fs.writeFileSync(path.join(folder, biggest), '')
    fs.truncateSync(path.join(folder, biggest), size)
    fs.writeFileSync(path.join(folder, recordPath), text(size))
  }
}
