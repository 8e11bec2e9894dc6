/**
 * torch and torchvision from different builds: one from the CPU index, the other from PyPI.
 *
 * ## Why
 *
 * A torchvision built for CUDA beside a CPU torch fails at import: `operator torchvision::nms does not exist`.
 *
 * ## Examples
 *
 * ```requirements reported
 * torch==2.13.0+cpu
 * torchvision==0.28.0
 * ```
 *
 * ```requirements clean
 * --extra-index-url https://download.pytorch.org/whl/cpu
 * torch==2.13.0+cpu
 * torchvision==0.28.0+cpu
 * ```
 */

import { buildInForce } from '../../manifests/build-in-force.ts'
import { pinnedVersion } from '../../packages/torch-releases.ts'
import { scanToml } from '../../manifests/toml-scan.ts'
import type { LineIndex } from '../../text/line-index.ts'
import type { Range } from '../../text/range.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'mixed-index',
  severity: 'error',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: { mixed: '{name} comes as the {companion} build and torch as {torch}: the import fails' },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || /lock$/.test(manifest.kind)) return
    const around = context.facts.manifestsAround()
    for (const companion of manifest.requirements) {
      if (companion.key !== 'torchvision' && companion.key !== 'torchaudio') continue
      const torch = manifest.requirements.find((one) => one.key === 'torch' && one.command === companion.command && one.markerText === companion.markerText)
      if (!torch) continue
      const ours = buildInForce(manifest, torch, around)
      const theirs = buildInForce(manifest, companion, around)
      if (ours.variant === theirs.variant || ours.variant === 'unknown' || theirs.variant === 'unknown' || ours.mayLose || theirs.mayLose) continue
      const name = (variant: string) => (variant === 'default' ? 'PyPI (CUDA)' : variant)
      const local = /^==[^+]+(\+\w+)$/.exec(torch.specifier)?.[1]
      const version = pinnedVersion(companion.specifier)
      const canWrite = local !== undefined && version !== undefined && companion.specifierRange
      const bound = torch.source !== undefined && companion.idiom === 'poetry' && companion.specifierRange ? context.text.slice(context.lines.offset(companion.specifierRange.start), context.lines.offset(companion.specifierRange.end)) : undefined
      const newText = canWrite ? `==${version.split('+')[0]!}${local}` : bound === undefined || bound.startsWith('{') ? undefined : `{ version = ${bound}, source = "${torch.source!}" }`
      const uvEdit = torch.source !== undefined && companion.source === undefined && manifest.kind === 'pyproject' ? boundAsTorch(context.text, context.lines, companion.key) : undefined
      if (uvEdit) {
        context.report({ message: 'mixed', data: { name: companion.name, companion: name(theirs.variant), torch: name(ours.variant) }, range: companion.range, fixes: [{ title: `Take ${companion.name} from the same index`, safety: 'unsafe', edits: [{ file: context.file, ...uvEdit }] }] })
        continue
      }
      context.report({
        message: 'mixed', data: { name: companion.name, companion: name(theirs.variant), torch: name(ours.variant) }, range: companion.range,
        fixes: newText !== undefined && companion.specifierRange ? [{ title: `Take ${companion.name} from the same index`, safety: 'unsafe', edits: [{ file: context.file, range: companion.specifierRange, newText }] }] : [],
      })
    }
  },
})

/** A line below torch's in `[tool.uv.sources]`, with the same value. */
function boundAsTorch(text: string, lines: LineIndex, key: string): { readonly range: Range; readonly newText: string } | undefined {
  const scan = scanToml(text)
  const entry = scan.entries.find((one) => scan.tables[one.table]?.path.join('.') === 'tool.uv.sources' && one.key.join('.') === 'torch')
  if (!entry) return undefined
  const end = lines.position(entry.valueEnd)
  const at = { line: end.line, character: lines.line(end.line).length }
  return { range: { start: at, end: at }, newText: `${text.includes('\r\n') ? '\r\n' : '\n'}${key} = ${text.slice(entry.valueStart, entry.valueEnd)}` }
}
