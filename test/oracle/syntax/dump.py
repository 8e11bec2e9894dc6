"""Writes what CPython's own parser makes of Python files, one JSON line a file, in the shape of core/syntax/ast.ts.

    python dump.py FILE...

The line is `[file, tree]`; the tree is `null` where CPython refuses the file. Spans are left out. Run with CPython 3.12 or newer:
older ones join the parts of f-strings otherwise.
"""

import ast
import json
import sys
import warnings

OPERATORS = {
    ast.Add: '+', ast.Sub: '-', ast.Mult: '*', ast.Div: '/', ast.FloorDiv: '//', ast.Mod: '%', ast.Pow: '**', ast.MatMult: '@', ast.LShift: '<<',
    ast.RShift: '>>', ast.BitAnd: '&', ast.BitOr: '|', ast.BitXor: '^', ast.UAdd: '+', ast.USub: '-', ast.Invert: '~', ast.Not: 'not', ast.And: 'and',
    ast.Or: 'or', ast.Lt: '<', ast.LtE: '<=', ast.Gt: '>', ast.GtE: '>=', ast.Eq: '==', ast.NotEq: '!=', ast.Is: 'is', ast.IsNot: 'is not', ast.In: 'in',
    ast.NotIn: 'not in',
}


def op(node):
    return OPERATORS[type(node)]


def constant(value):
    if value is None or value is True or value is False or value is Ellipsis:
        return ['constant', {None: 'None', True: 'True', False: 'False', Ellipsis: '...'}[value]]
    if isinstance(value, int):
        return ['int', str(value)]
    if isinstance(value, float):
        return ['float', repr(value)]
    if isinstance(value, complex):
        return ['imaginary', repr(value.imag)]
    if isinstance(value, bytes):
        return ['bytes', value.hex()]
    return ['string', value]


def parts(values):
    out = []
    for value in values:
        if isinstance(value, ast.Constant):
            if out and isinstance(out[-1], str):
                out[-1] += value.value
            elif value.value:
                out.append(value.value)
        elif isinstance(value, ast.JoinedStr):
            for part in parts(value.values):
                if isinstance(part, str) and out and isinstance(out[-1], str):
                    out[-1] += part
                else:
                    out.append(part)
        else:
            out.append([expr(value.value), '' if value.conversion < 0 else chr(value.conversion), None if value.format_spec is None else parts(value.format_spec.values)])
    return out


def exprs(nodes):
    return [expr(node) for node in nodes]


def expr(e):
    match e:
        case None: return None
        case ast.Name(): return ['name', e.id]
        case ast.Constant(): return constant(e.value)
        case ast.JoinedStr(): return ['fstring', parts(e.values)]
        case ast.Attribute(): return ['attribute', expr(e.value), e.attr]
        case ast.Subscript(): return ['subscript', expr(e.value), expr(e.slice)]
        case ast.Slice(): return ['slice', expr(e.lower), expr(e.upper), expr(e.step)]
        case ast.Call(): return ['call', expr(e.func), arguments(e.args, e.keywords)]
        case ast.UnaryOp(): return ['unary', op(e.op), expr(e.operand)]
        case ast.BinOp(): return ['binary', op(e.op), expr(e.left), expr(e.right)]
        case ast.BoolOp(): return ['boolean', op(e.op), exprs(e.values)]
        case ast.Compare(): return ['compare', expr(e.left), [[op(o), expr(c)] for o, c in zip(e.ops, e.comparators)]]
        case ast.IfExp(): return ['conditional', expr(e.test), expr(e.body), expr(e.orelse)]
        case ast.Lambda(): return ['lambda', parameters(e.args), expr(e.body)]
        case ast.Tuple(): return ['tuple', exprs(e.elts)]
        case ast.List(): return ['list', exprs(e.elts)]
        case ast.Set(): return ['set', exprs(e.elts)]
        case ast.Dict(): return ['dict', [[expr(k), expr(v)] for k, v in zip(e.keys, e.values)]]
        case ast.ListComp(): return ['comprehension', 'list', expr(e.elt), None, clauses(e.generators)]
        case ast.SetComp(): return ['comprehension', 'set', expr(e.elt), None, clauses(e.generators)]
        case ast.GeneratorExp(): return ['comprehension', 'generator', expr(e.elt), None, clauses(e.generators)]
        case ast.DictComp(): return ['comprehension', 'dict', expr(e.key), expr(e.value), clauses(e.generators)]
        case ast.Starred(): return ['starred', expr(e.value)]
        case ast.Await(): return ['await', expr(e.value)]
        case ast.Yield(): return ['yield', False, expr(e.value)]
        case ast.YieldFrom(): return ['yield', True, expr(e.value)]
        case ast.NamedExpr(): return ['named', expr(e.target), expr(e.value)]
    raise TypeError(e)


def clauses(generators):
    return [[expr(g.target), expr(g.iter), exprs(g.ifs), bool(g.is_async)] for g in generators]


def arguments(args, keywords):
    # In the order of the text: CPython keeps the two kinds apart.
    everything = [(a.lineno, a.col_offset, ['star', expr(a.value)] if isinstance(a, ast.Starred) else ['positional', expr(a)]) for a in args]
    everything += [(k.lineno, k.col_offset, ['doubleStar', expr(k.value)] if k.arg is None else ['keyword', k.arg, expr(k.value)]) for k in keywords]
    return [one for _, _, one in sorted(everything, key=lambda one: one[:2])]


