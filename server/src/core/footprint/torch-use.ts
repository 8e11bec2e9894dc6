/**
 * How a workspace uses torch: what its Python files import of the packages that rules ask about, and every sign that its
 * code may run on a GPU. Keeps what each file said until the file changes, so that a question asked again reads nothing.
 */

import { isFailure, type Files, type SourceReader } from '../ports.ts'
import type { Place } from '../text/range.ts'
import { containerSign, fileTorchUse, notebookCode, sketchTorchUse, torchSearch, type TorchSketch } from './torch-signs.ts'

export interface CudaSign {
  readonly place: Place
  /** `model.cuda()`, `"cuda" as a device`: what a message says. */
  readonly what: string
}

export interface WorkspaceTorchUse {
  readonly pythonFiles: number
  /** Of the packages that rules ask about, each with its first place. */
  readonly imports: ReadonlyMap<string, Place>
  /** The first place where one of some files imports a package that rules ask about. */
  readonly importIn: (module: string, isAsked: (file: string) => boolean) => Place | undefined
  /** The same of some files alone. */
  readonly within: (isAsked: (file: string) => boolean) => WorkspaceTorchUse
  /** Whether a file holds the name as a string that could import it; looks through the files when first asked. */
  readonly names: (module: string) => boolean
  /** At most a handful; empty means that nothing was found. */
  readonly cuda: readonly CudaSign[]
  /** False when the workspace was too large to be looked at in full. */
  readonly isComplete: boolean
}

const maxBytes = 4_000_000
const maxContainerBytes = 1_000_000
const maxSigns = 5

type Kind = 'python' | 'notebook' | 'container' | 'cuda'

interface Entry {
  readonly path: string
  readonly kind: Kind
  /** When it was read, and how many bytes: a later change shows in one of them. */
  readonly since: number
  readonly bytes: number | undefined
  readonly sketch: TorchSketch | undefined
  /** What it comes to, with the places; computed when it first counts, and then kept. */
  use: PlacedUse | undefined
}

interface PlacedUse {
  readonly imports: readonly { readonly name: string; readonly place: Place }[]
  readonly signs: readonly CudaSign[]
}

/** What was found in one folder, kept over changes. */
export class TorchUseState {
  readonly #files: Files
  readonly #reader: SourceReader
  /** The text of a document that is open in an editor. */
  readonly #openText: (path: string) => string | undefined
  #entries = new Map<string, Entry>()
  #isComplete = true
  #isListed = false
  #listedExclude = ''
  #answer: WorkspaceTorchUse | undefined

  constructor(files: Files, reader: SourceReader, openText: (path: string) => string | undefined) {
    this.#files = files
    this.#reader = reader
    this.#openText = openText
  }

