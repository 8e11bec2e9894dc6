/**
 * The control flow of one function body or module: which statement may follow which. Between statements stand points,
 * the places where a line may be inserted. Knows Python's statements, nothing of models.
 */

import type { Expression, Span, Statement } from '../../syntax/ast.ts'

/** Bodies with more nodes than this are not analysed; a hand-written function never comes near. */
export const maxFlowNodes = 40_000

/** A place between two statements of one block. */
export interface Point {
  readonly block: readonly Statement[]
  /** The index in `block` of the statement that follows; the block's length at its end. */
  readonly index: number
}

export interface FlowNode {
  readonly id: number
  /** What is evaluated here, in order. */
  readonly expressions: readonly Expression[]
  /** The statement whose own effect (assignment, definition, deletion) happens here. */
  readonly effect: Statement | undefined
  readonly point: Point | undefined
  readonly span: Span | undefined
  readonly successors: number[]
}

export interface FlowGraph {
  readonly nodes: readonly FlowNode[]
  readonly entry: number
  /** Where the body ends normally or returns. */
  readonly exit: number
  /** False when the body was too large: the graph then says nothing. */
  readonly isComplete: boolean
}

interface Building {
  readonly nodes: FlowNode[]
  readonly exit: number
  readonly abort: number
  isComplete: boolean
}

/** Where jumps lead from here. */
interface Jumps {
  readonly breakTo: number | undefined
  readonly continueTo: number | undefined
  readonly returnTo: number
  /** The handlers that an exception may reach. */
  readonly handlers: readonly number[]
}

export function buildGraph(body: readonly Statement[]): FlowGraph {
  const building: Building = { nodes: [], exit: 0, abort: 1, isComplete: true }
  addNode(building, {})
  addNode(building, {})
  const entry = addNode(building, {})
  const end = addBlock(building, body, [entry.id], { breakTo: undefined, continueTo: undefined, returnTo: building.exit, handlers: [] })
  connect(building, end, building.exit)
  return { nodes: building.nodes, entry: entry.id, exit: building.exit, isComplete: building.isComplete }
}

function addNode(building: Building, parts: Partial<Pick<FlowNode, 'expressions' | 'effect' | 'point' | 'span'>>, from: readonly number[] = [], jumps?: Jumps): FlowNode {
  const node: FlowNode = { id: building.nodes.length, expressions: parts.expressions ?? [], effect: parts.effect, point: parts.point, span: parts.span, successors: [] }
  building.nodes.push(node)
  connect(building, from, node.id)
  if (jumps) node.successors.push(...jumps.handlers)
  if (building.nodes.length > maxFlowNodes) building.isComplete = false
  return node
}

function connect(building: Building, from: readonly number[], to: number): void {
  for (const id of from) building.nodes[id]!.successors.push(to)
}

/** Adds a block; answers the nodes from which control leaves it at its end (none when it never does). */
function addBlock(building: Building, block: readonly Statement[], from: readonly number[], jumps: Jumps): readonly number[] {
  let open = from
  for (let index = 0; index <= block.length; index++) {
    open = [addNode(building, { point: { block, index } }, open, jumps).id]
    const statement = block[index]
    if (!statement || !building.isComplete) break
    open = addStatement(building, statement, open, jumps)
  }
  return open
}

function addStatement(building: Building, statement: Statement, from: readonly number[], jumps: Jumps): readonly number[] {
  const simple = (expressions: readonly Expression[], effect?: Statement): FlowNode =>
    addNode(building, { expressions, effect, span: statement }, from, jumps)
  switch (statement.kind) {
    case 'expression': {
      const node = simple([statement.value])
      if (!endsProgram(statement.value)) return [node.id]
      connect(building, [node.id], building.abort)
      return []
    }
    case 'assign': return [simple([statement.value], statement).id]
    case 'annotatedAssign': return [simple(statement.value ? [statement.value] : [], statement).id]
    case 'augmentedAssign': return [simple([statement.value], statement).id]
    case 'assert': return [simple([statement.test, ...(statement.message ? [statement.message] : [])]).id]
    case 'delete': return [simple([], statement).id]
    case 'return': {
      const node = simple(statement.value ? [statement.value] : [], statement)
      connect(building, [node.id], jumps.returnTo)
      return []
    }
    case 'raise': {
      const node = simple([statement.value, statement.cause].filter((one) => one !== undefined))
      connect(building, [node.id], building.abort)
      return []
    }
    case 'pass': return from
    case 'break': case 'continue': {
      const to = statement.kind === 'break' ? jumps.breakTo : jumps.continueTo
      if (to !== undefined) connect(building, from, to)
      return []
    }
    case 'function': {
      const defaults = statement.parameters.flatMap((parameter) => (parameter.defaultValue ? [parameter.defaultValue] : []))
      return [simple([...statement.decorators.map((decorator) => decorator.value), ...defaults], statement).id]
    }
    case 'class': return [simple(statement.args.map((argument) => argument.value), statement).id]
    case 'if': return addIf(building, statement, from, jumps)
    case 'while': return addWhile(building, statement, from, jumps)
    case 'for': return addFor(building, statement, from, jumps)
    case 'with': {
      const head = simple(statement.items.map((item) => item.context), statement)
      return addBlock(building, statement.body, [head.id], jumps)
    }
    case 'try': return addTry(building, statement, from, jumps)
    case 'match': {
      const head = simple([statement.subject], statement)
      const ends = statement.cases.flatMap((one) => {
        const guard = addNode(building, { expressions: one.guard ? [one.guard] : [] }, [head.id], jumps)
        return addBlock(building, one.body, [guard.id], jumps)
      })
      const isTotal = statement.cases.some((one) => one.guard === undefined && (one.pattern.kind === 'wildcard' || one.pattern.kind === 'capture'))
      return isTotal ? ends : [...ends, head.id]
    }
    default: return [simple([], statement).id]
  }
}

