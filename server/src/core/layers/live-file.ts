/**
 * The models of one file that is being edited. Its evaluation stays: an edit inside functions that the top level never ran
 * gives those functions their new bodies, and only what had run one of them is evaluated again. Any other edit starts anew.
 *
 * Sound because evaluation is deterministic: a class or function is tried on the state that the top level left, and what it
 * does is undone; so its result can only change with that state or with the body of a function that it entered.
 */

import type { ModelTree } from '../model/layer-tree.ts'
import { compileFunctionsOf, unitOf } from '../evaluate/compile/compile.ts'
import type { SourceUnit } from '../evaluate/compile/unit.ts'
import type { Code } from '../evaluate/run/frame.ts'
import type { FunctionStatement, Span, Statement } from '../syntax/ast.ts'
import { difference } from '../syntax/difference.ts'
import { type FunctionPair, pairFunctions, sameBody } from '../syntax/same-shape.ts'
import type { SourceFile } from '../syntax/source-file.ts'
import { walk } from '../syntax/walk.ts'
import type { Place, Range } from '../text/range.ts'
import { evaluateTopLevel, evaluateTry, type FileModels, type ImportedFile, joinRuns, type Run } from './find-models.ts'
import { currentOrigin, type Edit, markedFile, movedRange } from './live-origin.ts'
import type { Following, ModelSession } from './model-session.ts'

/** Edits that origins are moved through before evaluation starts anew: more cost more than they save. */
const MAX_EDITS = 400

/** A piece of work with what its result rests on. */
interface Kept<Result> {
  readonly result: Result
  /** Functions of the file that it entered. */
  readonly entered: ReadonlySet<Code>
  /** Everything in the result that moves with the text. */
  readonly places: readonly MovablePlace[]
}

interface MovablePlace { readonly file: string, range: Range }

interface Evaluated {
  readonly top: Kept<ImportedFile>
  /** By index of `top.result.tries`; undefined where it is to be done. */
  readonly tries: (Kept<Run> | undefined)[]
  readonly expressions: Map<string, Kept<ModelTree>>
}

export class LiveFile {
  readonly file: string
  readonly #session: ModelSession
  #source: SourceFile | undefined
  #evaluated: Evaluated | undefined
  #answer: FileModels | undefined
  #edits: Edit[] = []
  #codes = new WeakMap<FunctionStatement, Code>()
  /** For statements that the text has no more: the last text that they stood in. */
  #lastTexts = new WeakMap<Statement, number>()
  readonly #entered = new Set<Code>()
  #places: MovablePlace[] = []

  /** How often the file was loaded for one evaluation: by itself, and by files that it imports. */
  #loads = 0