  /** A document was opened, edited or closed. */
  edited(path: string): void {
    if (kindOf(path) === undefined || !this.#isListed) return
    if (this.#entries.has(path)) this.#entries.set(path, this.#read(path, kindOf(path)!).entry)
    this.#answer = undefined
  }

  /** Something on the disk has changed: the next question looks at the folder again, and reads only what is new. */
  recheck(): void {
    this.#isListed = false
    this.#answer = undefined
  }

  of(root: string, exclude: readonly string[]): WorkspaceTorchUse {
    if (!this.#isListed || this.#listedExclude !== exclude.join('\n')) this.#list(root, exclude)
    return this.#answer ??= this.#joined()
  }

  #list(root: string, exclude: readonly string[]): void {
    const since = this.#reader.now()
    // What was read before is only looked at again where it changed.
    const search = this.#entries.size === 0 ? { ...torchSearch, isWanted: (name: string) => kindOf(name) === 'python', maxBytes } : undefined
    const listing = this.#reader.list(root, exclude, (name) => kindOf(name) !== undefined, search)
    const entries = new Map<string, Entry>()
    const answer = emptyAnswer()
    for (const path of listing.paths) {
      const known = this.#entries.get(path)
      const isOpen = this.#openText(path) !== undefined
      const barren = isOpen ? undefined : listing.barren.get(path)
      if (barren !== undefined) {
        entries.set(path, { path, kind: 'python', since, bytes: barren, sketch: undefined, use: undefined })
        answer.pythonFiles += 1
        continue
      }
      const isSame = known && !isOpen && !this.#reader.isChanged(path, known.since, known.bytes)
      const { entry, text } = isSame ? { entry: known, text: undefined } : this.#read(path, kindOf(path)!)
      entries.set(path, entry)
      // While the text is at hand: afterwards it would have to be read again.
      this.#contribute(answer, entry, text)
    }
    this.#entries = entries
    this.#isComplete = listing.isComplete
    this.#isListed = true
    this.#listedExclude = exclude.join('\n')
    this.#answer = this.#finished(answer, entries.values())
  }

  #read(path: string, kind: Kind): { readonly entry: Entry; readonly text: string | undefined } {
    const since = this.#reader.now()
    const text = kind === 'cuda' ? undefined : this.#text(path, kind)
    const sketch = text === undefined || kind === 'container' ? undefined : sketchTorchUse(text)
    const bytes = kind === 'python' && this.#openText(path) === undefined ? text?.length : undefined
    return { entry: { path, kind, since, bytes, sketch, use: undefined }, text }
  }

  #text(path: string, kind: Kind): string | undefined {
    const open = this.#openText(path)
    if (open !== undefined) return kind === 'notebook' ? notebookCode(open) : open
    if (kind === 'python') return this.#reader.read(path, maxBytes)
    const text = this.#files.readText(path, kind === 'container' ? maxContainerBytes : maxBytes)
    return isFailure(text) ? undefined : kind === 'notebook' ? notebookCode(text) : text
  }

  #joined(entries: Iterable<Entry> = this.#entries.values()): WorkspaceTorchUse {
    const answer = emptyAnswer()
    for (const entry of entries) this.#contribute(answer, entry, undefined)
    return this.#finished(answer, entries)
  }

  #finished({ imports, cuda, pythonFiles }: Answer, entries: Iterable<Entry>): WorkspaceTorchUse {
    const all = [...entries]
    return {
      pythonFiles, imports, cuda, isComplete: this.#isComplete,
      importIn: (module, isAsked) => this.#importIn(all, module, isAsked),
      within: (isAsked) => this.#joined(all.filter(({ path }) => isAsked(path))),
      names: memo((module) => this.#holdsName(all, module)),
    }
  }

  /** Adds what a file says that no file before it has said; a file that can add nothing is not looked at closely. */
  #contribute(answer: Answer, entry: Entry, given: string | undefined): void {
    const { kind, sketch } = entry
    const { imports, cuda } = answer
    if (kind === 'python' || kind === 'notebook') answer.pythonFiles += 1
    const wantsSigns = cuda.length < maxSigns
    const counts = sketch ? (sketch.maySign && wantsSigns) || sketch.imports.some(({ name }) => !imports.has(name)) : kind !== 'python' && wantsSigns
    if (!counts) return
    const use = this.#useOf(entry, given)
    for (const { name, place } of use.imports) if (!imports.has(name)) imports.set(name, place)
    for (const sign of use.signs) if (cuda.length < maxSigns) cuda.push(sign)
  }

  /** What a file comes to, with the places; `given` is its text where that is at hand. */
  #useOf(entry: Entry, given?: string): PlacedUse {
    const { path, kind } = entry
    return entry.use ??= placedUse(entry, given ?? this.#text(path, kind) ?? '', { isBytes: kind === 'python' && this.#openText(path) === undefined })
  }

  #importIn(entries: readonly Entry[], module: string, isAsked: (file: string) => boolean): Place | undefined {
    for (const entry of entries) {
      if (!entry.sketch?.imports.some(({ name }) => name === module) || !isAsked(entry.path)) continue
      const found = this.#useOf(entry).imports.find(({ name }) => name === module)
      if (found) return found.place
    }
    return undefined
  }

  /** The name alone between quotes, or as the first part of a dotted name, in any Python file. */
  #holdsName(entries: readonly Entry[], module: string): boolean {
    const pattern = new RegExp(`["']${module}(?:\\.[\\w.]*)?["']`)
    for (const { path, kind } of entries) {
      if (kind !== 'python' && kind !== 'notebook') continue
      const text = this.#text(path, kind)
      if (text?.includes(module) && (pattern.test(text) || (module === 'tensorboard' && /utils\.tensorboard|\bSummaryWriter\b/.test(text)))) return true
    }
    return false
  }
}