function addIf(building: Building, statement: Extract<Statement, { kind: 'if' }>, from: readonly number[], jumps: Jumps): readonly number[] {
  const ends: number[] = []
  let open = from
  for (const branch of statement.branches) {
    const test = addNode(building, { expressions: [branch.test], span: branch.test }, open, jumps)
    ends.push(...addBlock(building, branch.body, [test.id], jumps))
    open = [test.id]
  }
  if (statement.otherwise.length === 0) return [...ends, ...open]
  return [...ends, ...addBlock(building, statement.otherwise, open, jumps)]
}

function addWhile(building: Building, statement: Extract<Statement, { kind: 'while' }>, from: readonly number[], jumps: Jumps): readonly number[] {
  const test = addNode(building, { expressions: [statement.test], span: statement.test }, from, jumps)
  const after = addNode(building, {})
  connect(building, addBlock(building, statement.body, [test.id], { ...jumps, breakTo: after.id, continueTo: test.id }), test.id)
  if (!isTrue(statement.test)) connect(building, statement.otherwise.length ? addBlock(building, statement.otherwise, [test.id], jumps) : [test.id], after.id)
  return [after.id]
}

function addFor(building: Building, statement: Extract<Statement, { kind: 'for' }>, from: readonly number[], jumps: Jumps): readonly number[] {
  const iterable = addNode(building, { expressions: [statement.iterable], span: statement.iterable }, from, jumps)
  const head = addNode(building, { effect: statement, span: statement.target }, [iterable.id], jumps)
  const after = addNode(building, {})
  connect(building, addBlock(building, statement.body, [head.id], { ...jumps, breakTo: after.id, continueTo: head.id }), head.id)
  connect(building, statement.otherwise.length ? addBlock(building, statement.otherwise, [head.id], jumps) : [head.id], after.id)
  return [after.id]
}

/** Any statement of the body may raise; a jump out of the body runs `finally` first and then may lead on as well as out. */
function addTry(building: Building, statement: Extract<Statement, { kind: 'try' }>, from: readonly number[], jumps: Jumps): readonly number[] {
  const handlers = statement.handlers.map((handler) => addNode(building, { expressions: handler.type ? [handler.type] : [] }))
  const final = statement.final.length ? addNode(building, {}) : undefined
  const inner: Jumps = final ? { ...jumps, returnTo: final.id } : jumps
  const ends = addBlock(building, statement.body, from, { ...inner, handlers: [...handlers.map((handler) => handler.id), ...(final && handlers.length === 0 ? [final.id] : [])] })
  const afterElse = statement.otherwise.length ? addBlock(building, statement.otherwise, ends, inner) : ends
  const afterHandlers = statement.handlers.flatMap((handler, index) => addBlock(building, handler.body, [handlers[index]!.id], inner))
  const done = [...afterElse, ...afterHandlers]
  if (!final) return done
  connect(building, done, final.id)
  const end = addBlock(building, statement.final, [final.id], jumps)
  if (returnsInside(statement)) connect(building, end, jumps.returnTo)
  return done.length ? end : []
}

/** True when the body or a handler may return: what `finally` does is then also done on the way out. */
function returnsInside(statement: Extract<Statement, { kind: 'try' }>): boolean {
  const pending: Statement[] = [...statement.body, ...statement.handlers.flatMap((handler) => handler.body), ...statement.otherwise]
  for (let one = pending.pop(); one; one = pending.pop()) {
    if (one.kind === 'return') return true
    pending.push(...blocksOf(one).flat())
  }
  return false
}

/** The blocks directly inside a statement; none for functions and classes, whose bodies run at another time. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if': return [...statement.branches.map((branch) => branch.body), statement.otherwise]
    case 'while': case 'for': return [statement.body, statement.otherwise]
    case 'with': return [statement.body]
    case 'try': return [statement.body, ...statement.handlers.map((handler) => handler.body), statement.otherwise, statement.final]
    case 'match': return statement.cases.map((one) => one.body)
    default: return []
  }
}

function isTrue(test: Expression): boolean {
  return (test.kind === 'constant' && test.value === 'True') || (test.kind === 'number' && test.value !== 0)
}

/** `sys.exit()`, `exit()`, `quit()`, `os._exit()`: control does not come back. */
function endsProgram(value: Expression): boolean {
  if (value.kind !== 'call') return false
  const { callee } = value
  if (callee.kind === 'name') return callee.id === 'exit' || callee.id === 'quit'
  return callee.kind === 'attribute' && callee.object.kind === 'name'
    && ((callee.object.id === 'sys' && callee.name.id === 'exit') || (callee.object.id === 'os' && callee.name.id === '_exit'))
}
