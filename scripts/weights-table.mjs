/**
 * Writes server/src/core/pretrained/generated/torchvision-weights.ts from a CSV with the columns
 * model, weights, num_params, file_size_mb, url: the metadata of every `Weights` member of torchvision 0.28.0 and 0.29.1
 * (`meta["num_params"]`, `meta["_file_size"]`, `url`; both releases list the same).
 *
 *   node scripts/weights-table.mjs torchvision-weights.csv
 */

import * as fs from 'node:fs'

const [csv] = process.argv.slice(2)
if (!csv) throw new Error('usage: node scripts/weights-table.mjs CSV')

const rows = fs.readFileSync(csv, 'utf8').trim().split('\n').slice(1).map((line) => {
  const [model, weights, parameters, mebibytes, url] = line.split(',')
  const [group, member] = weights.split('.')
  return `  ['${model}', '${group}', '${member}', ${parameters}, ${mebibytes}, '${url.replace('https://download.pytorch.org/models/', '')}'],`
})

fs.writeFileSync(new URL('../server/src/core/pretrained/generated/torchvision-weights.ts', import.meta.url), `// Written by scripts/weights-table.mjs; do not edit.

/** Model, enumeration, member, parameters, MiB of the file as torchvision states it (three decimals), path below https://download.pytorch.org/models/. */
export const TORCHVISION_WEIGHTS: readonly (readonly [model: string, group: string, member: string, parameters: number, mebibytes: number, file: string])[] = [
${rows.join('\n')}
]
`)
console.log(`${String(rows.length)} weights`)
