/** `torch-footprint explain ID`: one rule's page, as it stands in docs/rules/. */

import { rules } from '../../core/rules/generated/catalog.ts'
import { defineCommand } from '../command.ts'
import * as schema from '../schema.ts'

export const command = defineCommand({
  name: 'explain',
  summary: 'print one rule\'s page',
  targets: { usage: 'ID', description: 'a rule, as `rules` lists it' },
  schema: {
    rule: schema.nullable(schema.object({ id: schema.text, severity: schema.text, category: schema.text, fix: schema.text, summary: schema.text, page: schema.text })),
  },
  run(context) {
    const id = context.targets[0] ?? ''
    const entry = rules.find(({ rule }) => rule.id === id)
    if (!entry) {
      return { document: { rule: null }, text: () => '', problems: [{ input: id, message: `there is no such rule${nearest(id)}` }] }
    }
    const { rule, page } = entry
    return {
      document: { rule: { id, severity: rule.severity, category: rule.category, fix: rule.fix, summary: page.summary, page: page.markdown } },
      text: (style) => page.markdown.replace(/^(#+ .*)$/gm, (heading) => style.bold(heading)),
    }
  },
})

/** Names the rules that share the longest run of words with a mistyped one. */
function nearest(id: string): string {
  const words = new Set(id.toLowerCase().split('-'))
  const scored = rules.map(({ rule }) => ({ id: rule.id, shared: rule.id.split('-').filter((word) => words.has(word)).length }))
  const best = Math.max(0, ...scored.map((entry) => entry.shared))
  return best === 0 ? '; `torch-footprint rules` lists them' : `; did you mean ${scored.filter((entry) => entry.shared === best).map((entry) => entry.id).slice(0, 3).join(' or ')}?`
}
