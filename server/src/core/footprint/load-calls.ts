/** Where a file loads checkpoints: `torch.load` and its kin, with the file on disk that each means. Reads no checkpoint. */

import type { Files } from '../ports.ts'
import type { CallExpression, Expression } from '../syntax/ast.ts'
import type { SourceFile } from '../syntax/source-file.ts'
import { walkKinds } from '../syntax/walk.ts'
import type { Range } from '../text/range.ts'
import { createPathReader, normalise, type PathValue } from './path-values.ts'

export interface LoadCall {
  /** `torch.load`, `safetensors.torch.load_file`. */
  readonly function: string
  readonly call: CallExpression
  /** The whole call. */
  readonly range: Range
  /** The argument that names the file. */
  readonly argument: Range
  readonly path: PathValue
  /** The file that is there: the first of `candidates` that exists. */
  readonly file: string | undefined
  /** Absolute paths that were tried, in order; empty when the path is not known. */
  readonly candidates: readonly string[]
}

const loaders = new Set(['torch.load', 'torch.jit.load', 'torch.export.load', 'safetensors.torch.load_file', 'safetensors.safe_open', 'safetensors.torch.load_model', 'torch.serialization.load'])

export interface LoadQuestion {
  readonly source: SourceFile
  readonly file: string
  /** Folders that relative paths are tried against, after the file's own. */
  readonly roots: readonly string[]
  readonly files: Files
  /** The dotted name that an expression stands for. */
  readonly resolve: (expression: Expression) => string | undefined
}

export function findLoadCalls(question: LoadQuestion): readonly LoadCall[] {
  const { source, file, resolve } = question
  // Most files load nothing: the text tells before any walk.
  if (!/\bload|safe_open/.test(source.text)) return []
  const paths = createPathReader(source.body, file)
  const found: LoadCall[] = []
  walkKinds(source.body, ['call'], (node) => {
    const name = resolve(node.callee)
    if (name === undefined || !loaders.has(name)) return
    const argument = pathArgument(name, node)
    if (!argument) return
    const path = paths.read(argument)
    const candidates = path.kind === 'path' ? candidatesOf(path.text, question) : []
    found.push({
      function: name, call: node, range: source.range(node), argument: source.range(argument), path, candidates,
      file: candidates.find((candidate) => question.files.stat(candidate)?.kind === 'file'),
    })
  })
  return found
}

function pathArgument(name: string, call: CallExpression): Expression | undefined {
  const index = name === 'safetensors.torch.load_model' ? 1 : 0
  const positional = call.args.filter((argument) => argument.kind === 'positional')
  return positional[index]?.value ?? call.args.find((argument) => argument.name?.id === 'f' || argument.name?.id === 'filename')?.value
}

/** Relative paths mean the working directory, which is not known: the file's folder first, then the workspace. */
function candidatesOf(path: string, { file, roots }: LoadQuestion): readonly string[] {
  if (path.startsWith('/') || /^[A-Za-z]:\//.test(path)) return [path]
  if (path.startsWith('~')) return []
  const folders = [file.slice(0, file.lastIndexOf('/')), ...roots]
  return [...new Set(folders.map((folder) => normalise(`${folder}/${path}`)))]
}
