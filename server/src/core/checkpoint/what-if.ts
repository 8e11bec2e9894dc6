/** How many bytes the file would have after each way of making it smaller: what `slim` would write, planned to the byte. */

import { difference, estimate, exact, unknown, type Figure } from '../measure/figure.ts'
import type { Role, WhatIf, WhatIfAction } from './checkpoint.ts'
import type { Content } from './content.ts'
import type { CheckpointReading } from './read-checkpoint.ts'
import { planSlim, refuseSlim } from './slim-plan.ts'

interface Change {
  readonly drop: readonly Role[]
  readonly materialise: boolean
  readonly dtype?: 'float16' | 'bfloat16'
}

const changes: readonly (readonly [WhatIfAction, Change])[] = [
  ['drop-optimizer', { drop: ['optimizer'], materialise: false }],
  ['drop-ema', { drop: ['ema'], materialise: false }],
  ['materialise-views', { drop: [], materialise: true }],
  ['float16', { drop: [], materialise: false, dtype: 'float16' }],
  ['bfloat16', { drop: [], materialise: false, dtype: 'bfloat16' }],
]

/** The changes that would make this file smaller. `name` is the file's: its stem stands in every record of a torch zip. */
export function whatIf(reading: CheckpointReading, name: string): WhatIf[] {
  const { checkpoint, content } = reading
  if (content === null || checkpoint.tensors === null || checkpoint.tensors.length === 0) return []
  const answers: WhatIf[] = []
  for (const [action, change] of changes) {
    if (!applies(action, reading, content)) continue
    const fileBytes = after(reading, content, change, name)
    if (fileBytes.value === null || fileBytes.value < checkpoint.fileBytes) answers.push({ action, fileBytes })
  }
  const int8 = dynamicInt8(reading)
  return int8 ? [...answers, { action: 'dynamic-int8', fileBytes: int8 }] : answers
}

/** What storing the weights alone in this type would save; what stands beside them is not theirs. */
export function savingOfCast(reading: CheckpointReading, name: string, dtype: 'float16' | 'bfloat16'): Figure {
  const { checkpoint, content } = reading
  if (content === null || checkpoint.tensors === null || checkpoint.tensors.length === 0) return unknown('its tensors are not known')
  const isAlone = !content.named.some(({ role }) => role !== 'weights')
  const others: readonly Role[] = isAlone ? [] : ['optimizer', 'ema', 'other']
  const before = isAlone ? exact(checkpoint.fileBytes) : after(reading, content, { drop: others, materialise: false }, name)
  return difference(before, after(reading, content, { drop: others, materialise: false, dtype }, name))
}

function applies(action: WhatIfAction, { checkpoint }: CheckpointReading, content: Content): boolean {
  const has = (part: string): boolean => checkpoint.anatomy.some((row) => row.part === part && row.bytes > 0)
  switch (action) {
    case 'drop-optimizer': return has('optimizer')
    case 'drop-ema': return has('ema') && has('weights')
    case 'materialise-views': return has('unreachable')
    default: return content.named.some(({ tensor }) => tensor.dtype === 'float32' || tensor.dtype === 'float64')
  }
}

/** The bytes of the file that `slim` would write for this change. */
function after({ checkpoint }: CheckpointReading, content: Content, change: Change, name: string): Figure {
  const refusal = refuseSlim(checkpoint.format, checkpoint.kind, content)
  if (refusal === undefined) {
    const plan = planSlim(content, { drop: new Set(change.drop), materialise: change.materialise, dtype: change.dtype, format: checkpoint.format === 'safetensors' ? 'safetensors' : 'torch', root: stem(name) })
    if (plan.kind === 'plan') return exact(plan.totalBytes)
  }
  const part = (wanted: string): number => checkpoint.anatomy.find((row) => row.part === wanted)?.bytes ?? 0
  const reason = refusal ?? 'the file cannot be written again as it is'
  if (change.dtype) {
    const halved = content.named.reduce((sum, { tensor }) => sum + (tensor.dtype === 'float32' && tensor.layout === 'strided' ? (tensor.bytes ?? 0) / 2 : 0), 0)
    return content.holdsModule ? estimate(checkpoint.fileBytes - Math.min(halved, checkpoint.fileBytes), reason) : unknown(reason)
  }
  return estimate(checkpoint.fileBytes - change.drop.reduce((sum, role) => sum + part(role), 0) - (change.materialise ? part('unreachable') : 0), reason)
}

/** Matrices that are probably Linear weights, at one byte an element; only the model's source knows which are. */
function dynamicInt8({ checkpoint }: CheckpointReading): Figure | undefined {
  if (checkpoint.kind !== 'state_dict' && checkpoint.kind !== 'training-checkpoint') return undefined
  const saved = (checkpoint.tensors ?? []).reduce((sum, { name, dtype, shape, bytes, role }) => sum + (role === 'weights' && dtype === 'float32' && shape?.length === 2 && /(^|\.)weight$/.test(name) && !/emb|lookup|wte|wpe|token|position/i.test(name) ? ((bytes ?? 0) * 3) / 4 : 0), 0)
  return saved < 65_536 ? undefined : estimate(checkpoint.fileBytes - Math.round(saved), 'matrices named weight count as Linear layers; only the model itself tells which are')
}

function stem(path: string): string {
  const name = path.replace(/^.*[/\\]/, '')
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name === '' ? 'archive' : name
}
