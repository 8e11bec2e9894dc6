/** `torch-footprint rules`: the rule registry. */

import { rules } from '../../core/rules/generated/catalog.ts'
import type { Rule } from '../../core/rules/rule.ts'
import { defineCommand, type Style } from '../command.ts'
import * as schema from '../schema.ts'

export const command = defineCommand({
  name: 'rules',
  summary: 'list the rules',
  schema: {
    rules: schema.list(schema.object({
      id: schema.text,
      severity: schema.oneOf('off', 'hint', 'information', 'warning', 'error'),
      category: schema.text,
      subject: schema.oneOf('python', 'manifest', 'workspace'),
      fix: schema.oneOf('none', 'safe', 'unsafe'),
      summary: schema.text,
      options: schema.map(schema.object({ description: schema.text, default: {} })),
    })),
  },
  run() {
    return {
      document: {
        rules: rules.map(({ rule, page }) => ({
          id: rule.id, severity: rule.severity, category: rule.category, subject: rule.subject, fix: rule.fix, summary: page.summary, options: rule.options ?? {},
        })),
      },
      text: (style) => rules.map(({ rule, page }) => line(rule, page.summary, style)).join('\n'),
    }
  },
})

function line(rule: Rule, summary: string, style: Style): string {
  const width = Math.max(...rules.map((entry) => entry.rule.id.length))
  const fix = rule.fix === 'none' ? '' : ` ${style.dim(`[${rule.fix} fix]`)}`
  return `${style.bold(rule.id.padEnd(width))}  ${rule.severity.padEnd(11)}  ${summary}${fix}`
}
