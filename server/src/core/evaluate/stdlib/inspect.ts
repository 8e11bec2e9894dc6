/** inspect: signatures and questions about objects. */

import { fn, type NativeModule } from '../native.ts'
import { isMissing, NativeFunction, PyFunction, PyList, PyMethod, PyModule, PyTuple, PyWrapper, type Signature, Unknown, type Value } from '../value.ts'
import { objectClass } from '../core-classes.ts'
import { shownSignatures } from './bound-function.ts'
import { questionsSource } from './inspect-questions.ts'
import { knownName } from './known-names.ts'
import type { LibraryContext } from './context.ts'
import { isUnknown } from './not-known.ts'

/** A callable's parameters as `(name, kind, has default, default, annotation name)` and whether one is bound; None when it has none to show. */
const parametersOf = fn('_parameters(obj)', (m, [obj]) => {
  if (obj instanceof PyMethod) {
    const inner = listParameters(obj.callee)
    return inner === undefined ? null : new PyTuple([new PyList(inner.slice(inner[0] !== undefined && ((inner[0] as PyTuple).items[1] as number) < 2 ? 1 : 0)), obj.callee])
  }
  if (obj instanceof PyWrapper) return m.call(parametersOf, [obj.callee])
  // Constructors that differ between releases take `*args, **options` here.
  if (obj instanceof PyFunction && obj.code.doubleStar === 'options' && obj.module.file === undefined) return m.unknown('the signature of this layer')
  const list = listParameters(obj)
  return list === undefined ? null : new PyTuple([new PyList(list), obj])
})

function listParameters(callee: Value): Value[] | undefined {
  if (callee instanceof PyFunction) {
    const { code, defaults, keywordDefaults } = callee
    const list: Value[] = []
    const row = (name: string, kind: number, fallback: Value | undefined): void => { list.push(new PyTuple([name, kind, fallback !== undefined, fallback ?? null])) }
    for (const [at, name] of code.parameters.slice(0, code.positional).entries()) row(name, at < code.positionalOnly ? 0 : 1, defaults[at - code.positional + defaults.length])
    if (code.star !== undefined) row(code.star, 2, undefined)
    for (const name of code.parameters.slice(code.positional)) row(name, 3, keywordDefaults?.get(name))
    if (code.doubleStar !== undefined) row(code.doubleStar, 4, undefined)
    return list
  }
  if (!(callee instanceof NativeFunction)) return undefined
  const signature = shownSignatures.get(callee) ?? callee.signature
  return signature === undefined ? undefined : ofSignature(signature)
}

function ofSignature(signature: Signature): Value[] {
  return signature.parameters.map((one, at) => {
    const kind = at === signature.star ? 2 : at === signature.doubleStar ? 4 : at < signature.positionalOnly ? 0 : at < signature.positional ? 1 : 3
    const fallback = one.defaultValue === undefined || isMissing(one.defaultValue) ? null : one.defaultValue
    return new PyTuple([one.name, kind, one.defaultValue !== undefined, fallback])
  })
}

