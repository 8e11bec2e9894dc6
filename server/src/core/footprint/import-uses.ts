/** Every import of a file, in functions and try blocks too: the module that it names and where. Resolves nothing. */

import type { SourceFile } from '../syntax/source-file.ts'
import { walkKinds } from '../syntax/walk.ts'
import type { Range } from '../text/range.ts'

export interface ImportUse {
  /** Absolute module name: `torchvision.models`. Relative imports are the project's own and left out. */
  readonly module: string
  /** What names it: `torch as th`, or for `from ... import` the whole statement. */
  readonly range: Range
}

export function findImports(source: SourceFile): readonly ImportUse[] {
  const found: ImportUse[] = []
  walkKinds(source.body, ['import', 'importFrom'], (node) => {
    if (node.kind === 'import') for (const one of node.names) found.push({ module: one.name.id, range: source.range(one) })
    else if (node.level === 0 && node.module) found.push({ module: node.module.id, range: source.range(node) })
  })
  return found
}