function placedUse({ path, kind, sketch }: Entry, text: string, { isBytes }: { readonly isBytes: boolean }): PlacedUse {
  if (kind === 'cuda') return { imports: [], signs: [{ place: atStart(path), what: 'CUDA sources' }] }
  const found = kind === 'container' ? containerSign(text) : undefined
  if (kind === 'container') return { imports: [], signs: found ? [{ place: placeIn(path, text, found.offset), what: found.what }] : [] }
  const place = (offset: number): Place => (isBytes ? bytePlaceIn(path, text, offset) : placeIn(path, text, offset))
  const use = fileTorchUse(text, sketch)
  return { imports: use.imports.map(({ name, offset }) => ({ name, place: place(offset) })), signs: use.signs.map(({ what, offset }) => ({ what, place: place(offset) })) }
}

interface Answer {
  pythonFiles: number
  readonly imports: Map<string, Place>
  readonly cuda: CudaSign[]
}

function emptyAnswer(): Answer {
  return { pythonFiles: 0, imports: new Map(), cuda: [] }
}

function placeIn(file: string, text: string, offset: number): Place {
  let line = 0
  let start = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1
    start = at + 1
  }
  const at = { line, character: offset - start }
  return { file, range: { start: at, end: at } }
}

/** As `placeIn`, for a text that has one unit for each byte of UTF-8. */
function bytePlaceIn(file: string, bytes: string, offset: number): Place {
  const { line, character } = placeIn(file, bytes, offset).range.start
  const mark = line === 0 && bytes.startsWith('\u00ef\u00bb\u00bf') ? 1 : 0
  const at = { line, character: unitsOf(bytes.slice(offset - character, offset)) - mark }
  return { file, range: { start: at, end: at } }
}

function atStart(file: string): Place {
  const start = { line: 0, character: 0 }
  return { file, range: { start, end: start } }
}

/** UTF-16 units of UTF-8 bytes that stand one in each unit. */
function unitsOf(bytes: string): number {
  let units = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at)
    if (byte < 0x80 || byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1
  }
  return units
}

function memo(compute: (key: string) => boolean): (key: string) => boolean {
  const known = new Map<string, boolean>()
  return (key) => {
    let value = known.get(key)
    if (value === undefined) known.set(key, value = compute(key))
    return value
  }
}

function kindOf(path: string): Kind | undefined {
  if (path.endsWith('.py') || path.endsWith('.pyw')) return 'python'
  if (path.endsWith('.ipynb')) return 'notebook'
  if (path.endsWith('.cu') || path.endsWith('.cuh')) return 'cuda'
  return isContainer(path.slice(path.lastIndexOf('/') + 1)) ? 'container' : undefined
}

/** Dockerfiles, compose files, devcontainers, and deployments by the words of their names. */
function isContainer(name: string): boolean {
  if (/^(?:docker|container)file|\.(?:docker|container)file$/i.test(name)) return true
  return /ya?ml$/i.test(name) ? /^(?:docker-)?compose[\w.-]*\.ya?ml$|(?:deploy|k8s|kube|helm)[\w.-]*\.ya?ml$/i.test(name) : name === 'devcontainer.json'
}
