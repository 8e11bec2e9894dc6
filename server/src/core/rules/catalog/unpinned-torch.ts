/**
 * torch without any version in a file that is installed from directly. Off by default.
 *
 * ## Why
 *
 * A new torch comes about every two months: tomorrow's image has another size, another CUDA and other warnings than today's.
 *
 * ## Examples
 *
 * ```requirements reported
 * torch
 * ```
 *
 * ```requirements clean
 * torch>=2.1
 * ```
 */

import { newestTorch } from '../../packages/torch-releases.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'unpinned-torch',
  severity: 'off',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: { unpinned: '{name} has no version: every build may bring another one' },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest || (manifest.kind !== 'requirements' && manifest.kind !== 'dockerfile')) return
    const locked = context.facts.manifestsAround().some((other) => other.kind === 'constraints' || /lock$/.test(other.kind))
    if (locked || manifest.includes.some((include) => include.role === 'constraints')) return
    for (const requirement of manifest.requirements) {
      if (requirement.key !== 'torch' || requirement.specifier !== '' || requirement.url !== undefined || requirement.idiom === 'conda') continue
      const range = requirement.specifierRange
      context.report({
        message: 'unpinned', data: { name: requirement.name }, range: requirement.nameRange,
        fixes: range ? [{ title: `Pin torch to ${newestTorch}`, safety: 'unsafe', edits: [{ file: context.file, range, newText: `==${newestTorch}` }] }] : [],
      })
    }
  },
})
