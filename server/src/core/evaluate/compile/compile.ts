/** Makes `Code` from the AST: one for a module's top level, and lazily one for each function and class body in it. */

import type { ClassStatement, ComprehensionExpression, Expression, FunctionStatement, LambdaExpression, Parameter, Span, Statement } from '../../syntax/ast.ts'
import * as flow from '../run/ops-control.ts'
import * as define from '../run/ops-define.ts'
import { Code } from '../run/frame.ts'
import * as load from '../run/ops-load.ts'
import type { Origin } from '../value.ts'
import type { FileAssumptions } from '../assume.ts'
import { Assembler } from './assembler.ts'
import { emitAssumedPath } from './assumed.ts'
import { compileComprehension } from './comprehension.ts'
import { compileExpression, loadName, storeName } from './expressions.ts'
import { analyseScope, mangle, type Scope } from './scope.ts'
import { compileBlock, compileStatement, type StatementCompiler } from './statements.ts'
import type { SourceUnit } from './unit.ts'

export interface ModuleOptions {
  readonly assumptions?: FileAssumptions | undefined
  /** What is known of each top-level statement by itself; by default all share one unit. */
  readonly unitFor?: ((statement: Statement) => SourceUnit) | undefined
  /** Nothing of a library is skipped when it fails, so where its statements begin is not kept. */
  readonly isLibrary?: boolean
}

/** The code of a whole file. */
export function compileModule(file: string, body: readonly Statement[], { assumptions, unitFor, isLibrary }: ModuleOptions = {}): Code {
  const unit = unitOf(file, assumptions)
  return new Code({
    kind: 'module', name: '<module>', qualname: '<module>', origin: { file, start: 0, end: 0 }, freeNames: [], doc: docstring(body),
    compile: () => {
      const a = new Assembler(undefined, [])
      const shared = compilerFor(unit, '')
      let spanFile = file
      for (const statement of body) {
        if (isLibrary !== true) a.statements.push({ pc: a.ops.length, statement })
        const own = unitFor?.(statement)
        if (own !== undefined) spanFile = own.file
        compileStatement(own === undefined ? shared : compilerFor(own, ''), a, statement)
      }
      a.statements.push({ pc: a.ops.length, statement: { kind: 'pass', start: 0, end: 0 } })
      a.emit(load.constant, a.constant(null))
      a.emit(flow.returnValue)
      return a.finish([], spanFile)
    },
  })
}

/** Compiles one top-level statement for the code of the functions in it, of which its unit is told; class bodies included. */
export function compileFunctionsOf(unit: SourceUnit, statement: Statement): void {
  const a = new Assembler(undefined, [])
  compileStatement(compilerFor(unit, ''), a, statement)
  const pending = [...a.codes]
  for (let code = pending.pop(); code !== undefined; code = pending.pop()) if (code.kind === 'class') pending.push(...code.instructions.codes)
}

/** The code of one expression evaluated in a module's namespace. */
export function compileExpressionCode(file: string, expression: Expression, assumptions?: FileAssumptions): Code {
  return expressionCode(unitOf(file, assumptions), expression)
}

function expressionCode(unit: SourceUnit, expression: Expression): Code {
  return new Code({
    kind: 'module', name: '<expression>', qualname: '<expression>', origin: originOf(unit.file, expression), freeNames: [],
    compile: () => {
      const a = new Assembler(undefined, [])
      compileExpression(compilerFor(unit, ''), a, expression)
      a.emit(flow.returnValue)
      return a.finish([], unit.file)
    },
  })
}

export function unitOf(file: string, assumptions: FileAssumptions | undefined): SourceUnit {
  return { file, assumptions, valueCode: (expression) => compileExpressionCode(file, expression) }
}

function compilerFor(unit: SourceUnit, prefix: string): StatementCompiler {
  return {
    unit,
    codeOf: (a, node) => node.kind === 'lambda'
      ? a.codes.push(functionCode(unit, prefix, node, '<lambda>', node.parameters, a)) - 1
      : a.codes.push(comprehensionCode(unit, prefix, node, a)) - 1,
    functionCode: (a, node) => {
      const code = functionCode(unit, prefix, node, node.name.id, node.parameters, a)
      unit.made?.(node, code)
      return a.codes.push(code) - 1
    },
    expressionCode: (expression) => expressionCode(plainUnit(unit), expression),
    classCode: (a, node) => a.codes.push(classCode(unit, prefix, node, a)) - 1,
  }
}

