/** dataclasses, in Python of our own; `__init__` is made with the native helper of bound-function.ts, for speed and for its signature. */

import type { NativeModule } from '../native.ts'
import { boundFunction } from './bound-function.ts'
import { functionsSource } from './dataclasses-functions.ts'
import { knownName } from './known-names.ts'
import { isUnknown } from './not-known.ts'

const source = String.raw`
from types import FunctionType, GenericAlias


class FrozenInstanceError(AttributeError):
    pass


class _HAS_DEFAULT_FACTORY_CLASS:
    def __repr__(self):
        return '<factory>'


class _MISSING_TYPE:
    pass


class _KW_ONLY_TYPE:
    pass


_factory = _HAS_DEFAULT_FACTORY_CLASS()
MISSING = _MISSING_TYPE()
KW_ONLY = _KW_ONLY_TYPE()
_FIELDS = '__dataclass_fields__'


class _FIELD_BASE:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


_FIELD = _FIELD_BASE('_FIELD')
_FIELD_CLASSVAR = _FIELD_BASE('_FIELD_CLASSVAR')
_FIELD_INITVAR = _FIELD_BASE('_FIELD_INITVAR')


class InitVar:
    def __init__(self, type):
        self.type = type

    def __repr__(self):
        name = self.type.__name__ if isinstance(self.type, type) else repr(self.type)
        return f'dataclasses.InitVar[{name}]'

    def __class_getitem__(cls, type):
        return InitVar(type)


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = {} if metadata is None else metadata
        self.kw_only = kw_only
        self._field_type = None

    def __repr__(self):
        return (f'Field(name={self.name!r},type={self.type!r},default={self.default!r},default_factory={self.default_factory!r},init={self.init!r},repr={self.repr!r},'
                f'hash={self.hash!r},compare={self.compare!r},metadata={_proxy(self.metadata)!r},kw_only={self.kw_only!r},_field_type={self._field_type})')

    def __set_name__(self, owner, name):
        func = getattr(type(self.default), '__set_name__', None)
        if func:
            func(self.default, owner, name)

    __class_getitem__ = classmethod(GenericAlias)


def _proxy(metadata):
    from types import MappingProxyType
    return MappingProxyType(metadata)


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError('cannot specify both default and default_factory')
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _special(annotation, name, known):
    # What is not known comes from a library that is not evaluated: a type, and none of the special forms, which all are.
    if _is_unknown(annotation):
        return False
    if isinstance(annotation, str):
        head = annotation.split('[')[0].strip()
        return head == name or head.endswith('.' + name)
    return known(annotation)


def _is_classvar(annotation):
    if _is_unknown(annotation):
        return False
    if isinstance(annotation, str):
        return _special(annotation, 'ClassVar', None)
    shown = getattr(annotation, '_name', None)
    if shown == 'ClassVar':
        return True
    return getattr(getattr(annotation, '__origin__', None), '_name', None) == 'ClassVar'


def _is_initvar(annotation):
    return _special(annotation, 'InitVar', lambda one: one is InitVar or isinstance(one, InitVar))


def _is_kw_only(annotation):
    return _special(annotation, 'KW_ONLY', lambda one: one is KW_ONLY)


def _make_field(cls, name, annotation, kw_only):
    default = cls.__dict__.get(name, MISSING)
    if isinstance(default, Field):
        one = default
    else:
        if type(default).__name__ == 'member_descriptor':
            default = MISSING
        one = field(default=default)
    one.name = name
    one.type = annotation
    one._field_type = _FIELD
    if _is_classvar(annotation):
        one._field_type = _FIELD_CLASSVAR
    elif _is_initvar(annotation):
        one._field_type = _FIELD_INITVAR
    if one._field_type in (_FIELD_CLASSVAR, _FIELD_INITVAR) and one.default_factory is not MISSING:
        raise TypeError(f'field {name} cannot have a default factory')
    if one._field_type is _FIELD or one._field_type is _FIELD_INITVAR:
        if one.kw_only is MISSING:
            one.kw_only = kw_only
    elif one.kw_only is not MISSING:
        raise TypeError(f'field {name} is a ClassVar but specifies kw_only')
    if one._field_type is _FIELD and type(one.default).__hash__ is None:
        raise ValueError(f'mutable default {type(one.default)} for field {name} is not allowed: use default_factory')
    return one


def _init_function(cls, fields, frozen):
    parameters = [('self', 0, _bound_required)]
    seen_default = None
    for one in fields:
        if not one.init:
            continue
        default = one.default
        if default is MISSING:
            default = _factory if one.default_factory is not MISSING else _bound_required
        if not one.kw_only:
            if default is not _bound_required:
                seen_default = one
            elif seen_default is not None:
                raise TypeError(f'non-default argument {one.name!r} follows default argument')
        parameters.append((one.name, 1 if one.kw_only else 0, default))
    order = [one.name for one in fields if one.init and not one.kw_only] + [one.name for one in fields if one.init and one.kw_only]
    has_post_init = hasattr(cls, '__post_init__')
    plan = [(one, one.name, order.index(one.name) if one.init else -1) for one in fields]

    def __init__(self, *values):
        post = []
        for one, name, at in plan:
            if at >= 0:
                value = values[at]
                if value is _factory:
                    value = one.default_factory()
            elif one.default_factory is not MISSING:
                value = one.default_factory()
            else:
                if one._field_type is _FIELD_INITVAR and one.default is not MISSING:
                    post.append(one.default)
                continue
            if one._field_type is _FIELD_INITVAR:
                post.append(value)
            elif frozen:
                object.__setattr__(self, name, value)
            else:
                setattr(self, name, value)
        if has_post_init:
            self.__post_init__(*post)

    return _bound_function(f'{cls.__qualname__}.__init__', parameters, __init__, '__init__')


def _repr_function(fields):
    names = [one.name for one in fields if one.repr]
    running = set()

    def __repr__(self):
        key = id(self)
        if key in running:
            return '...'
        running.add(key)
        try:
            inner = ', '.join([f'{name}={getattr(self, name)!r}' for name in names])
        finally:
            running.discard(key)
        return f'{self.__class__.__qualname__}({inner})'
    return __repr__


_ORDER = {'__lt__': lambda a, b: a < b, '__le__': lambda a, b: a <= b, '__gt__': lambda a, b: a > b, '__ge__': lambda a, b: a >= b}


def _compare_function(name, names):
    order = _ORDER[name]

    def compare(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return order(tuple([getattr(self, one) for one in names]), tuple([getattr(other, one) for one in names]))
    compare.__name__ = name
    return compare


def _eq_function(names):
    def __eq__(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return tuple([getattr(self, one) for one in names]) == tuple([getattr(other, one) for one in names])
    return __eq__


def _hash_function(names):
    def __hash__(self):
        return hash(tuple([getattr(self, one) for one in names]))
    return __hash__


def _frozen_functions(cls, names):
    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f'cannot assign to field {name!r}')
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f'cannot delete field {name!r}')
        super(cls, self).__delattr__(name)
    return __setattr__, __delattr__


def _put(cls, name, value):
    if name in cls.__dict__:
        return True
    if isinstance(value, FunctionType):
        value.__qualname__ = f'{cls.__qualname__}.{value.__name__}'
    setattr(cls, name, value)
    return False


def _process_class(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot):
    fields = {}
    has_bases = any_frozen = False
    all_frozen = True
    for base in cls.__mro__[-1:0:-1]:
        base_fields = base.__dict__.get(_FIELDS)
        if base_fields is not None:
            has_bases = True
            fields.update(base_fields)
            base_frozen = base.__dict__['__dataclass_params__'].frozen
            any_frozen = any_frozen or base_frozen
            all_frozen = all_frozen and base_frozen
    annotations = cls.__dict__.get('__annotations__', {})
    own = []
    for name, annotation in annotations.items():
        if _is_kw_only(annotation):
            kw_only = True
        else:
            own.append(_make_field(cls, name, annotation, kw_only))
    for one in own:
        fields[one.name] = one
        if isinstance(cls.__dict__.get(one.name), Field):
            if one.default is MISSING:
                delattr(cls, one.name)
            else:
                setattr(cls, one.name, one.default)
    for name, value in list(cls.__dict__.items()):
        if isinstance(value, Field) and name not in annotations:
            raise TypeError(f'{name!r} is a field but has no type annotation')
    if has_bases:
        if any_frozen and not frozen:
            raise TypeError('cannot inherit non-frozen dataclass from a frozen one')
        if not all_frozen and frozen:
            raise TypeError('cannot inherit frozen dataclass from a non-frozen one')
    if order and not eq:
        raise ValueError('eq must be true if order is true')
    setattr(cls, _FIELDS, fields)
    cls.__dataclass_params__ = _DataclassParams(init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot)
    own_hash = cls.__dict__.get('__hash__', MISSING)
    has_hash = not (own_hash is MISSING or own_hash is None and '__eq__' in cls.__dict__)
    every = [one for one in fields.values() if one._field_type in (_FIELD, _FIELD_INITVAR)]
    plain = [one for one in every if one._field_type is _FIELD]
    if init:
        _put(cls, '__init__', _init_function(cls, every, frozen))
    if repr:
        _put(cls, '__repr__', _repr_function(plain))
    compared = [one.name for one in plain if one.compare]
    if eq:
        _put(cls, '__eq__', _eq_function(compared))
    if order:
        for name in ('__lt__', '__le__', '__gt__', '__ge__'):
            if _put(cls, name, _compare_function(name, compared)):
                raise TypeError(f'Cannot overwrite attribute {name} in class {cls.__name__}. Consider using functools.total_ordering')
    if frozen:
        for function in _frozen_functions(cls, [one.name for one in plain]):
            if _put(cls, function.__name__, function):
                raise TypeError(f'Cannot overwrite attribute {function.__name__} in class {cls.__name__}')
    hashed = [one.name for one in plain if (one.compare if one.hash is None else one.hash)]
    if unsafe_hash:
        if has_hash:
            raise TypeError(f'Cannot overwrite attribute __hash__ in class {cls.__name__}')
        cls.__hash__ = _hash_function(hashed)
    elif eq and frozen:
        if not has_hash:
            cls.__hash__ = _hash_function(hashed)
    elif eq and not has_hash:
        cls.__hash__ = None
    if match_args:
        _put(cls, '__match_args__', tuple([one.name for one in every if one.init and not one.kw_only]))
    return cls


class _DataclassParams:
    def __init__(self, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot):
        self.init, self.repr, self.eq, self.order, self.unsafe_hash, self.frozen = init, repr, eq, order, unsafe_hash, frozen
        self.match_args, self.kw_only, self.slots, self.weakref_slot = match_args, kw_only, slots, weakref_slot


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        return _process_class(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot)
    return wrap if cls is None else wrap(cls)
`

export const dataclassesModule: NativeModule = { name: 'dataclasses', build: () => ({ ...boundFunction, _is_unknown: isUnknown }), source: source + functionsSource, missing: knownName('dataclasses') }
