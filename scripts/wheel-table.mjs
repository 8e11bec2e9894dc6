/**
 * Writes server/src/core/packages/generated/wheels.ts from a CSV of wheel sizes (columns wheel, download_bytes,
 * uncompressed_bytes, source) and, optionally, more: uv.lock files, whose sizes are those of the index; wheels, whose own
 * directories give unpacked sizes; site-packages folders, whose RECORD files do.
 *
 *   node scripts/wheel-table.mjs torch-wheel-sizes.csv [uv.lock | FILE.whl | SITE-PACKAGES]...
 *
 * The CSV holds sizes measured from wheel files, read in uv.lock files of public repositories, and printed by pip and uv
 * in public logs (2026-10); torch 2.15.0 and what it requires come from a uv.lock and wheels of 2026-11. One row per distribution, version and platform: sizes differ by Python version by less than one percent,
 * so the median stands for all of them.
 */

import * as fs from 'node:fs'
import * as path from 'node:path'

const [csv, ...more] = process.argv.slice(2)
if (!csv) throw new Error('usage: node scripts/wheel-table.mjs CSV [uv.lock | FILE.whl | SITE-PACKAGES]...')

const normalize = (name) => name.toLowerCase().replace(/[-_.]+/g, '-')

function platformOf(tag) {
  if (tag === 'any') return 'any'
  const machine = /(x86_64|aarch64|arm64|amd64)$/.exec(tag)?.[1]
  const system = tag.startsWith('macosx') ? 'macos' : tag.startsWith('win') ? 'windows' : 'linux'
  return machine ? `${system}-${machine}` : undefined
}

const rows = new Map()
for (const line of fs.readFileSync(csv, 'utf8').split('\n').slice(1)) addWheel(...line.split(','))
for (const lock of more.filter((one) => one.endsWith('.lock'))) {
  for (const [, url, size] of fs.readFileSync(lock, 'utf8').matchAll(/url = "([^"]+\.whl)"[^}]*?\bsize = (\d+)/g)) addWheel(decodeURIComponent(url.split('/').at(-1)), size)
}
for (const wheel of more.filter((one) => one.endsWith('.whl'))) addWheel(path.basename(wheel), String(fs.statSync(wheel).size), String(unpackedBytes(wheel)))

/** Of several tags the last one that names a platform counts. */
function addWheel(wheel = '', download = '', unpacked = '') {
  const parts = /^([^-]+)-([^-]+)-(?:\d[^-]*-)?[^-]+-[^-]+-(.+)\.whl$/.exec(wheel)
  if (!parts || !download) return
  const platform = platformOf(parts[3])
  if (!platform) return
  const key = `${normalize(parts[1])} ${parts[2]} ${platform}`
  const row = rows.get(key) ?? { downloads: [], unpacked: [] }
  row.downloads.push(Number(download))
  if (unpacked.trim()) row.unpacked.push(Number(unpacked))
  rows.set(key, row)
}

/** The sum over a zip's central directory. */
function unpackedBytes(wheel) {
  const bytes = fs.readFileSync(wheel)
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  let at = bytes.readUInt32LE(end + 16)
  let sum = 0
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    sum += bytes.readUInt32LE(at + 24)
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return sum
}

for (const folder of more.filter((one) => !/\.(?:lock|whl)$/.test(one))) {
  for (const entry of fs.readdirSync(folder)) {
    const parts = /^([^-]+)-([^-]+)\.dist-info$/.exec(entry)
    if (!parts) continue
    const record = path.join(folder, entry, 'RECORD')
    const tag = /^Tag: [^-]+-[^-]+-(\S+)/m.exec(fs.readFileSync(path.join(folder, entry, 'WHEEL'), 'utf8'))?.[1]
    const row = rows.get(`${normalize(parts[1])} ${parts[2]} ${tag ? platformOf(tag.split('.')[0]) : ''}`)
    if (!row || row.unpacked.length > 0) continue
    const sizes = fs.readFileSync(record, 'utf8').split('\n').filter((line) => !line.startsWith('../')).map((line) => Number(/,(\d*)\r?$/.exec(line)?.[1] ?? 0))
    row.unpacked.push(sizes.reduce((sum, size) => sum + size, 0) + fs.statSync(record).size)
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0
const lines = [...rows].map(([key, row]) => `${key} ${median(row.downloads)} ${median(row.unpacked)}`).sort()
fs.writeFileSync('server/src/core/packages/generated/wheels.ts', `/**
 * Written by scripts/wheel-table.mjs: name, version, platform, bytes of the download, bytes unpacked (0: not measured).
 * Sources: wheel files measured in 2026-10 and 2026-11, sizes that uv.lock files of public repositories record, public pip and uv logs.
 */
export const wheels = \`
${lines.join('\n')}
\`
`)
console.log(`${lines.length} rows`)