/** The unit without assumptions, its name still as it stands when it is asked for. */
function plainUnit(unit: SourceUnit): SourceUnit {
  return { get file() { return unit.file }, assumptions: undefined, valueCode: unit.valueCode }
}

const NO_NAMES: ReadonlySet<string> = new Set()
/** What a class gives to its methods. */
const CLASS_NAMES: ReadonlySet<string> = new Set(['__class__'])

/** What a body is compiled from, when it is. */
interface BodySource<Node> {
  read(): Node
  release(): void
}

type InnerNode = FunctionStatement | LambdaExpression | ComprehensionExpression | ClassStatement

/** Of a function that is not parsed yet only what parses it is kept. */
function sourceOf(node: FunctionStatement | LambdaExpression): BodySource<FunctionStatement | LambdaExpression> {
  return node.kind === 'function' && node.deferred !== undefined ? node.deferred : parsedSource(node)
}

function parsedSource<Node extends InnerNode>(node: Node): BodySource<Node> {
  return { read: () => node, release: () => { /* it is part of a tree that others hold */ } }
}

/**
 * The scope of an inner body. Inside a function everything was analysed with it; functions at the top level, methods
 * of classes there that are not parsed yet, are analysed only when they are first called.
 */
function scopeOf(a: Assembler, node: InnerNode, source: BodySource<InnerNode>): () => Scope {
  const known = a.scope?.children.get(node)
  if (known !== undefined) return () => known
  return a.scope?.kind === 'class' ? laterScope(source, a.scope.className, CLASS_NAMES) : laterScope(source, undefined, NO_NAMES)
}

function laterScope(source: BodySource<InnerNode>, className: string | undefined, outer: ReadonlySet<string>): () => Scope {
  let scope: Scope | undefined
  return () => {
    const node = source.read()
    // Scopes know the nodes inside them by identity, and what was read again is not the same.
    if (scope?.node !== node) scope = analyseScope(node, className, outer)
    return scope
  }
}

function freeNamesOf(a: Assembler, node: InnerNode): readonly string[] {
  const known = a.scope?.children.get(node)
  if (known !== undefined) return [...known.free]
  return a.scope?.kind === 'class' && node.kind === 'function' && node.deferred?.mentionsClass === true ? [...CLASS_NAMES] : []
}

function functionCode(unit: SourceUnit, prefix: string, node: FunctionStatement | LambdaExpression, name: string, parameters: readonly Parameter[], a: Assembler): Code {
  const source = sourceOf(node)
  return bodyCode(unit, prefix + name, {
    source, scopeFor: scopeOf(a, node, source), name, origin: originOf(unit.file, node.kind === 'function' ? node.name : node), freeNames: freeNamesOf(a, node),
    shape: parameterShape(parameters, a.scope?.className), doc: node.kind === 'function' ? docstring(node.deferred?.opening ?? node.body) : undefined,
    isAsync: node.kind === 'function' && node.isAsync, isLambda: node.kind === 'lambda',
  })
}

function annotatedOf(source: BodySource<FunctionStatement | LambdaExpression>): () => FunctionStatement {
  return () => {
    const node = source.read() as FunctionStatement
    source.release()
    return node
  }
}

function fileNameOf(unit: SourceUnit): () => string {
  return () => unit.file
}

interface BodyParts {
  readonly source: BodySource<FunctionStatement | LambdaExpression>
  readonly scopeFor: () => Scope
  readonly name: string
  readonly origin: Origin
  readonly freeNames: readonly string[]
  readonly shape: ParameterShape
  readonly doc: string | undefined
  readonly isAsync: boolean
  readonly isLambda: boolean
}

