/**
 * Code that imports torchvision or torchaudio where the requirements ask for torch and not for it.
 *
 * ## Why
 *
 * The first import on a fresh machine fails, or finds whatever version another package happened to bring.
 *
 * ## Examples
 *
 * ```requirements reported with=app.py:manifests/code/vision.py
 * torch==2.13.0
 * ```
 *
 * ```requirements clean with=app.py:manifests/code/vision.py
 * torch==2.13.0
 * torchvision==0.28.0
 * ```
 */

import { folderOf } from '../../manifests/read-manifest.ts'
import { sourcesOf } from '../../manifests/scope.ts'
import { lastTorchaudio, pinnedVersion, torchRelease } from '../../packages/torch-releases.ts'
import { defineRule } from '../rule.ts'

/** Packages that require torchvision themselves. */
const BRINGS_VISION = /^(?:timm|ultralytics|easyocr|segmentation-models-pytorch|lightly|facenet-pytorch|open-clip-torch|fastai|effdet|lpips)$/

export const rule = defineRule({
  id: 'missing-companion',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: {
    missing: '{name} is imported ({file}) and no requirement here asks for it',
  },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || (manifest.kind !== 'requirements' && manifest.kind !== 'pyproject' && manifest.kind !== 'pipfile')) return
    const torch = manifest.requirements.find((one) => one.key === 'torch' && !one.dev)
    if (!torch) return
    const everything = [manifest, ...context.facts.manifestsAround()]
    const use = context.facts.torchUse()
    let isOwn: ReturnType<typeof sourcesOf> | undefined
    for (const name of ['torchvision', 'torchaudio'] as const) {
      // Most workspaces import neither: only for the others is it asked whose sources do.
      const place = use.imports.has(name) ? use.importIn(name, (isOwn ??= sourcesOf(context.file, context.facts.project()))) : undefined
      if (!place || everything.some((other) => other.requirements.some((one) => one.key === name || (name === 'torchvision' && BRINGS_VISION.test(one.key))))) continue
      const version = pinnedVersion(torch.specifier)
      const release = version === undefined ? undefined : torchRelease(version)
      const companion = release?.[name] ?? (name === 'torchaudio' && release ? lastTorchaudio : undefined)
      const line = torch.range.end.line
      const canInsert = torch.idiom === 'pip' && manifest.kind === 'requirements' && companion !== undefined && !torch.hashed && torch.url === undefined
      const end = context.lines.line(line).length
      const at = { line, character: end }
      context.report({
        message: 'missing',
        data: { name, file: place.file.startsWith(`${folderOf(context.file)}/`) ? place.file.slice(folderOf(context.file).length + 1) : place.file.slice(place.file.lastIndexOf('/') + 1) },
        range: torch.nameRange,
        related: [{ place, message: `${name} is imported here` }],
        fixes: canInsert ? [{ title: `Add ${name}==${companion}`, safety: 'unsafe', edits: [{ file: context.file, range: { start: at, end: at }, newText: `${context.text.includes('\r\n') ? '\r\n' : '\n'}${name}==${companion}` }] }] : [],
      })
    }
  },
})
