// Collects the licences of what is bundled, as their texts ask for, from what the bundler says went in.
import * as fs from 'node:fs'
import * as path from 'node:path'

/** @returns {string} one section per package; throws when a package that is shipped brings no licence text */
export function thirdPartyNotices(root, inputs) {
  const folders = new Set()
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'))
    if (match) folders.add(match[1])
  }
  const sections = new Map()
  for (const folder of [...folders].sort()) {
    const at = path.join(root, folder)
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(at, 'package.json'), 'utf8'))
    const file = fs.readdirSync(at).find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry)) ?? fs.readdirSync(at).find((entry) => /^(licen[cs]e)/i.test(entry))
    if (!file) throw new Error(`${name} is bundled and has no licence text`)
    sections.set(`${name} ${version}`, `${name} ${version} (${license})\n\n${fs.readFileSync(path.join(at, file), 'utf8').trim()}\n`)
  }
  return ['Torch Footprint ships the following packages.\n', ...[...sections.values()]].join(`\n${'-'.repeat(80)}\n\n`)
}
