/** What a requirement of the torch family would bring: a hint at its line, and the hover with download, installed bytes and the build. */

import { buildInForce } from '../manifests/build-in-force.ts'
import { torchFamily, type ManifestRequirement } from '../manifests/manifest.ts'
import { unknown, type Figure } from '../measure/figure.ts'
import { formatFigure } from '../measure/format.ts'
import { estimateInstall, type InstallEstimate } from '../packages/install-estimate.ts'
import { pinnedVersion } from '../packages/torch-releases.ts'
import type { Facts } from '../rules/facts.ts'
import { touches, type Position } from '../text/range.ts'
import type { HoverCard, InlayHint } from './answers.ts'
import { escapeMarkdown } from './markdown.ts'

interface RequirementSize {
  readonly requirement: ManifestRequirement
  readonly bytes: Figure
  readonly isDownload: boolean
  readonly card: string
}

export function requirementHints(facts: Facts): readonly InlayHint[] {
  return sizesOf(facts).map(({ requirement, bytes, isDownload, card }): InlayHint => {
    const label = formatFigure(bytes, facts.settings.units)
    return { kind: 'requirements', position: requirement.range.end, label: isDownload ? `${label} to download` : label, tooltip: card, bytes }
  })
}

export function requirementHover(facts: Facts, position: Position): HoverCard | undefined {
  const size = sizesOf(facts).find(({ requirement }) => touches(requirement.range, position))
  return size && { range: size.requirement.range, markdown: size.card }
}

function sizesOf(facts: Facts): readonly RequirementSize[] {
  const manifest = facts.manifest()
  if (!manifest || manifest.kind === 'constraints') return []
  const around = facts.manifestsAround()
  return manifest.requirements.flatMap((requirement) => {
    if (!torchFamily.has(requirement.key)) return []
    const { variant } = buildInForce(manifest, requirement, around)
    return sizeOf(facts, requirement, variant)
  })
}

function sizeOf(facts: Facts, requirement: ManifestRequirement, variant: string): readonly RequirementSize[] {
  const { units } = facts.settings
  const { packages, platform } = facts.installed()
  const installed = packages?.packageCost(requirement.key)
  const pinned = pinnedVersion(requirement.specifier)
  const local = variant === 'default' || variant === 'unknown' || variant === 'cuda' ? undefined : variant
  // What is installed speaks for a line that asks for that very version and build.
  const isSame = installed && pinned !== undefined && pinned.split('+')[0] === installed.version.split('+')[0] && (local === undefined || requirement.key !== 'torch' || packages?.torch?.variant === local)
  if (installed && isSame) {
    const card = [`**${escapeMarkdown(requirement.name)} ${escapeMarkdown(installed.version)}** takes ${formatFigure(installed.together, units)} with what it requires, as installed here.`, ...installed.members.slice(0, 6).map((member) => `- ${escapeMarkdown(member.name)}: ${formatFigure(member.bytes, units)}`)].join('\n\n')
    return [{ requirement, bytes: installed.together, isDownload: false, card }]
  }
  const answer = estimateInstall({ key: requirement.key, specifier: requirement.specifier.replace(/\+\w+/, ''), platform, ...(local === undefined ? {} : { variant: local }) })
  if (!answer) return []
  const known = variant === 'unknown' ? refused(answer) : answer
  const isDownload = known.together.installed.value === null
  const card = [
    `**${escapeMarkdown(requirement.name)} ${escapeMarkdown(known.version)}**${local === undefined ? '' : ` (${escapeMarkdown(local)})`} for ${platform}: ${formatFigure(known.together.download, units)} to download, ${formatFigure(known.together.installed, units)} installed, with what it pulls in.`,
    escapeMarkdown([known.because, known.together.installed.reason ?? ''].filter((part) => part !== '').join('; ')),
  ].join('\n\n')
  return [{ requirement, bytes: isDownload ? known.together.download : known.together.installed, isDownload, card }]
}

/** Where another index decides the build, no size of the table may stand for it. */
function refused(answer: InstallEstimate): InstallEstimate {
  const figure = unknown('another index decides which build is installed')
  return { ...answer, alone: { download: figure, installed: figure }, together: { download: figure, installed: figure } }
}
