/**
 * A program loads a checkpoint that is not there.
 *
 * ## Why
 *
 * The path is spelled out in the program, its folder exists, and the file does not: a typing mistake, a file that was never committed, or one that Git LFS
 * has not downloaded (a pointer of some hundred bytes). Paths that the program itself writes or fetches are left alone.
 *
 * ## Examples
 *
 * A typing mistake:
 *
 * ```python reported with=model.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("modle.pt")
 * ```
 *
 * It is there:
 *
 * ```python clean with=model.pt:checkpoints/rules/lean.pt
 * import torch
 * weights = torch.load("model.pt")
 * ```
 *
 * Never downloaded:
 *
 * ```python reported with=m.pt:checkpoints/good/crafted-lfs-pointer.pt
 * import torch
 * weights = torch.load("m.pt")
 * ```
 *
 * The program writes it:
 *
 * ```python clean
 * import torch
 * torch.save(state, "model.pt")
 * weights = torch.load("model.pt")
 * ```
 */

import { formatBytes } from '../../measure/format.ts'
import { isFailure } from '../../ports.ts'
import { defineRule } from '../rule.ts'

/** The same letters in another order, or in another case. */
function isAlike(name: string, wanted: string): boolean {
  const letters = (text: string): string => [...text.toLowerCase()].sort().join('')
  return name !== wanted && letters(name) === letters(wanted)
}

export const rule = defineRule({
  id: 'missing-checkpoint',
  severity: 'warning',
  category: 'checkpoint',
  subject: 'python',
  fix: 'none',
  messages: {
    missing: '`{path}` is not there{hint}',
    pointer: '`{path}` is not downloaded: this is a Git LFS pointer to {bytes}',
  },
  check(context) {
    const { facts } = context
    const text = facts.source()?.text ?? ''
    for (const load of facts.loads()) {
      if (load.path.kind !== 'path' || load.path.assuming.length > 0) continue
      const name = load.path.text.slice(load.path.text.lastIndexOf('/') + 1)
      if (load.file !== undefined) {
        const reading = facts.checkpoint(load.file)
        if (isFailure(reading) || reading.checkpoint.format !== 'git-lfs-pointer') continue
        const bytes = Number(reading.checkpoint.metadata['bytes'])
        context.report({ message: 'pointer', data: { path: name, bytes: Number.isSafeInteger(bytes) ? formatBytes(bytes, facts.settings.units) : 'the real file' }, range: load.argument })
        continue
      }
      // Whoever saves, fetches or asks for the file first knows that it may not be there.
      if (load.candidates.length === 0 || /\b(?:save|save_file|urlretrieve|download\w*|hf_hub_download|snapshot_download|exists|isfile|is_file|wget|gdown|FileNotFoundError)\b/.test(text)) continue
      const beside = load.candidates.flatMap((candidate) => facts.files.list(candidate.slice(0, candidate.lastIndexOf('/'))) ?? [])
      const alike = beside.find((entry) => entry.kind === 'file' && isAlike(entry.name, name))
      if (beside.length > 0) context.report({ message: 'missing', data: { path: load.path.text, hint: alike ? `; \`${alike.name}\` is` : '' }, range: load.argument })
    }
  },
})
