/** types: the classes of the language's own objects, and the small classes that module adds. */

import { builtinClasses } from '../core-classes.ts'
import type { NativeModule } from '../native.ts'
import type { Value } from '../value.ts'
import { knownName } from './known-names.ts'

const BUILT_IN: Readonly<Record<string, string>> = {
  FunctionType: 'function', LambdaType: 'function', MethodType: 'method', BuiltinFunctionType: 'builtin_function_or_method', BuiltinMethodType: 'builtin_function_or_method',
  ModuleType: 'module', GeneratorType: 'generator', CoroutineType: 'coroutine', CellType: 'cell', MappingProxyType: 'mappingproxy', NoneType: 'NoneType',
  EllipsisType: 'ellipsis', NotImplementedType: 'NotImplementedType', CodeType: 'code', TracebackType: 'traceback', FrameType: 'frame',
}

const source = String.raw`
def _shown(obj):
    if isinstance(obj, type):
        return obj.__qualname__ if obj.__module__ == 'builtins' else f'{obj.__module__}.{obj.__qualname__}'
    if obj is ...:
        return '...'
    if obj is None:
        return 'None'
    if isinstance(obj, list):
        return '[' + ', '.join([_shown(one) for one in obj]) + ']'
    return repr(obj)


def _parameters_in(args):
    found = []
    for one in args:
        inner = (one,) if hasattr(type(one), '__typing_parameter__') else () if isinstance(one, type) else getattr(one, '__parameters__', ())
        found.extend([each for each in inner if each not in found])
    return tuple(found)


class UnionType:
    def __init__(self, args):
        flat = []
        for one in args:
            for each in (one.__args__ if isinstance(one, UnionType) else (type(None) if one is None else one,)):
                if each not in flat:
                    flat.append(each)
        self.__args__ = tuple(flat)

    @property
    def __parameters__(self):
        return _parameters_in(self.__args__)

    def __or__(self, other):
        return _union(self, other)

    def __ror__(self, other):
        return _union(other, self)

    def __eq__(self, other):
        return set(self.__args__) == set(other.__args__) if isinstance(other, UnionType) else NotImplemented

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __repr__(self):
        return ' | '.join(['None' if one is type(None) else _shown(one) for one in self.__args__])


def _union(a, b):
    made = UnionType((a, b))
    return made.__args__[0] if len(made.__args__) == 1 else made


class GenericAlias:
    def __init__(self, origin, args):
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)

    @property
    def __parameters__(self):
        return _parameters_in(self.__args__)

    def __getitem__(self, params):
        wanted = self.__parameters__
        if not wanted:
            raise TypeError(f'{self!r} is not a generic class')
        table = dict(zip(wanted, params if isinstance(params, tuple) else (params,)))
        return GenericAlias(self.__origin__, tuple([
            table.get(one, one) if one in wanted else one[tuple([table[each] for each in one.__parameters__])] if not isinstance(one, type) and getattr(one, '__parameters__', ()) else one for one in self.__args__
        ]))

    def __call__(self, *args, **kwargs):
        result = self.__origin__(*args, **kwargs)
        try:
            result.__orig_class__ = self
        except (AttributeError, TypeError):
            pass
        return result

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __getattr__(self, name):
        if name in ('__origin__', '__args__', '__copy__', '__deepcopy__', '__orig_class__'):
            raise AttributeError(name)
        return getattr(self.__origin__, name)

    def __or__(self, other):
        return _union(self, other)

    def __ror__(self, other):
        return _union(other, self)

    def __eq__(self, other):
        return (self.__origin__, self.__args__) == (other.__origin__, other.__args__) if isinstance(other, GenericAlias) else NotImplemented

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    def __instancecheck__(self, obj):
        raise TypeError('isinstance() argument 2 cannot be a parameterized generic')

    def __subclasscheck__(self, obj):
        raise TypeError('issubclass() argument 2 cannot be a parameterized generic')

    def __repr__(self):
        return f'{_shown(self.__origin__)}[{", ".join([_shown(one) for one in self.__args__]) or "()"}]'

    def __iter__(self):
        yield self


class SimpleNamespace:
    def __init__(self, /, **kwargs):
        self.__dict__.update(kwargs)

    def __repr__(self):
        name = 'namespace' if type(self) is SimpleNamespace else type(self).__name__
        return f'{name}({", ".join([f"{key}={value!r}" for key, value in self.__dict__.items()])})'

    def __eq__(self, other):
        if isinstance(self, SimpleNamespace) and isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented
    __hash__ = None


class DynamicClassAttribute:
    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget, self.fset, self.fdel = fget, fset, fdel
        self.__doc__ = doc or fget.__doc__

    def __get__(self, instance, ownerclass=None):
        if instance is None:
            raise AttributeError()
        return self.fget(instance)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("can't set attribute")
        self.fset(instance, value)

    def setter(self, fset):
        return type(self)(self.fget, fset, self.fdel)


def new_class(name, bases=(), kwds=None, exec_body=None):
    namespace = {}
    if exec_body is not None:
        exec_body(namespace)
    kwds = dict(kwds or {})
    resolved = resolve_bases(bases)
    meta = kwds.pop('metaclass', None) or (type(resolved[0]) if resolved else type)
    if resolved is not bases:
        namespace['__orig_bases__'] = bases
    return meta(name, resolved, namespace, **kwds)


def resolve_bases(bases):
    result = []
    changed = False
    for base in bases:
        if isinstance(base, type) or not hasattr(base, '__mro_entries__'):
            result.append(base)
        else:
            result.extend(base.__mro_entries__(bases))
            changed = True
    return tuple(result) if changed else bases


def coroutine(func):
    return func
`

export const typesModule: NativeModule = {
  name: 'types',
  build: () => {
    const names: Record<string, Value> = {}
    for (const [name, builtin] of Object.entries(BUILT_IN)) {
      const cls = builtinClasses.get(builtin)
      if (cls !== undefined) names[name] = cls
    }
    return names
  },
  source,
  missing: knownName('types'),
}
