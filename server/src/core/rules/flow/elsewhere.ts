/** Functions and classes of the workspace that a file imports by name: found by the import statement alone, read as the file itself is. */

import type { CallExpression, ImportFromStatement, ImportStatement } from '../../syntax/ast.ts'
import type { SourceFile } from '../../syntax/source-file.ts'
import { walk } from '../../syntax/walk.ts'
import type { Facts } from '../facts.ts'
import { type FileFlow, type OtherFlow, readFlow } from './model-flow.ts'
import { dotted } from './names.ts'

type FindElsewhere = (call: CallExpression) => OtherFlow | undefined

const flows = new WeakMap<SourceFile, FileFlow>()
/** Files between the call and the definition: re-exports of packages. */
const maxHops = 4

export function elsewhereFrom(facts: Facts): FindElsewhere {
  const from = (file: string, source: SourceFile): FindElsewhere => (call) => {
    const path = dotted(call.callee)
    if (path === undefined) return undefined
    let at = { file, source }
    let [root, ...rest] = path as [string, ...string[]]
    for (let hop = 0; hop < maxHops; hop++) {
      const found = importOf(at.source, root)
      if (!found) return undefined
      const steps = [...found.steps, ...rest]
      const member = steps.at(-1)
      const target = member === undefined ? undefined : moduleFile(facts, at.file, found.level, [...found.module, ...steps.slice(0, -1)])
      if (member === undefined || !target) return undefined
      const flow = flowOf(target.source)
      if (flow.functions.functions.get(member)?.length === 1 || flow.functions.classes.has(member)) return { flow, name: member, find: from(target.file, target.source) }
      at = target
      root = member
      rest = []
    }
    return undefined
  }
  const source = facts.source()
  return source ? from(facts.file, source) : () => undefined
}

function flowOf(source: SourceFile): FileFlow {
  let flow = flows.get(source)
  if (!flow) flows.set(source, flow = readFlow(source))
  return flow
}

interface Imported { readonly level: number; readonly module: readonly string[]; readonly steps: readonly string[] }

/** What an import at the top of the file binds to a name. */
function importOf(source: SourceFile, name: string): Imported | undefined {
  let found: Imported | undefined
  walk(source.body, (node) => {
    if (node.kind === 'import') found = importedModule(node, name) ?? found
    else if (node.kind === 'importFrom') found = importedName(node, name) ?? found
  })
  return found
}

function importedModule(node: ImportStatement, name: string): Imported | undefined {
  for (const { name: module, alias } of node.names) {
    if (alias ? alias.id === name : module.id === name) return { level: 0, module: module.id.split('.'), steps: [] }
  }
  return undefined
}

function importedName(node: ImportFromStatement, name: string): Imported | undefined {
  if (node.names === '*') return undefined
  const one = node.names.find(({ name: own, alias }) => (alias?.id ?? own.id) === name)
  return one && { level: node.level, module: node.module?.id.split('.') ?? [], steps: [one.name.id] }
}

function moduleFile(facts: Facts, file: string, level: number, module: readonly string[]): { readonly file: string; readonly source: SourceFile } | undefined {
  const folder = file.slice(0, file.lastIndexOf('/'))
  const bases = level > 0 ? [folder.split('/').slice(0, folder.split('/').length - (level - 1)).join('/')] : [folder, ...facts.roots]
  for (const base of bases) {
    const path = [base, ...module].join('/')
    for (const candidate of [`${path}.py`, `${path}/__init__.py`]) {
      if (facts.files.stat(candidate)?.kind !== 'file') continue
      const source = facts.sourceOf(candidate)
      return source && { file: candidate, source }
    }
  }
  return undefined
}
