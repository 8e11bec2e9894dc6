/** Our syntax tree in the shape that test/oracle/syntax/dump.py gives CPython's: arrays without spans. */

import type { Argument, ComprehensionClause, Expression, FormattedPart, Parameter, Pattern, Statement } from '../../server/src/core/syntax/ast.ts'

export type Dump = null | string | number | boolean | readonly Dump[]

const exprs = (all: readonly Expression[]): Dump => all.map(expr)

function maybe(e: Expression | undefined): Dump {
  return e === undefined ? null : expr(e)
}

function expr(e: Expression): Dump {
  switch (e.kind) {
    case 'name': return ['name', e.id]
    case 'constant': return ['constant', e.value]
    case 'number': return [e.type, e.type === 'int' ? String(e.value) : Number(e.value)]
    case 'string': return ['string', e.value]
    case 'bytes': return ['bytes', Buffer.from(e.value).toString('hex')]
    case 'fstring': return ['fstring', formatted(e.parts)]
    case 'attribute': return ['attribute', expr(e.object), e.name.id]
    case 'subscript': return ['subscript', expr(e.object), expr(e.index)]
    case 'slice': return ['slice', maybe(e.lower), maybe(e.upper), maybe(e.step)]
    case 'call': return ['call', expr(e.callee), e.args.map(argument)]
    case 'unary': return ['unary', e.operator, expr(e.operand)]
    case 'binary': return ['binary', e.operator, expr(e.left), expr(e.right)]
    case 'boolean': return ['boolean', e.operator, exprs(e.values)]
    case 'compare': return ['compare', expr(e.first), e.rest.map(({ operator, value }) => [operator, expr(value)])]
    case 'conditional': return ['conditional', expr(e.test), expr(e.then), expr(e.otherwise)]
    case 'lambda': return ['lambda', e.parameters.map(parameter), expr(e.body)]
    case 'tuple':
    case 'list':
    case 'set': return [e.kind, exprs(e.items)]
    case 'dict': return ['dict', e.entries.map(({ key, value }) => [maybe(key), expr(value)])]
    case 'comprehension': return ['comprehension', e.type, expr(e.element), maybe(e.value), e.clauses.map(clause)]
    case 'starred': return ['starred', expr(e.value)]
    case 'await': return ['await', expr(e.value)]
    case 'yield': return ['yield', e.from, maybe(e.value)]
    case 'named': return ['named', expr(e.target), expr(e.value)]
    case 'error': return ['error', e.reason]
  }
}

/** As CPython has them: what `{x=}` prints is text. */
function formatted(parts: readonly FormattedPart[]): Dump {
  const out: Dump[] = []
  const text = (more: string) => {
    const last = out.at(-1)
    if (typeof last === 'string') out[out.length - 1] = last + more
    else if (more !== '') out.push(more)
  }
  for (const part of parts) {
    if (typeof part === 'string') { text(part); continue }
    if (part.debug !== undefined) text(part.debug)
    out.push([expr(part.value), part.conversion ?? '', part.format === undefined ? null : formatted(part.format)])
  }
  return out
}

function clause({ target, iterable, conditions, isAsync }: ComprehensionClause): Dump {
  return [expr(target), expr(iterable), exprs(conditions), isAsync]
}

function argument({ kind, name, value }: Argument): Dump {
  return kind === 'keyword' ? [kind, name?.id ?? null, expr(value)] : [kind, expr(value)]
}

function parameter(p: Parameter): Dump {
  return p.kind === 'keywordMarker' || p.kind === 'positionalMarker' ? [p.kind] : [p.kind, p.name?.id ?? null, maybe(p.annotation), maybe(p.defaultValue)]
}

export function block(body: readonly Statement[]): Dump {
  return body.map(statement)
}

