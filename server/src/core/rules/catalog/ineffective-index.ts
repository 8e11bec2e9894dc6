/**
 * An index that looks as if it chose the CPU build and does not.
 *
 * `-f` with an index is a page without files; an unpinned torch beside `--extra-index-url` goes to whichever index has the newer version;
 * an index of a uv project that is not `explicit` takes part in every other package's resolution.
 *
 * ## Why
 *
 * The build succeeds, the CUDA wheels come along, and nothing says so.
 *
 * ## Examples
 *
 * `--find-links` wants a page of files, not an index:
 *
 * ```requirements reported
 * -f https://download.pytorch.org/whl/cpu
 * torch==2.13.0
 * ```
 *
 * pip takes the highest version of all indexes, so the next release on PyPI wins:
 *
 * ```requirements reported
 * --extra-index-url https://download.pytorch.org/whl/cpu
 * torch
 * ```
 *
 * ```requirements clean
 * --extra-index-url https://download.pytorch.org/whl/cpu
 * torch==2.13.0
 * ```
 */

import { newestAllowed, newestTorch, pinnedVersion } from '../../packages/torch-releases.ts'
import { isPyPi, torchIndexVariant } from '../../manifests/index-url.ts'
import { indexedFamily } from '../../manifests/manifest.ts'
import { constraintOf } from '../../manifests/build-in-force.ts'
import { optionWords, type DockerManifest } from '../../manifests/dockerfile.ts'
import { defineRule } from '../rule.ts'

export const rule = defineRule({
  id: 'ineffective-index',
  severity: 'warning',
  category: 'install',
  subject: 'manifest',
  fix: 'unsafe',
  messages: {
    links: '`{option}` does not read an index: {url} has no effect, and torch comes from PyPI',
    loses: '{name} is not pinned: pip takes a newer version from PyPI as soon as there is one, whatever this index has',
    implicit: 'without `explicit = true` uv looks for every package in this index first',
    dead: '`uv pip` does not read `[tool.uv.sources]`: torch comes from PyPI here',
  },
  check(context) {
    const manifest = context.facts.manifest()
    if (!manifest) return
    const { lines, text, file } = context
    for (const index of manifest.indexes) {
      const variant = torchIndexVariant(index.url)
      if (variant === undefined || variant === 'stable-page') continue
      const family = manifest.requirements.filter((one) => indexedFamily.has(one.key) && one.command === index.command && one.url === undefined)
      if (index.role === 'links') {
        // A folder below the index (`whl/cpu/torch_stable.html`, `whl/cpu/torch/`) is a page of files.
        if (/\.html?$|\/(?:torch|torchvision|torchaudio)\/?$/.test(index.url)) continue
        const written = text.slice(lines.offset(index.range.start), lines.offset(index.range.end))
        const option = /^-\S*?(?=[\s=]|h|$)/.exec(written)?.[0] ?? '-f'
        const isCommand = index.command !== undefined
        const onlyFamily = isCommand && manifest.requirements.every((one) => one.command !== index.command || indexedFamily.has(one.key)) && !manifest.includes.some((one) => one.command === index.command)
        context.report({
          message: 'links', data: { option, url: index.url }, range: index.range,
          fixes: index.command !== undefined && (manifest as DockerManifest).commands[index.command]?.isExec ? [] : [{ title: 'Make it an index', safety: 'unsafe', edits: [{ file, range: index.range, newText: `${onlyFamily ? '--index-url' : '--extra-index-url'} ${index.url}` }] }],
        })
        continue
      }
      if (manifest.tool === 'uv' && index.name !== undefined && index.explicit === false && index.role === 'extra') {
        const end = { line: index.range.end.line, character: index.range.end.character }
        const bound = manifest.requirements.some((one) => one.source === index.name)
        context.report({ message: 'implicit', range: index.range, fixes: bound ? [{ title: 'Add `explicit = true`', safety: 'unsafe', edits: [{ file, range: { start: end, end }, newText: `${text.includes('\r\n') ? '\r\n' : '\n'}explicit = true` }] }] : [] })
        continue
      }
      if (index.role !== 'extra' || manifest.tool === 'uv' || manifest.kind === 'pipfile' || manifest.tool === 'poetry' || manifest.tool === 'pdm') continue
      if (index.command !== undefined && (manifest as DockerManifest).commands[index.command]?.tool !== 'pip') continue
      const replaced = manifest.indexes.some((other) => other.role === 'index' && other.command === index.command && !isPyPi(other.url))
      const torch = family.find((one) => one.key === 'torch')
      if (!torch || replaced || pinnedVersion(torch.specifier) !== undefined || /^==/.test(torch.specifier) || torch.hashed || pinnedVersion(constraintOf(manifest, torch, context.facts.manifestsAround()) ?? '') !== undefined) continue
      const version = newestAllowed(torch.specifier)?.version ?? newestTorch
      // A range that ends before the newest release will see no newer one.
      if (version !== newestTorch && /<|~=/.test(torch.specifier)) continue
      context.report({
        message: 'loses', data: { name: torch.name }, range: torch.nameRange,
        fixes: torch.specifierRange ? [{ title: `Pin torch to ${version}`, safety: 'unsafe', edits: [{ file, range: torch.specifierRange, newText: `==${version}` }] }] : [],
      })
    }
    if (manifest.kind !== 'dockerfile') return
    const bound = context.facts.manifestsAround().find((other) => other.kind === 'pyproject' && other.requirements.some((one) => one.key === 'torch' && one.source !== undefined))
    if (!bound) return
    for (const [number, command] of (manifest as DockerManifest).commands.entries()) {
      const ownIndex = manifest.indexes.some((index) => index.command === number) || command.options.some((option) => option.name === '--torch-backend')
      const isProject = command.arguments.some((word) => /^\.(?:\[.*\])?$|^-e$/.test(word.text)) || command.options.some((option) => option.value === 'pyproject.toml' || option.value === '.')
      if (command.tool !== 'uv-pip' || ownIndex || !isProject || (manifest as DockerManifest).variables[command.stage]?.has('UV_TORCH_BACKEND')) continue
      context.report({ message: 'dead', range: command.range, fixes: [{ title: 'Add --torch-backend=cpu', safety: 'unsafe', edits: [{ file, range: command.insertAt, newText: optionWords(command, '--torch-backend=cpu') }] }] })
    }
  },
})
