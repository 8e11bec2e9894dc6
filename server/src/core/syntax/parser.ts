/**
 * Text to `SourceFile`, through web-tree-sitter whose wasm arrives as bytes. Together with open-document.ts the only
 * file that holds trees.
 */

import { Language, Parser } from 'web-tree-sitter'
import { assemble, lowerTree, type ParseContext, parseTree } from './chunks.ts'
import { createFlatTree, readSymbols } from './flat-tree.ts'
import { lexicalFile } from './lexical.ts'
import { type OpenDocument, openDocument } from './open-document.ts'
import { parseOutlined } from './outlined.ts'
import type { SourceFile } from './source-file.ts'

export interface PythonParser {
  /** Parses once and frees the tree. Never throws. */
  parse(text: string): SourceFile
  /** As `parse`, but function bodies are parsed when they are read: for libraries, of which few functions are called. */
  parseOutlined(text: string): SourceFile
  /** Starts an incremental parse of a document that will change. */
  open(text: string): OpenDocument
}

/** Starts the wasm runtime and loads the grammar. Rejects only when the bytes are not what they should be. */
export async function createPythonParser(wasm: { runtime: Uint8Array, grammar: Uint8Array }): Promise<PythonParser> {
  await Parser.init({ wasmBinary: wasm.runtime })
  const language = await Language.load(wasm.grammar)
  const parser = new Parser()
  parser.setLanguage(language)
  const context: ParseContext = { parser, symbols: readSymbols(language), flat: createFlatTree() }
  return {
    parse(text) {
      const tree = parseTree(context, text, null)
      if (tree === undefined) return lexicalFile(text, 'file too large to parse')
      const chunks = lowerTree(context, tree, text, () => undefined)
      tree.delete()
      return assemble(text, chunks)
    },
    parseOutlined: (text) => parseOutlined(context, text),
    open: (text) => openDocument(context, text),
  }
}