export function statement(s: Statement): Dump {
  switch (s.kind) {
    case 'expression': return ['expression', expr(s.value)]
    case 'assign': return ['assign', exprs(s.targets), expr(s.value)]
    case 'annotatedAssign': return ['annotatedAssign', expr(s.target), expr(s.annotation), maybe(s.value)]
    case 'augmentedAssign': return ['augmentedAssign', expr(s.target), s.operator, expr(s.value)]
    case 'return': return ['return', maybe(s.value)]
    case 'raise': return ['raise', maybe(s.value), maybe(s.cause)]
    case 'assert': return ['assert', expr(s.test), maybe(s.message)]
    case 'delete': return ['delete', exprs(s.targets)]
    case 'pass':
    case 'break':
    case 'continue': return [s.kind]
    case 'import': return ['import', s.names.map(({ name, alias }) => [name.id, alias?.id ?? null])]
    case 'importFrom': return ['importFrom', s.level, s.module?.id ?? null, s.names === '*' ? '*' : s.names.map(({ name, alias }) => [name.id, alias?.id ?? null])]
    case 'global':
    case 'nonlocal': return [s.kind, s.names.map(({ id }) => id)]
    case 'if': {
      // CPython cannot tell `else: if` from `elif`.
      const branches = [...s.branches]
      let { otherwise } = s
      for (let only = otherwise[0]; otherwise.length === 1 && only?.kind === 'if'; only = otherwise[0]) {
        branches.push(...only.branches)
        otherwise = only.otherwise
      }
      return ['if', branches.map(({ test, body }) => [expr(test), block(body)]), block(otherwise)]
    }
    case 'while': return ['while', expr(s.test), block(s.body), block(s.otherwise)]
    case 'for': return ['for', s.isAsync, expr(s.target), expr(s.iterable), block(s.body), block(s.otherwise)]
    case 'try': return ['try', block(s.body), s.handlers.map((handler) => [handler.isGroup === true, maybe(handler.type), handler.name?.id ?? null, block(handler.body)]), block(s.otherwise), block(s.final)]
    case 'with': return ['with', s.isAsync, s.items.map(({ context, target }) => [expr(context), maybe(target)]), block(s.body)]
    case 'match': return ['match', expr(s.subject), s.cases.map((one) => [pattern(one.pattern), maybe(one.guard), block(one.body)])]
    case 'function': return ['function', s.isAsync, s.name.id, s.typeParameters.map(({ id }) => id), s.parameters.map(parameter), maybe(s.returns), s.decorators.map(({ value }) => expr(value)), block(s.body)]
    case 'class': return ['class', s.name.id, s.typeParameters.map(({ id }) => id), s.args.map(argument), s.decorators.map(({ value }) => expr(value)), block(s.body)]
    case 'typeAlias': return ['typeAlias', s.name?.id ?? null, expr(s.value)]
    case 'error': return ['error', s.reason]
  }
}

function pattern(p: Pattern): Dump {
  switch (p.kind) {
    case 'wildcard': return ['wildcard']
    case 'capture': return ['capture', p.name]
    case 'value': return ['value', expr(p.value)]
    case 'sequence': return ['sequence', p.items.map(pattern)]
    case 'star': return ['star', p.name ?? null]
    case 'mapping': return ['mapping', p.entries.map(({ key, value }) => [expr(key), pattern(value)]), p.rest ?? null]
    case 'class': return ['class', expr(p.type), p.positional.map(pattern), p.keywords.map(({ name, value }) => [name, pattern(value)])]
    case 'or': return ['or', p.options.map(pattern)]
    case 'as': return ['as', pattern(p.pattern), p.name]
    case 'error': return ['error', p.reason]
  }
}

/** Where two trees first differ, as the path and both sides; `undefined` where they do not. */
export function difference(ours: Dump, theirs: Dump, at: string): string | undefined {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (typeof ours[1] === 'number' && (ours[0] === 'float' || ours[0] === 'imaginary') && ours[0] === theirs[0]) {
      const value = String(theirs[1]) === 'inf' ? Infinity : Number(theirs[1])
      return value === ours[1] ? undefined : `${at}: ${String(ours[1])}, CPython ${String(theirs[1])}`
    }
    for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
      const found = difference(ours[i] ?? null, theirs[i] ?? null, typeof ours[0] === 'string' && i > 0 ? `${at}.${ours[0]}` : at)
      if (found !== undefined) return found
    }
    return undefined
  }
  return ours === theirs ? undefined : `${at.slice(-120)}: ${JSON.stringify(ours).slice(0, 200)}, CPython ${JSON.stringify(theirs).slice(0, 200)}`
}