def parameters(a):
    out = []
    positional = a.posonlyargs + a.args
    defaults = [None] * (len(positional) - len(a.defaults)) + a.defaults
    for i, (one, default) in enumerate(zip(positional, defaults)):
        out.append(['plain', one.arg, expr(one.annotation), expr(default)])
        if a.posonlyargs and i == len(a.posonlyargs) - 1:
            out.append(['positionalMarker'])
    if a.vararg:
        out.append(['star', a.vararg.arg, expr(a.vararg.annotation), None])
    elif a.kwonlyargs:
        out.append(['keywordMarker'])
    for one, default in zip(a.kwonlyargs, a.kw_defaults):
        out.append(['plain', one.arg, expr(one.annotation), expr(default)])
    if a.kwarg:
        out.append(['doubleStar', a.kwarg.arg, expr(a.kwarg.annotation), None])
    return out


def block(body):
    return [stmt(s) for s in body]


def names(aliases):
    return [[a.name, a.asname] for a in aliases]


def generics(s):
    return [p.name for p in getattr(s, 'type_params', [])]


def stmt(s):
    match s:
        case ast.Expr(): return ['expression', expr(s.value)]
        case ast.Assign(): return ['assign', exprs(s.targets), expr(s.value)]
        case ast.AnnAssign(): return ['annotatedAssign', expr(s.target), expr(s.annotation), expr(s.value)]
        case ast.AugAssign(): return ['augmentedAssign', expr(s.target), op(s.op), expr(s.value)]
        case ast.Return(): return ['return', expr(s.value)]
        case ast.Raise(): return ['raise', expr(s.exc), expr(s.cause)]
        case ast.Assert(): return ['assert', expr(s.test), expr(s.msg)]
        case ast.Delete(): return ['delete', exprs(s.targets)]
        case ast.Pass(): return ['pass']
        case ast.Break(): return ['break']
        case ast.Continue(): return ['continue']
        case ast.Import(): return ['import', names(s.names)]
        case ast.ImportFrom(): return ['importFrom', s.level, s.module, '*' if s.names[0].name == '*' else names(s.names)]
        case ast.Global(): return ['global', s.names]
        case ast.Nonlocal(): return ['nonlocal', s.names]
        case ast.If():
            branches = [[expr(s.test), block(s.body)]]
            rest = s.orelse
            while len(rest) == 1 and isinstance(rest[0], ast.If):
                branches.append([expr(rest[0].test), block(rest[0].body)])
                rest = rest[0].orelse
            return ['if', branches, block(rest)]
        case ast.While(): return ['while', expr(s.test), block(s.body), block(s.orelse)]
        case ast.For() | ast.AsyncFor(): return ['for', isinstance(s, ast.AsyncFor), expr(s.target), expr(s.iter), block(s.body), block(s.orelse)]
        case ast.Try(): return tried(s, False)
        case ast.With() | ast.AsyncWith(): return ['with', isinstance(s, ast.AsyncWith), [[expr(i.context_expr), expr(i.optional_vars)] for i in s.items], block(s.body)]
        case ast.Match(): return ['match', expr(s.subject), [[pattern(c.pattern), expr(c.guard), block(c.body)] for c in s.cases]]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return ['function', isinstance(s, ast.AsyncFunctionDef), s.name, generics(s), parameters(s.args), expr(s.returns), exprs(s.decorator_list), block(s.body)]
        case ast.ClassDef():
            return ['class', s.name, generics(s), arguments(s.bases, s.keywords), exprs(s.decorator_list), block(s.body)]
    if type(s).__name__ == 'TryStar':
        return tried(s, True)
    if type(s).__name__ == 'TypeAlias':
        return ['typeAlias', s.name.id, expr(s.value)]
    raise TypeError(s)


def tried(s, is_group):
    return ['try', block(s.body), [[is_group, expr(h.type), h.name, block(h.body)] for h in s.handlers], block(s.orelse), block(s.finalbody)]


def pattern(p):
    match p:
        case ast.MatchValue(): return ['value', expr(p.value)]
        case ast.MatchSingleton(): return ['value', constant(p.value)]
        case ast.MatchSequence(): return ['sequence', [pattern(q) for q in p.patterns]]
        case ast.MatchStar(): return ['star', p.name]
        case ast.MatchMapping(): return ['mapping', [[expr(k), pattern(q)] for k, q in zip(p.keys, p.patterns)], p.rest]
        case ast.MatchClass(): return ['class', expr(p.cls), [pattern(q) for q in p.patterns], [[n, pattern(q)] for n, q in zip(p.kwd_attrs, p.kwd_patterns)]]
        case ast.MatchOr(): return ['or', [pattern(q) for q in p.patterns]]
        case ast.MatchAs():
            if p.pattern is None:
                return ['wildcard'] if p.name is None else ['capture', p.name]
            return ['as', pattern(p.pattern), p.name]
    raise TypeError(p)


def main():
    warnings.simplefilter('ignore')
    sys.setrecursionlimit(20_000)
    for file in sys.argv[1:]:
        try:
            with open(file, 'rb') as handle:
                tree = block(ast.parse(handle.read()).body)
        except (SyntaxError, ValueError, RecursionError):
            tree = None
        print(json.dumps([file, tree]))


if __name__ == '__main__':
    main()
