/**
 * The texts that an editor holds, laid over the disk: a Files port for everything above, and parsed files that are kept
 * while their text stays. The only place that decides which text of a file counts.
 */

import { type Files, type FileStat, isFailure } from './ports.ts'
import type { OpenDocument } from './syntax/open-document.ts'
import type { PythonParser } from './syntax/parser.ts'
import type { SourceFile } from './syntax/source-file.ts'

/** Python files larger than this are data: they are not read. */
export const maxSourceBytes = 20_000_000
/** Parsed files of the disk that are kept; open ones are kept as long as they are open. */
const maxKeptFiles = 2_000

interface Open {
  text: string
  version: number
  readonly document: OpenDocument | undefined
}

export class Documents {
  readonly #disk: Files
  readonly #parser: PythonParser
  readonly #open = new Map<string, Open>()
  readonly #kept = new Map<string, { readonly stamp: string; readonly source: SourceFile }>()
  #version = 0

  constructor(disk: Files, parser: PythonParser) {
    this.#disk = disk
    this.#parser = parser
  }

  /** The disk with the open texts in the place of their files. */
  readonly files: Files = {
    stat: (path) => this.#stat(path),
    list: (path) => this.#disk.list(path),
    readText: (path, maxBytes) => this.#open.get(path)?.text ?? this.#disk.readText(path, maxBytes),
    open: (path) => this.#disk.open(path),
    realPath: (path) => this.#disk.realPath(path),
  }

  open(file: string, text: string): void {
    this.close(file)
    this.#open.set(file, { text, version: ++this.#version, document: isPython(file) ? this.#parser.open(text) : undefined })
  }

  change(file: string, text: string): void {
    const open = this.#open.get(file)
    if (!open) {
      this.open(file, text)
      return
    }
    if (open.text === text) return
    open.text = text
    open.version = ++this.#version
    open.document?.update(text)
  }

  close(file: string): void {
    this.#open.get(file)?.document?.close()
    this.#open.delete(file)
  }

  isOpen(file: string): boolean {
    return this.#open.has(file)
  }

  /** The text of an open document. */
  openText(file: string): string | undefined {
    return this.#open.get(file)?.text
  }

  /** The parsed form of an open document that has this very text. */
  openSourceOf(text: string): SourceFile | undefined {
    for (const open of this.#open.values()) if (open.text === text) return open.document?.file
    return undefined
  }

  /** The text that counts; `undefined` when there is none to read. */
  text(file: string): string | undefined {
    const text = this.files.readText(file, maxSourceBytes)
    return isFailure(text) ? undefined : text
  }

  /** The parsed file; `undefined` when it cannot be read. */
  source(file: string): SourceFile | undefined {
    const open = this.#open.get(file)
    if (open?.document) return open.document.file
    const stamp = this.stamp(file)
    if (stamp === undefined) return undefined
    const kept = this.#kept.get(file)
    if (kept?.stamp === stamp) return kept.source
    const text = this.text(file)
    if (text === undefined) return undefined
    const source = this.#parser.parse(text)
    if (this.#kept.size >= maxKeptFiles) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(file, { stamp, source })
    return source
  }

  /** Changes when the text that counts may have changed. */
  stamp(file: string): string | undefined {
    const open = this.#open.get(file)
    if (open) return `open ${String(open.version)}`
    const stat = this.#disk.stat(file)
    return stat && `${String(stat.bytes)} ${String(stat.modified)}`
  }

  #stat(path: string): FileStat | undefined {
    const open = this.#open.get(path)
    if (!open) return this.#disk.stat(path)
    return { kind: 'file', bytes: open.text.length, modified: open.version }
  }
}

export function isPython(file: string): boolean {
  return /\.pyw?$/.test(file)
}
