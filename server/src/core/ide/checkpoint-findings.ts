/** The findings of a weights file by itself, as the checkpoint editor lists them: the rules' severities, no place in any source. */

import { checkpointFindings } from '../checkpoint/findings.ts'
import type { CheckpointReading } from '../checkpoint/read-checkpoint.ts'
import { rules } from '../rules/generated/catalog.ts'
import type { Finding } from './answers.ts'

const start = { line: 0, character: 0 }

export function fileFindings(reading: CheckpointReading, file: string): readonly Finding[] {
  return checkpointFindings(reading, file).flatMap(({ rule: id, message, saving }): readonly Finding[] => {
    const severity = rules.find(({ rule }) => rule.id === id)?.rule.severity
    if (severity === undefined || severity === 'off') return []
    return [{ rule: id, severity, message, file, range: { start, end: start }, saving, fixes: [] }]
  })
}