const source = String.raw`
import types as _types


class _empty:
    pass


class _ParameterKind(int):
    _names = ('POSITIONAL_ONLY', 'POSITIONAL_OR_KEYWORD', 'VAR_POSITIONAL', 'KEYWORD_ONLY', 'VAR_KEYWORD')
    _shown = ('positional-only', 'positional or keyword', 'variadic positional', 'keyword-only', 'variadic keyword')

    @property
    def name(self):
        return self._names[self]

    @property
    def description(self):
        return self._shown[self]

    def __str__(self):
        return self.name

    def __repr__(self):
        return f'<_ParameterKind.{self.name}: {int(self)}>'


_KINDS = tuple([_ParameterKind(one) for one in range(5)])


class Parameter:
    empty = _empty
    POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = _KINDS

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        self.name, self.kind, self.default, self.annotation = name, _KINDS[kind], default, annotation

    def replace(self, **changes):
        given = {'name': self.name, 'kind': self.kind, 'default': self.default, 'annotation': self.annotation}
        given.update(changes)
        name, kind = given.pop('name'), given.pop('kind')
        return Parameter(name, kind, **given)

    def __str__(self):
        text = self.name
        if self.annotation is not _empty:
            text = f'{text}: {formatannotation(self.annotation)}'
        if self.default is not _empty:
            text = f'{text} = {self.default!r}' if self.annotation is not _empty else f'{text}={self.default!r}'
        if self.kind == 2:
            return '*' + text
        return '**' + text if self.kind == 4 else text

    def __repr__(self):
        return f'<{self.__class__.__name__} "{self}">'

    def __eq__(self, other):
        if not isinstance(other, Parameter):
            return NotImplemented
        return (self.name, self.kind, self.default, self.annotation) == (other.name, other.kind, other.default, other.annotation)

    def __hash__(self):
        return hash((self.name, self.kind))


def formatannotation(annotation, base_module=None):
    if getattr(annotation, '__module__', None) == 'typing':
        return repr(annotation).replace('typing.', '')
    if isinstance(annotation, type) and not isinstance(annotation, _types.GenericAlias):
        if annotation.__module__ in ('builtins', base_module):
            return annotation.__qualname__
        return annotation.__module__ + '.' + annotation.__qualname__
    return repr(annotation)


class BoundArguments:
    def __init__(self, signature, arguments):
        self.signature = signature
        self.arguments = arguments

    @property
    def args(self):
        result = []
        for name, one in self.signature.parameters.items():
            if one.kind in (3, 4) or name not in self.arguments:
                break
            if one.kind == 2:
                result.extend(self.arguments[name])
            else:
                result.append(self.arguments[name])
        return tuple(result)

    @property
    def kwargs(self):
        result = {}
        skipping = True
        for name, one in self.signature.parameters.items():
            if skipping:
                if one.kind in (3, 4) or name not in self.arguments:
                    skipping = False
                else:
                    continue
            if name in self.arguments:
                if one.kind == 4:
                    result.update(self.arguments[name])
                else:
                    result[name] = self.arguments[name]
        return result

    def apply_defaults(self):
        result = {}
        for name, one in self.signature.parameters.items():
            if name in self.arguments:
                result[name] = self.arguments[name]
            elif one.default is not _empty:
                result[name] = one.default
            elif one.kind == 2:
                result[name] = ()
            elif one.kind == 4:
                result[name] = {}
        self.arguments = result

    def __repr__(self):
        return f'<BoundArguments ({", ".join([f"{key}={value!r}" for key, value in self.arguments.items()])})>'


class Signature:
    empty = _empty

    def __init__(self, parameters=None, *, return_annotation=_empty):
        self.parameters = _types.MappingProxyType({one.name: one for one in parameters or ()})
        self.return_annotation = return_annotation

    @classmethod
    def from_callable(cls, obj, **kwargs):
        return signature(obj)

    def replace(self, *, parameters=_empty, return_annotation=_empty):
        return Signature(self.parameters.values() if parameters is _empty else parameters, return_annotation=self.return_annotation if return_annotation is _empty else return_annotation)

    def bind(self, /, *args, **kwargs):
        return self._bind(args, kwargs, False)

    def bind_partial(self, /, *args, **kwargs):
        return self._bind(args, kwargs, True)

    def _bind(self, args, kwargs, partial):
        arguments = {}
        args = list(args)
        rest = None
        for name, one in self.parameters.items():
            if one.kind == 2:
                if args:
                    arguments[name] = tuple(args)
                    args = []
            elif one.kind == 4:
                rest = name
            elif args and one.kind < 2:
                if name in kwargs and one.kind == 1:
                    raise TypeError(f'multiple values for argument {name!r}')
                arguments[name] = args.pop(0)
            elif name in kwargs and one.kind != 0:
                arguments[name] = kwargs.pop(name)
            elif one.default is _empty and not partial:
                raise TypeError(f'missing a required {"keyword-only " if one.kind == 3 else ""}argument: {name!r}')
        if args:
            raise TypeError('too many positional arguments')
        if rest is not None:
            if kwargs:
                arguments[rest] = kwargs
        elif kwargs:
            raise TypeError(f'got an unexpected keyword argument {next(iter(kwargs))!r}')
        return BoundArguments(self, arguments)

    def __str__(self):
        parts = []
        slash = star = False
        for one in self.parameters.values():
            if one.kind == 0:
                slash = True
            elif slash:
                parts.append('/')
                slash = False
            if one.kind == 2:
                star = True
            elif one.kind == 3 and not star:
                parts.append('*')
                star = True
            parts.append(str(one))
        if slash:
            parts.append('/')
        text = f'({", ".join(parts)})'
        return text if self.return_annotation is _empty else f'{text} -> {formatannotation(self.return_annotation)}'

    def __repr__(self):
        return f'<{self.__class__.__name__} {self}>'

    def __eq__(self, other):
        return isinstance(other, Signature) and list(self.parameters.items()) == list(other.parameters.items())


def signature(obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
    if _is_unknown(obj):
        return obj
    if not callable(obj):
        raise TypeError(f'{obj!r} is not a callable object')
    given = getattr(obj, '__signature__', None)
    if isinstance(given, Signature):
        return given
    if follow_wrapped and hasattr(obj, '__wrapped__') and not isinstance(obj, type):
        inner = signature(obj.__wrapped__)
        if isinstance(obj, _types.MethodType):
            return Signature(list(inner.parameters.values())[1:], return_annotation=inner.return_annotation)
        return inner
    from functools import partial
    if isinstance(obj, partial):
        return _partial_signature(obj)
    skip = 0
    target = obj
    if isinstance(obj, type):
        meta = type(obj).__call__
        if isinstance(meta, _types.FunctionType):
            target = meta
        elif obj.__init__ is not object.__init__:
            target = obj.__init__
        elif obj.__new__ is not object.__new__:
            target = obj.__new__
        else:
            return Signature()
        skip = 1
    elif _parameters(obj) is None:
        target = getattr(type(obj), '__call__', None)
        skip = 1
    found = _parameters(target)
    if found is None:
        raise ValueError(f'no signature found for {obj!r}')
    rows, function = found
    annotations = getattr(function, '__annotations__', None) or {}
    parameters = [Parameter(name, kind, default=default if has else _empty, annotation=annotations.get(name, _empty)) for name, kind, has, default in rows[skip:] ]
    return Signature(parameters, return_annotation=annotations.get('return', _empty) if not isinstance(obj, type) else _empty)


def _partial_signature(obj):
    inner = signature(obj.func)
    bound = inner.bind_partial(*obj.args, **obj.keywords).arguments
    parameters = []
    keyword_only = False
    given = len(obj.args)
    for name, one in inner.parameters.items():
        if one.kind < 2 and given > 0:
            given -= 1
            continue
        if name in obj.keywords:
            keyword_only = True
            parameters.append(one.replace(kind=3, default=obj.keywords[name]))
        elif one.kind == 2 and keyword_only:
            continue
        elif one.kind < 2 and keyword_only:
            parameters.append(one.replace(kind=3))
        else:
            parameters.append(one)
    return Signature(parameters, return_annotation=inner.return_annotation)
`

/** `getsource(object)`: of a module, the text of its file; where functions and classes begin and end is not kept. */
const getsource = (context: LibraryContext): Value => fn('getsource(object)', (m, [object]) => {
  if (!(object instanceof PyModule)) return object instanceof Unknown ? object : m.unknown('inspect.getsource of this object is not evaluated')
  const text = object.file === undefined ? undefined : context.sourceOf(object.file)
  return typeof text === 'string' ? text : m.unknown('the source of a module that is not read')
})

export const inspectModule = (context: LibraryContext): NativeModule => ({
  name: 'inspect',
  build: () => ({ _is_unknown: isUnknown, getsource: getsource(context), _parameters: parametersOf, __builtins_object: objectClass }),
  source: source + questionsSource,
  missing: knownName('inspect'),
})
