/** Every rule's examples and fixtures: what they say is found is found, and nothing else. */

import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readPage } from '../../../scripts/generate/rule-page.mjs'
import { rules } from '../../../server/src/core/rules/generated/catalog.ts'
import { applyEdits } from '../../../server/src/core/text/line-index.ts'
import { analysisOf } from '../../support/analysis.ts'
import { readFixture, renderFixture } from './rule-fixture.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const fixtures = path.join(root, 'test/fixtures')
const update = process.env.UPDATE_FIXTURES === '1'
if (update && process.env.CI) throw new Error('fixtures are never rewritten under CI')


for (const { rule } of rules) {
  const { examples } = readPage(path.join(root, `server/src/core/rules/catalog/${rule.id}.ts`), rule.id)
  describe(rule.id, () => {
    for (const [index, example] of examples.entries()) {
      test(`example ${String(index + 1)} is ${example.expects}`, async () => {
        const host = await scene([{ name: example.file, text: example.text }], example.beside.map((one) => [one.name, one.fixture]), example.torch)
        const findings = rule.subject === 'workspace' ? host.workspaceFindings('/project') : host.ruleAnswers(`/project/${example.file}`, { named: new Set([rule.id]) }).findings
        const own = findings.filter((finding) => finding.rule === rule.id)
        expect(own.length > 0, JSON.stringify(findings.map((finding) => finding.message))).toBe(example.expects === 'reported')
        for (const finding of own) expect(finding.message).not.toMatch(/\{\w+\}/)
      })
    }
  })
}

describe('fixtures', () => {
  const folder = path.join(fixtures, 'rules')
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(py|txt|toml|Dockerfile|yml)$/.test(name) && !/\.fixed\.\w+$/.test(name)).sort()
  for (const name of names) {
    test(name, async () => {
      const file = path.join(folder, name)
      const content = fs.readFileSync(file, 'utf8')
      const fixture = readFixture(path.basename(name), content)
      const host = await scene(fixture.files, [...fixture.beside], fixture.torch)
      const rendered = renderFixture(fixture, (of) => {
        const { findings, declined } = host.ruleAnswers(`/project/${of}`)
        return [
          ...findings.map((finding) => ({ ...finding, message: finding.fixes.length ? `${finding.message} (fix: ${finding.fixes.map((fix) => fix.title).join('; ')})` : finding.message })),
          // A rule's own fixtures show what it declines; in others that would only be noise.
          ...declined.filter((decline) => name.startsWith(`${decline.rule}/`)).map((decline) => ({ severity: 'declined', rule: decline.rule, message: `${decline.title}: ${decline.reason}`, range: decline.range })),
        ]
      })
      if (update && rendered !== content) fs.writeFileSync(file, rendered)
      else expect(rendered).toBe(content)
      if (fixture.isClean) for (const one of fixture.files) expect(host.diagnostics(`/project/${one.name}`)).toEqual([])
      const fixed = await fixAll(fixture.files, [...fixture.beside], fixture.torch)
      const beside = file.replace(/\.(\w+)$/, '.fixed.$1')
      if (update && fixed !== undefined) fs.writeFileSync(beside, fixed)
      else if (update) fs.rmSync(beside, { force: true })
      else expect(fixed).toBe(fs.existsSync(beside) ? fs.readFileSync(beside, 'utf8') : undefined)
    })
  }
})

/** The first file after the first fix of its first finding, and so on until none is left; undefined when there was none. */
async function fixAll(files: readonly { name: string; text: string }[], beside: readonly (readonly [string, string])[], torch: string | undefined): Promise<string | undefined> {
  let { text } = files[0]!
  for (let round = 0; round < 20; round++) {
    const host = await scene([{ name: files[0]!.name, text }, ...files.slice(1)], beside, torch)
    const file = `/project/${files[0]!.name}`
    const fix = host.diagnostics(file).flatMap((finding) => finding.fixes).find((one) => one.edits.every((edit) => edit.file === file))
    if (!fix) return round === 0 ? undefined : text
    const next = applyEdits(text, fix.edits)
    expect(next, 'edits overlap').toBeDefined()
    expect(next, 'a fix changes something').not.toBe(text)
    text = next!
  }
  throw new Error('fixing does not come to an end')
}

async function scene(files: readonly { name: string; text: string }[], beside: readonly (readonly [string, string])[], torch: string | undefined) {
  const entries = new Map<string, string | Uint8Array>(files.map((file) => [`/project/${file.name}`, file.text]))
  for (const [name, fixture] of beside) entries.set(`/project/${name}`, fs.readFileSync(path.join(fixtures, fixture)))
  return analysisOf(entries, torch === undefined ? {} : { torchVersion: torch })
}