/** Apart from the syntax, which must not be held by what waits for the first call. */
function bodyCode(unit: SourceUnit, qualname: string, { source, scopeFor, name, origin, freeNames, shape, doc, isAsync, isLambda }: BodyParts): Code {
  return new Code({
    kind: 'function', name, qualname, origin, freeNames, ...shape, doc,
    isGenerator: () => !isAsync && scopeFor().isGenerator,
    isAsync,
    // Closures made apart from `compile`, whose scope holds all the syntax and goes with it.
    annotated: isLambda ? undefined : annotatedOf(source),
    spanFile: fileNameOf(unit),
    compile: () => {
      const node = source.read()
      const scope = scopeFor()
      const inner = new Assembler(scope, freeNames)
      const names = [...shape.parameters, ...(shape.star === undefined ? [] : [shape.star]), ...(shape.doubleStar === undefined ? [] : [shape.doubleStar])]
      for (const one of names) inner.local(one)
      const c = compilerFor(unit, `${qualname}.<locals>.`)
      if (node.kind === 'lambda') {
        compileExpression(c, inner, node.body)
        inner.at(node)
        inner.emit(flow.returnValue)
      } else {
        if (unit.assumptions !== undefined) compileAssumedParameters(unit, inner, node.parameters)
        compileBlock(c, inner, node.body)
        inner.emit(load.constant, inner.constant(null))
        inner.emit(flow.returnValue)
      }
      source.release()
      return inner.finish(names, unit.file)
    },
  })
}

/** Arguments that nobody knows get what is assumed of the parameters. */
function compileAssumedParameters(unit: SourceUnit, a: Assembler, parameters: readonly Parameter[]): void {
  for (const { name, kind } of parameters) {
    if (kind !== 'plain' || name === undefined || unit.assumptions?.find([name.id], name.start) === undefined) continue
    a.at(name)
    loadName(a, name.id)
    emitAssumedPath(unit, a, [name.id], name.start)
    storeName(a, name.id)
  }
}

function comprehensionCode(unit: SourceUnit, prefix: string, node: ComprehensionExpression, a: Assembler): Code {
  const scopeFor = scopeOf(a, node, parsedSource(node))
  const freeNames = freeNamesOf(a, node)
  const name = node.type === 'generator' ? '<genexpr>' : `<${node.type}comp>`
  return new Code({
    kind: 'function', name, qualname: prefix + name, origin: originOf(unit.file, node), parameters: ['.0'], freeNames, isGenerator: () => node.type === 'generator',
    compile: () => {
      const inner = new Assembler(scopeFor(), freeNames)
      inner.local('.0')
      compileComprehension(compilerFor(unit, `${prefix}${name}.<locals>.`), inner, node)
      return inner.finish(['.0'], unit.file)
    },
  })
}

function classCode(unit: SourceUnit, prefix: string, node: ClassStatement, a: Assembler): Code {
  const known = a.scope?.children.get(node)
  const qualname = prefix + node.name.id
  const freeNames = known === undefined ? [] : [...known.free]
  return new Code({
    kind: 'class', name: node.name.id, qualname, origin: originOf(unit.file, node.name), freeNames, doc: docstring(node.body),
    compile: () => {
      const scope = known ?? analyseScope(node, undefined, NO_NAMES)
      const inner = new Assembler(scope, freeNames)
      compileBlock(compilerFor(unit, `${qualname}.`), inner, node.body)
      inner.emit(define.endClass, inner.cellNames.indexOf('__class__'))
      return inner.finish([], unit.file)
    },
  })
}

export interface ParameterShape {
  readonly parameters: readonly string[]
  readonly positionalOnly: number
  readonly positional: number
  readonly star: string | undefined
  readonly doubleStar: string | undefined
}

function parameterShape(parameters: readonly Parameter[], className: string | undefined): ParameterShape {
  const names: string[] = []
  let positionalOnly = 0
  let positional = -1
  let star: string | undefined
  let doubleStar: string | undefined
  for (const parameter of parameters) {
    const name = parameter.name === undefined ? undefined : mangle(className, parameter.name.id)
    switch (parameter.kind) {
      case 'positionalMarker': positionalOnly = names.length; break
      case 'keywordMarker': positional = names.length; break
      case 'star': positional = names.length; star = name; break
      case 'doubleStar': doubleStar = name; break
      case 'plain': names.push(name ?? `.missing${names.length}`)
    }
  }
  return { parameters: names, positionalOnly, positional: positional < 0 ? names.length : positional, star, doubleStar }
}

function originOf(file: string, span: Span): Origin {
  return { file, start: span.start, end: span.end }
}

function docstring(body: readonly Statement[]): string | undefined {
  const first = body[0]
  return first?.kind === 'expression' && first.value.kind === 'string' ? first.value.value : undefined
}

