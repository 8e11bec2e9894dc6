/**
 * torch, torchvision and torchaudio pinned to versions that do not belong together.
 *
 * ## Why
 *
 * Each torchvision is built for one torch and pins it, so the installation fails, or its operators fail at import. torchaudio ends with 2.11.0, which works with every later torch.
 *
 * ## Examples
 *
 * ```requirements reported
 * torch==2.1.0
 * torchvision==0.15.2
 * ```
 *
 * ```requirements reported
 * torch==2.13.0
 * torchaudio==2.13.0
 * ```
 *
 * ```requirements clean
 * torch==2.1.0
 * torchvision==0.16.0
 * torchaudio==2.1.0
 * ```
 */

import { compare, valid } from '@renovatebot/pep440'
import { isStableCompanion, lastTorchaudio, pinnedVersion, torchOfCompanion, torchRelease, type Companion } from '../../packages/torch-releases.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'incompatible-companions',
  severity: 'error',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: {
    pair: '{name} {version} belongs to torch {other}, not to {torch}{wanted}',
    none: 'there is no {name} {version}: the last is {last}, which works with torch {torch}',
  },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || /lock$/.test(manifest.kind)) return
    for (const requirement of manifest.requirements) {
      if (requirement.key !== 'torchvision' && requirement.key !== 'torchaudio') continue
      const name: Companion = requirement.key
      const torch = manifest.requirements.find((one) => one.key === 'torch' && one.command === requirement.command && one.group === requirement.group && one.markerText === requirement.markerText)
      const torchVersion = torch && pinnedVersion(torch.specifier)
      const version = pinnedVersion(requirement.specifier)
      if (torchVersion === undefined || version === undefined) continue
      const release = torchRelease(torchVersion)
      const plain = version.split('+')[0]!
      if (!release || !valid(plain)) continue
      const wanted = release[name] ?? (name === 'torchaudio' ? lastTorchaudio : undefined)
      if (wanted === undefined || compare(plain, wanted) === 0 || isStableCompanion(name, plain, release.version)) continue
      const other = torchOfCompanion(name, version)
      // A version that the table does not know proves nothing, but for torchaudio past its last one.
      const isPastLast = name === 'torchaudio' && compare(plain, lastTorchaudio) > 0
      if (!other && !isPastLast) continue
      const local = version.includes('+') ? version.slice(version.indexOf('+')) : ''
      const range = requirement.specifierRange
      const text = range && context.text.slice(context.lines.offset(range.start), context.lines.offset(range.end))
      context.report({
        message: isPastLast ? 'none' : 'pair',
        data: { name: requirement.name, version, other: other?.version ?? '', torch: torchVersion, last: lastTorchaudio, wanted: `; ${name} ${wanted} does` },
        range: requirement.range,
        fixes: range && text?.includes(version) ? [{ title: `Use ${name} ${wanted}`, safety: 'unsafe', edits: [{ file: context.file, range, newText: text.replace(version, wanted + local) }] }] : [],
      })
    }
  },
})
