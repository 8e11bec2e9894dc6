/**
 * The corpus of manifests: each case holds a manifest, the code beside it, what is found and the text after all fixes.
 * `UPDATE_FIXTURES=1` rewrites what is expected; CI refuses.
 */

import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyEdits } from '../../../server/src/core/text/line-index.ts'
import { analysisOf } from '../../support/analysis.ts'

const folder = path.resolve(import.meta.dirname, '../../fixtures/manifests')
const update = process.env.UPDATE_FIXTURES === '1'
if (update && process.env.CI) throw new Error('fixtures are never rewritten under CI')

interface Section {
  readonly title: string
  readonly text: string
}

function sections(content: string): Section[] {
  return content.split(/^=== /m).slice(1).map((part) => {
    const end = part.indexOf('\n')
    return { title: part.slice(0, end).trim(), text: part.slice(end + 1) }
  })
}

const names = fs.readdirSync(path.join(folder, 'cases')).sort()

test('the corpus has at least 80 manifests', () => {
  expect(names.length).toBeGreaterThanOrEqual(80)
})

describe('manifests', () => {
  for (const name of names) {
    test(name, async () => {
      const file = path.join(folder, 'cases', name)
      const content = fs.readFileSync(file, 'utf8')
      const all = sections(content)
      const given = all.filter((section) => section.title !== 'found' && section.title !== 'fixed')
      const files = new Map<string, string>()
      for (const section of given) {
        if (section.title.startsWith('code ')) files.set('/project/app.py', fs.readFileSync(path.join(folder, 'code', `${section.title.slice(5)}.py`), 'utf8'))
        else files.set(`/project/${section.title}`, section.text)
      }
      const main = `/project/${given[0]!.title}`
      const host = await analysisOf(files)
      const findings = host.diagnostics(main)
      const found = findings.map((finding) => `${String(finding.range.start.line + 1)}:${String(finding.range.start.character + 1)} ${finding.severity}[${finding.rule}] ${finding.message}${finding.refusal === undefined ? '' : ` (no fix: ${finding.refusal})`}\n`).join('')
      let text = files.get(main)!
      for (let round = 0; round < 12; round++) {
        const next = await analysisOf(new Map([...files, [main, text]]))
        const fix = next.diagnostics(main).flatMap((finding) => finding.fixes).find((one) => one.edits.every((edit) => edit.file === main))
        if (!fix) break
        const edited = applyEdits(text, fix.edits)
        expect(edited, 'edits overlap').toBeDefined()
        expect(edited, 'a fix changes something').not.toBe(text)
        text = edited!
        expect(round, 'fixing does not come to an end').toBeLessThan(11)
      }
      const fixed = text === files.get(main) ? '' : text
      const rendered = `${given.map((section) => `=== ${section.title}\n${section.text}`).join('')}=== found\n${found}${fixed === '' ? '' : `=== fixed\n${fixed}`}`
      if (update) fs.writeFileSync(file, rendered)
      else expect(rendered).toBe(content)
    })
  }
})
