/** What the checkpoint rules share: the findings of the files that a program loads, and the arguments of the loading call. */

import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { checkpointFindings, type CheckpointFinding, type CheckpointRule } from '../checkpoint/findings.ts'
import { isAtLeast, parseRelease } from '../checkpoint/torch-release.ts'
import type { CheckpointReading } from '../checkpoint/read-checkpoint.ts'
import type { LoadCall } from '../footprint/load-calls.ts'
import { isFailure } from '../ports.ts'
import type { Argument, CallExpression, Expression } from '../syntax/ast.ts'
import type { Fix } from '../ide/answers.ts'
import type { Facts } from './facts.ts'

export interface Loaded {
  readonly load: LoadCall
  readonly checkpoint: Checkpoint
  readonly reading: CheckpointReading
  /** The file's last part. */
  readonly name: string
}

/** Loading calls whose file is there and could be read; not those whose path rests on a default that a caller may replace. */
export function loadedCheckpoints(facts: Facts): readonly Loaded[] {
  return facts.loads().flatMap((load) => {
    if (load.file === undefined) return []
    const reading = facts.checkpoint(load.file)
    return isFailure(reading) ? [] : [{ load, reading, checkpoint: reading.checkpoint, name: load.file.slice(load.file.lastIndexOf('/') + 1) }]
  })
}

const kept = new WeakMap<CheckpointReading, readonly CheckpointFinding[]>()

/** The files that have this to say for themselves. */
export function loadedWith(facts: Facts, rule: CheckpointRule): readonly (Loaded & { readonly finding: CheckpointFinding })[] {
  return loadedCheckpoints(facts).flatMap((loaded) => {
    let findings = kept.get(loaded.reading)
    if (!findings) kept.set(loaded.reading, findings = checkpointFindings(loaded.reading, loaded.load.file!))
    const finding = findings.find((one) => one.rule === rule)
    return finding ? [{ ...loaded, finding }] : []
  })
}

export function keyword(call: CallExpression, name: string): Argument | undefined {
  return call.args.find((argument) => argument.name?.id === name)
}

/** True when arguments come from a dict or list that is not written out: any name may be among them. */
export function hasHiddenArguments(call: CallExpression): boolean {
  return call.args.some(({ kind }) => kind === 'doubleStar' || kind === 'star')
}

export function isConstant(expression: Expression | undefined, value: 'True' | 'False' | 'None'): boolean {
  return expression?.kind === 'constant' && expression.value === value
}

/** The `weights_only` in force for a `torch.load`: as written, else the default of the version; undefined when neither is known. */
export function weightsOnlyOf(facts: Facts, call: CallExpression): { readonly value: boolean | undefined, readonly written: Argument | undefined } {
  const written = keyword(call, 'weights_only')
  if (written) return { value: isConstant(written.value, 'True') ? true : isConstant(written.value, 'False') ? false : undefined, written }
  if (hasHiddenArguments(call) || keyword(call, 'pickle_module')) return { value: undefined, written }
  const { version, because } = facts.torch()
  const release = because === 'newest known' ? undefined : parseRelease(version)
  return { value: release && isAtLeast(release, 2, 6), written }
}

/** Adds `name=value` behind the last argument of a call, or gives the argument that is there another value. */
export function argumentFix(facts: Facts, call: CallExpression, name: string, value: string, title: string, safety: Fix['safety']): Fix {
  const { lines } = facts.source()!
  const there = keyword(call, name)
  const last = call.args.at(-1)
  const at = there ? there.value : { start: last?.end ?? call.end - 1, end: last?.end ?? call.end - 1 }
  return { title, safety, edits: [{ file: facts.file, range: { start: lines.position(at.start), end: lines.position(at.end) }, newText: there ? value : `${last ? ', ' : ''}${name}=${value}` }] }
}

/** True when the program names the key in quotes: then it uses what stands under it. */
export function mentionsKey(facts: Facts, keys: Iterable<string>): boolean {
  const text = facts.source()?.text ?? ''
  for (const key of keys) if (text.includes(`'${key}'`) || text.includes(`"${key}"`)) return true
  return false
}

/** The first parts of the names of the tensors in a role. */
export function topKeys(checkpoint: Checkpoint, role: string): ReadonlySet<string> {
  return new Set((checkpoint.tensors ?? []).filter((tensor) => tensor.role === role).map(({ name }) => name.split('.')[0]!))
}

/** True when allow-listing the names that the file needs would make it load with `weights_only=True`. */
export function isListable({ weightsOnly, dangerousGlobals }: Checkpoint): boolean {
  return weightsOnly.needs.length > 0 && weightsOnly.why.includes('allow-listed with') && dangerousGlobals.length === 0
}
