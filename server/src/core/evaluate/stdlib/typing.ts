/** typing and typing_extensions, in Python of our own: annotations as values that can be subscripted, inspected and inherited from. */

import type { NativeModule } from '../native.ts'
import { knownName } from './known-names.ts'
import { isUnknown } from './not-known.ts'
import { typingClassesSource } from './typing-classes.ts'
import { typingFunctionsSource } from './typing-functions.ts'

const source = String.raw`
import collections
import collections.abc
import contextlib as _contextlib
import functools as _functools
import types as _types
from abc import ABCMeta as _ABCMeta, abstractmethod as _abstractmethod

TYPE_CHECKING = False
_NoneType = type(None)


def _type_repr(obj):
    if isinstance(obj, type) and not isinstance(obj, _types.GenericAlias):
        if obj.__module__ == 'builtins':
            return obj.__qualname__
        return f'{obj.__module__}.{obj.__qualname__}'
    if obj is ...:
        return '...'
    if isinstance(obj, _types.FunctionType):
        return obj.__name__
    if isinstance(obj, list):
        return '[' + ', '.join([_type_repr(one) for one in obj]) + ']'
    return repr(obj)


def _convert(arg):
    if _is_unknown(arg):
        return arg
    if arg is None:
        return _NoneType
    if isinstance(arg, str):
        return ForwardRef(arg)
    return arg


def _tuple(params):
    return params if isinstance(params, tuple) else (params,)


class _TypingBase:
    def __or__(self, right):
        return Union[self, right]

    def __ror__(self, left):
        return Union[left, self]

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


class _Parameter(_TypingBase):
    __typing_parameter__ = True

    def __repr__(self):
        if getattr(self, '__covariant__', False):
            return '+' + self.__name__
        if getattr(self, '__contravariant__', False):
            return '-' + self.__name__
        return '~' + self.__name__


class TypeVar(_Parameter):
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False, infer_variance=False, default=None):
        self.__name__ = name
        self.__constraints__ = constraints
        self.__bound__ = _convert(bound) if bound is not None else None
        self.__covariant__ = covariant
        self.__contravariant__ = contravariant
        self.__default__ = default

    def __mro_entries__(self, bases):
        raise TypeError('Cannot subclass an instance of TypeVar')


class ParamSpec(_Parameter):
    def __init__(self, name, *, bound=None, covariant=False, contravariant=False, infer_variance=False, default=None):
        self.__name__ = name
        self.__bound__ = bound
        self.__covariant__ = covariant
        self.__contravariant__ = contravariant
        self.args = ParamSpecArgs(self)
        self.kwargs = ParamSpecKwargs(self)


class ParamSpecArgs(_TypingBase):
    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f'{self.__origin__.__name__}.args'


class ParamSpecKwargs(_TypingBase):
    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f'{self.__origin__.__name__}.kwargs'


class TypeVarTuple(_Parameter):
    def __init__(self, name, *, default=None):
        self.__name__ = name

    def __iter__(self):
        yield Unpack[self]

    def __repr__(self):
        return self.__name__


class ForwardRef(_TypingBase):
    def __init__(self, arg, is_argument=True, module=None, *, is_class=False):
        self.__forward_arg__ = arg

    def __eq__(self, other):
        return self.__forward_arg__ == other.__forward_arg__ if isinstance(other, ForwardRef) else NotImplemented

    def __hash__(self):
        return hash(self.__forward_arg__)

    def __repr__(self):
        return f'ForwardRef({self.__forward_arg__!r})'


class NewType(_TypingBase):
    def __init__(self, name, tp):
        self.__name__ = self.__qualname__ = name
        self.__supertype__ = tp

    def __call__(self, x):
        return x

    def __repr__(self):
        return f'{self.__module__}.{self.__qualname__}'


def _parameters(args):
    found = []
    for arg in args:
        if isinstance(arg, _Parameter):
            if arg not in found:
                found.append(arg)
        elif isinstance(arg, (list, tuple)):
            found.extend(one for one in _parameters(arg) if one not in found)
        elif not isinstance(arg, type):
            for one in getattr(arg, '__parameters__', ()):
                if one not in found:
                    found.append(one)
    return tuple(found)


class _GenericAlias(_TypingBase):
    def __init__(self, origin, args, name=None):
        self.__origin__ = origin
        self.__args__ = args
        self._name = name
        self._params = None

    @property
    def __parameters__(self):
        if self._params is None:
            self._params = _parameters(self.__args__)
        return self._params

    def __getitem__(self, params):
        if self.__origin__ in (Generic, Protocol):
            raise TypeError(f'Cannot subscript already-subscripted {self}')
        wanted = self.__parameters__
        if not wanted:
            raise TypeError(f'{self} is not a generic class')
        given = [_convert(one) for one in _tuple(params)]
        if len(given) != len(wanted) and not any(isinstance(one, (TypeVarTuple, ParamSpec)) for one in wanted):
            raise TypeError(f'Too {"many" if len(given) > len(wanted) else "few"} arguments for {self}; actual {len(given)}, expected {len(wanted)}')
        table = dict(zip(wanted, given))
        args = []
        for arg in self.__args__:
            if isinstance(arg, _Parameter):
                args.append(table.get(arg, arg))
            elif not isinstance(arg, type) and getattr(arg, '__parameters__', ()):
                args.append(arg[tuple([table[one] for one in arg.__parameters__])])
            else:
                args.append(arg)
        if self.__origin__ is Union:
            return Union[tuple(args)]
        return type(self)(self.__origin__, tuple(args), self._name)

    def __call__(self, *args, **kwargs):
        if not isinstance(self.__origin__, type):
            raise TypeError(f'Cannot instantiate {self!r}')
        result = self.__origin__(*args, **kwargs)
        try:
            result.__orig_class__ = self
        except Exception:
            pass
        return result

    def __getattr__(self, name):
        if name == '__origin__' or name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        return getattr(self.__origin__, name)

    def __mro_entries__(self, bases):
        if not isinstance(self.__origin__, type):
            raise TypeError(f'Cannot subclass {self!r}')
        if self._name and self.__origin__ is not Generic:
            result = [] if self.__origin__ in bases else [self.__origin__]
            at = list(bases).index(self)
            if not any(isinstance(one, _GenericAlias) or isinstance(one, type) and issubclass(one, Generic) for one in bases[at + 1:]):
                result.append(Generic)
            return tuple(result)
        if self.__origin__ is Generic:
            if Protocol in bases:
                return ()
            at = list(bases).index(self)
            for one in bases[at + 1:]:
                if isinstance(one, _GenericAlias) and one is not self:
                    return ()
        return (self.__origin__,)

    def __eq__(self, other):
        if not isinstance(other, _GenericAlias):
            return NotImplemented
        if self.__origin__ is Union and other.__origin__ is Union:
            return set(self.__args__) == set(other.__args__)
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        if self.__origin__ is Union:
            return hash((Union, frozenset(self.__args__)))
        return hash((self.__origin__, self.__args__))

    def __instancecheck__(self, obj):
        if self.__origin__ is Union:
            return isinstance(obj, self.__args__)
        raise TypeError('Subscripted generics cannot be used with class and instance checks')

    def __subclasscheck__(self, cls):
        if self.__origin__ is Union:
            return issubclass(cls, self.__args__)
        raise TypeError('Subscripted generics cannot be used with class and instance checks')

    def __repr__(self):
        args = self.__args__
        if self.__origin__ is Union:
            if len(args) == 2 and _NoneType in args:
                other = args[1] if args[0] is _NoneType else args[0]
                return f'typing.Optional[{_type_repr(other)}]'
            return 'typing.Union[' + ', '.join([_type_repr(one) for one in args]) + ']'
        if self._name == 'Callable' and len(args) > 0:
            if args[0] is ...:
                return f'typing.Callable[..., {_type_repr(args[-1])}]'
            return f'typing.Callable[[{", ".join([_type_repr(one) for one in args[:-1]])}], {_type_repr(args[-1])}]'
        if self._name == 'Annotated':
            return f'typing.Annotated[{_type_repr(args[0])}, {", ".join([repr(one) for one in self.__metadata__])}]'
        name = f'typing.{self._name}' if self._name else _type_repr(self.__origin__)
        inner = ', '.join([_type_repr(one) for one in args]) if args else '()'
        return f'{name}[{inner}]'

    def __iter__(self):
        yield Unpack[self]


class _SpecialForm(_TypingBase):
    def __init__(self, name, getitem=None):
        self._name = self.__name__ = name
        self._getitem = getitem

    def __getitem__(self, params):
        if self._getitem is not None:
            return self._getitem(self, params)
        return _GenericAlias(self, tuple([_convert(one) for one in _tuple(params)]), self._name)

    def __repr__(self):
        return 'typing.' + self._name

    def __call__(self, *args, **kwds):
        raise TypeError(f'Cannot instantiate {self!r}')

    def __mro_entries__(self, bases):
        raise TypeError(f'Cannot subclass {self!r}')


def _union_of(self, params):
    if params == ():
        raise TypeError('Cannot take a Union of no types.')
    flat = []
    for one in [_convert(one) for one in _tuple(params)]:
        inner = one.__args__ if get_origin(one) in (Union, _types.UnionType) else (one,)
        for each in inner:
            if each not in flat:
                flat.append(each)
    return flat[0] if len(flat) == 1 else _GenericAlias(Union, tuple(flat))


def _union(a, b):
    typed = [one for one in (a, b) if isinstance(one, _TypingBase)]
    return Union[a, b] if typed else _types._union(a, b)


def _alias(cls, params):
    return _types.GenericAlias(cls, params)


def _literal(self, params):
    flat = []
    for one in _tuple(params):
        for each in (one.__args__ if get_origin(one) is Literal else (one,)):
            if not any(type(each) is type(other) and each == other for other in flat):
                flat.append(each)
    alias = _LiteralAlias(self, tuple(flat), 'Literal')
    return alias


class _LiteralAlias(_GenericAlias):
    def __repr__(self):
        return f'typing.Literal[{", ".join([repr(one) for one in self.__args__])}]'

    def __eq__(self, other):
        return isinstance(other, _LiteralAlias) and set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))


def _annotated(self, params):
    alias = _GenericAlias(_convert(params[0]), (_convert(params[0]),), 'Annotated')
    alias.__metadata__ = tuple(params[1:])
    return alias


Any = None


class _AnyMeta(type):
    def __instancecheck__(self, obj):
        if self is Any:
            raise TypeError('typing.Any cannot be used with isinstance()')
        return super().__instancecheck__(obj)

    def __repr__(self):
        return 'typing.Any' if self is Any else super().__repr__()


class Any(metaclass=_AnyMeta):
    pass


Union = _SpecialForm('Union', _union_of)
Optional = _SpecialForm('Optional', lambda self, one: Union[one, None])
Literal = _SpecialForm('Literal', _literal)
Annotated = _SpecialForm('Annotated', _annotated)
for _name in ('ClassVar', 'Final', 'Concatenate', 'TypeGuard', 'TypeIs', 'Required', 'NotRequired', 'ReadOnly', 'Unpack', 'NoReturn', 'Never', 'Self', 'LiteralString', 'TypeAlias', 'TypeForm'):
    globals()[_name] = _SpecialForm(_name)
`
export const typingModules: readonly NativeModule[] = [
  { name: 'typing', build: () => ({ _is_unknown: isUnknown }), source: source + typingClassesSource + typingFunctionsSource, missing: knownName('typing') },
  { name: 'typing_extensions', build: () => ({}), source: 'import typing\nfor _name, _value in list(vars(typing).items()):\n    if not _name.startswith(\'__\'):\n        globals()[_name] = _value\n' },
]
