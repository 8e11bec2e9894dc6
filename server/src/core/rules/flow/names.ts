/** What the names of a file stand for: its imports, resolved to dotted names. Follows no assignment and no other file. */

import type { Expression, ImportFromStatement, ImportStatement, Span, Statement } from '../../syntax/ast.ts'
import { walkKinds } from '../../syntax/walk.ts'

/** One name that an import binds. */
export interface ImportedName {
  readonly local: string
  /** `torch.nn`, `torch.ao.quantization.quantize_dynamic`. */
  readonly qualified: string
  readonly statement: ImportStatement | ImportFromStatement
  /** The function whose local it is; undefined at module level. */
  readonly scope: Span | undefined
  /** False inside `try`, `if` and the like: the name may not be bound. */
  readonly always: boolean
}

export interface FileNames {
  readonly imports: readonly ImportedName[]
  /** The dotted name that an expression stands for (`nn.Linear` -> `torch.nn.Linear`), as far as imports tell. */
  resolve(expression: Expression): string | undefined
}

export function readNames(body: readonly Statement[]): FileNames {
  const imports: ImportedName[] = []
  walkKinds(body, ['import', 'importFrom'], (node, ancestorsOf) => {
    const ancestors = ancestorsOf()
    const scope = ancestors.findLast((one) => one.kind === 'function' || one.kind === 'lambda')
    const always = ancestors.every((one) => one.kind === 'function' || one.kind === 'class')
    for (const { local, qualified } of bound(node)) imports.push({ local, qualified, statement: node, scope, always })
  })
  const byName = new Map(imports.map((one) => [one.local, one.qualified]))
  return {
    imports,
    resolve: (expression) => {
      const path = dotted(expression)
      if (!path) return undefined
      const root = byName.get(path[0]!)
      return root === undefined ? undefined : canonical([root, ...path.slice(1)].join('.'))
    },
  }
}

function bound(node: ImportStatement | ImportFromStatement): { local: string; qualified: string }[] {
  if (node.kind === 'import') {
    return node.names.map(({ name, alias }) => (alias
      ? { local: alias.id, qualified: name.id }
      : { local: name.id.split('.')[0]!, qualified: name.id.split('.')[0]! }))
  }
  if (node.level > 0 || node.names === '*') return []
  return node.names.map(({ name, alias }) => ({ local: alias?.id ?? name.id, qualified: `${node.module?.id ?? ''}.${name.id}` }))
}

/** The parts of `a.b.c`; undefined for anything else. */
export function dotted(expression: Expression): readonly string[] | undefined {
  const parts: string[] = []
  let at = expression
  while (at.kind === 'attribute') {
    parts.unshift(at.name.id)
    at = at.object
  }
  return at.kind === 'name' ? [at.id, ...parts] : undefined
}

/** One spelling for what has moved between releases of PyTorch. */
function canonical(name: string): string {
  return name
    .replace(/^torch\.nn\.modules\.\w+\./, 'torch.nn.')
    .replace(/^torch\.quantization(?=\.|$)/, 'torch.ao.quantization')
    .replace(/^torch\.ao\.quantization\.(?:quantize|quantize_fx|fuse_modules|qconfig|quantization_mappings|stubs)\./, 'torch.ao.quantization.')
}
