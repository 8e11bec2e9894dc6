/** setup.cfg: install_requires, extras and python_requires of setuptools. */

import { LineIndex } from '../text/line-index.ts'
import type { Manifest, ManifestProblem, ManifestRequirement } from './manifest.ts'
import { requirementItem } from './requirements-file.ts'

export function readSetupCfg(file: string, text: string): Manifest {
  const index = new LineIndex(text)
  const requirements: ManifestRequirement[] = []
  const problems: ManifestProblem[] = []
  let python: Manifest['python']
  let section = ''
  let option = ''
  let at = 0
  for (const raw of text.split(/(?<=\n)/)) {
    const start = at
    at += raw.length
    const line = raw.replace(/\r?\n$/, '')
    const header = /^\[([^\]]+)\]/.exec(line)
    if (header) {
      section = header[1]!
      option = ''
      continue
    }
    if (/^\s*[#;]/.test(line) || line.trim() === '') continue
    const assigned = /^([A-Za-z0-9_.-]+)\s*[=:]\s*(.*)$/.exec(line)
    if (assigned) option = assigned[1]!
    const content = (assigned ? assigned[2]! : line).trim()
    const offset = start + line.lastIndexOf(content)
    if (section === 'options' && option === 'python_requires' && assigned) python = { specifier: content.replace(/\s+/g, ''), range: index.range(offset, offset + content.length) }
    const isExtra = section === 'options.extras_require'
    if (content === '' || !((section === 'options' && option === 'install_requires') || isExtra)) continue
    const read = requirementItem(content, offset, index, { idiom: 'pip', group: isExtra ? option : 'main', dev: isExtra && /^(?:dev|test|doc|lint)/.test(option), ...(assigned ? {} : { removal: index.range(start, at) }) })
    if ('message' in read) problems.push({ range: index.range(offset, offset + content.length), message: read.message })
    else requirements.push(read)
  }
  return { file, kind: 'setup-cfg', requirements, indexes: [], includes: [], problems, ...(python ? { python } : {}) }
}