  /** `ownSource` answers the file's syntax for its text, so that both sides see the same objects. */
  constructor(file: string, createSession: (following: Following, ownSource: (text: string) => SourceFile | undefined) => ModelSession) {
    this.file = file
    const following: Following = {
      units: (path) => {
        if (path !== file) return undefined
        this.#loads += 1
        return (statement) => this.#unitOf(statement)
      },
      locate: (origin) => currentOrigin(origin, this.#edits),
      placeMade: (place: Place) => { if (place.file === file) this.#places.push(place as MovablePlace) },
    }
    this.#session = createSession(following, (text) => (this.#source?.text === text ? this.#source : undefined))
  }

  get session(): ModelSession { return this.#session }

  /** Something beside the file's own text has changed. */
  forget(): void {
    this.#source = undefined
    this.#evaluated = undefined
    this.#answer = undefined
  }

  /** The text has changed. Told of every change: what stands between two that are taken as one would be lost sight of. */
  edited(source: SourceFile): void {
    if (this.#evaluated === undefined || this.#source === undefined) return
    if (this.#patch(this.#source, source, this.#evaluated)) this.#source = source
    else this.#evaluated = undefined
  }

  models(source: SourceFile): FileModels {
    const { top, tries } = this.#follow(source)
    if (this.#answer) return this.#answer
    for (let i = 0; i < tries.length; i++) tries[i] ??= this.#tracked(() => evaluateTry(this.#session, this.file, top.result, top.result.tries[i]!))
    this.#answer = joinRuns(this.#session, top.result, tries.map((one) => one!.result))
    return this.#answer
  }

  /** The model that an expression is in the file's namespace as its top level leaves it. */
  evaluate(source: SourceFile, expression: string): ModelTree {
    const { top, expressions } = this.#follow(source)
    let kept = expressions.get(expression)
    if (!kept) {
      const { evaluator } = this.#session
      expressions.set(expression, kept = this.#tracked(() => evaluator.isolated(() => this.#session.evaluateIn(top.result.imported, expression, 0))))
    }
    return kept.result
  }

  // ---------------------------------------------------------------------------------------------- following the text

  #follow(source: SourceFile): Evaluated {
    if (this.#evaluated && this.#source && this.#patch(this.#source, source, this.#evaluated)) {
      this.#source = source
      return this.#evaluated
    }
    this.#source = source
    this.#answer = undefined
    this.#edits = []
    this.#codes = new WeakMap()
    this.#lastTexts = new WeakMap()
    this.#loads = 0
    this.#session.evaluator.reset()
    const top = this.#tracked(() => evaluateTopLevel(this.#session, this.file))
    this.#evaluated = { top, tries: top.result.tries.map(() => undefined), expressions: new Map() }
    return this.#evaluated
  }

  /** Takes an edit in without evaluating the top level again; false where that cannot be done. */
  #patch(before: SourceFile, after: SourceFile, evaluated: Evaluated): boolean {
    if (before.text === after.text) return true
    // Loaded twice, its functions are there twice.
    if (this.#loads !== 1 || this.#edits.length >= MAX_EDITS || !isFollowed(before) || !isFollowed(after)) return false
    const pairs = pairStatements(before.body, after.body)
    if (pairs === undefined) return false
    const functions: FunctionPair[] = []
    for (const [old, fresh] of pairs) {
      const found = pairFunctions(old, fresh)
      if (found === undefined) return false
      functions.push(...found)
    }
    const changed = new Set<Code>()
    for (const pair of functions) {
      const code = this.#codes.get(pair.before)
      if (code === undefined) return false
      if (!sameBody(pair)) changed.add(code)
    }
    for (const code of changed) if (evaluated.top.entered.has(code)) return false
    const edit = difference(before.text, after.text)
    const bodies = new Set(functions.filter((pair) => changed.has(this.#codes.get(pair.before)!)).map((pair) => pair.after))
    if (surroundsCode(edit, after.body, bodies)) return false
    for (const [old] of pairs) this.#lastTexts.set(old, this.#edits.length)
    this.#edits.push(edit)
    if (!this.#replaceBodies(pairs.map(([, fresh]) => fresh), functions)) return false
    this.#keep(evaluated, changed, before, after, edit)
    return true
  }

  #replaceBodies(statements: readonly Statement[], functions: readonly FunctionPair[]): boolean {
    const fresh = new Map<FunctionStatement, Code>()
    for (const statement of statements) compileFunctionsOf(this.#unitOf(statement, (node, code) => { fresh.set(node, code) }), statement)
    for (const { before, after } of functions) {
      const code = this.#codes.get(before)
      const body = fresh.get(after)
      // A body that shares other names with the class around it, as by its first `super()`, changes the class too.
      if (code === undefined || body === undefined || code.freeNames.join() !== body.freeNames.join()) return false
      code.become(body)
      this.#follows(after, code)
    }
    return true
  }

  #keep({ top, tries, expressions }: Evaluated, changed: ReadonlySet<Code>, before: SourceFile, after: SourceFile, edit: Edit): void {
    const isStale = ({ entered }: Kept<unknown>): boolean => [...changed].some((code) => entered.has(code))
    for (const [i, kept] of tries.entries()) if (kept && isStale(kept)) tries[i] = undefined
    for (const [expression, kept] of expressions) if (isStale(kept)) expressions.delete(expression)
    const positions = { start: before.lines.position(edit.start), oldEnd: before.lines.position(edit.oldEnd), newEnd: after.lines.position(edit.newEnd) }
    for (const kept of [top, ...tries, ...expressions.values()]) {
      for (const place of kept?.places ?? []) place.range = movedRange(place.range, positions)
    }
    this.#answer = undefined
  }

  // ---------------------------------------------------------------------------------------------- what work rests on

  #tracked<Result>(work: () => Result): Kept<Result> {
    for (const code of this.#entered) this.#watch(code)
    this.#entered.clear()
    this.#places = []
    const result = work()
    return { result, entered: new Set(this.#entered), places: this.#places }
  }

  #watch(code: Code): void {
    code.watch(() => { this.#entered.add(code) })
  }

  #follows(node: FunctionStatement, code: Code): void {
    this.#codes.set(node, code)
    this.#watch(code)
  }

  #unitOf(statement: Statement, made: SourceUnit['made'] = (node, code) => { this.#follows(node, code) }): SourceUnit {
    const plain = unitOf(this.file, undefined)
    const nameNow = (): string => markedFile(this.file, this.#lastTexts.get(statement) ?? this.#edits.length)
    return { get file() { return nameNow() }, assumptions: undefined, valueCode: plain.valueCode, made }
  }
}

/** What a person assumes holds by its place in the text, a program may read its own text, and a text past the parser's budget has no functions: all start anew. */
function isFollowed(source: SourceFile): boolean {
  return source.mode === 'tree' && !/footprint:|getsource/.test(source.text)
}

/**
 * Whether code that stays the same stands inside the replaced stretch, between two edits in fact: where it has gone to is not
 * known then. Bodies in `changed` are left out.
 */
function surroundsCode({ start, newEnd }: Edit, body: readonly Statement[], changed: ReadonlySet<FunctionStatement>): boolean {
  let found = false
  const isTouched = (node: Span): boolean => node.start < newEnd && node.end > start
  walk(body.filter(isTouched), (node) => {
    if (found || !isTouched(node)) return 'skip'
    if (node.start > start || node.end < newEnd) found = true
    if (node.kind !== 'function' || !changed.has(node)) return undefined
    const around = [...node.decorators, ...node.parameters, ...node.returns ? [node.returns] : []]
    found ||= around.some(isTouched)
    return 'skip'
  })
  return found
}

/** The statements that are not the same objects, in pairs; undefined when their number differs. */
function pairStatements(before: readonly Statement[], after: readonly Statement[]): readonly (readonly [Statement, Statement])[] | undefined {
  if (before.length !== after.length) return undefined
  const pairs: [Statement, Statement][] = []
  before.forEach((statement, i) => { if (statement !== after[i]) pairs.push([statement, after[i]!]) })
  return pairs
}
