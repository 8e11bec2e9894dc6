/** enum, in Python of our own. */

import type { NativeModule } from '../native.ts'
import { flagSource } from './enum-flag.ts'
import { knownName } from './known-names.ts'

const source = String.raw`
_unset = object()
_type = type


class auto:
    def __init__(self, value=_unset):
        self.value = value

    def __repr__(self):
        return f'auto({self.value!r})'

    def __or__(self, other):
        return _Later(lambda a, b: a | b, self, other)

    def __and__(self, other):
        return _Later(lambda a, b: a & b, self, other)

    def __xor__(self, other):
        return _Later(lambda a, b: a ^ b, self, other)

    def __ror__(self, other):
        return _Later(lambda a, b: a | b, other, self)


class _Later(auto):
    """What a class body computes from auto(): the values are given when the class is made."""

    def __init__(self, compute, left, right):
        self.value = _unset
        self.parts = (compute, left, right)


def _resolved(value):
    if isinstance(value, _Later):
        compute, left, right = value.parts
        return compute(_resolved(left), _resolved(right))
    return value.value if isinstance(value, auto) else value


class nonmember:
    def __init__(self, value):
        self.value = value


class member:
    def __init__(self, value):
        self.value = value


def _is_descriptor(obj):
    return hasattr(type(obj), '__get__') or hasattr(type(obj), '__set__') or hasattr(type(obj), '__delete__')


def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == '__' and name[2] != '_' and name[-3] != '_'


def _is_sunder(name):
    return len(name) > 2 and name[0] == name[-1] == '_' and name[1] != '_' and name[-2] != '_'


def _is_private(cls_name, name):
    prefix = f'_{cls_name}__'
    return name.startswith(prefix) and len(name) > len(prefix) and not name.endswith('__')


def _is_single_bit(num):
    return num > 0 and num & (num - 1) == 0


# What a built-in data type must not take over from the enumeration, though it stands before it in the mro.
_SHOWING = ('__repr__', '__str__', '__format__')
_OPERATORS = _SHOWING + ('__or__', '__and__', '__xor__', '__ror__', '__rand__', '__rxor__', '__invert__', '__bool__')


def _owner(cls, name):
    for base in cls.__mro__:
        if name in base.__dict__:
            return base
    return object


class EnumType(type):
    def __new__(metacls, name, bases, namespace, *, boundary=None, _simple=False, **kwds):
        if not any(isinstance(base, EnumType) for base in bases):
            return super().__new__(metacls, name, bases, dict(namespace), **kwds)
        for base in bases:
            if isinstance(base, EnumType) and base._member_names_:
                raise TypeError(f'<enum {name!r}> cannot extend {base!r}')
        enum_base, data_type = metacls._find_bases(bases)
        ignore = namespace.get('_ignore_', ())
        if isinstance(ignore, str):
            ignore = ignore.replace(',', ' ').split()
        body = {}
        raw = {}
        for key, value in namespace.items():
            if key == '_ignore_' or key in ignore:
                continue
            if isinstance(value, nonmember):
                body[key] = value.value
            elif isinstance(value, member):
                raw[key] = value.value
            elif _is_dunder(key) or _is_sunder(key) or _is_private(name, key) or _is_descriptor(value):
                body[key] = value
            else:
                raw[key] = value
        if 'mro' in raw:
            raise ValueError('invalid enum member name(s) \'mro\'')
        if '__new__' in body:
            body['_new_member_'] = body.pop('__new__')
        cls = super().__new__(metacls, name, bases, body, **kwds)
        if data_type is not object:
            is_flag = 'Flag' in globals() and issubclass(cls, Flag)
            for key in _OPERATORS if is_flag else _SHOWING:
                if key not in body and _owner(cls, key).__module__ == 'builtins':
                    type.__setattr__(cls, key, _owner(enum_base, key).__dict__[key])
        cls._member_names_ = []
        cls._member_map_ = {}
        cls._value2member_map_ = {}
        cls._member_type_ = data_type
        cls._boundary_ = boundary or getattr(enum_base, '_boundary_', None)
        cls._flag_mask_ = 0
        cls._singles_mask_ = 0
        cls._missing_value_ = _unset
        generate = cls.__dict__.get('_generate_next_value_') or getattr(enum_base, '_generate_next_value_')
        generate = getattr(generate, '__func__', generate)
        last_values = []
        make = getattr(cls, '_new_member_', None)
        make = getattr(make, '__func__', make)
        is_flag = 'Flag' in globals() and issubclass(cls, Flag)
        for key, value in raw.items():
            if isinstance(value, _Later):
                value = _resolved(value)
            elif isinstance(value, auto):
                if value.value is _unset:
                    value.value = generate(key, 1, len(last_values), last_values[:])
                value = value.value
            elif isinstance(value, tuple) and any(isinstance(one, auto) for one in value):
                value = tuple((one.value if one.value is not _unset else generate(key, 1, len(last_values), last_values[:])) if isinstance(one, auto) else one for one in value)
            last_values.append(value)
            args = value if isinstance(value, tuple) else (value,)
            if data_type is tuple:
                args = (args,)
            if make is not None:
                one = make(cls, *args)
                if not hasattr(one, '_value_'):
                    one._value_ = value if data_type is object else data_type(*args)
            elif data_type is object:
                one = object.__new__(cls)
                one._value_ = value
            else:
                one = data_type.__new__(cls, *args)
                if not hasattr(one, '_value_'):
                    one._value_ = data_type(*args)
            value = one._value_
            one._name_ = key
            one.__objclass__ = cls
            one._sort_order_ = len(cls._member_names_)
            existing = None
            try:
                existing = cls._value2member_map_.get(value)
            except TypeError:
                for other in cls._member_map_.values():
                    if other._value_ == value:
                        existing = other
            if existing is None and '__init__' in cls.__dict__ or any('__init__' in base.__dict__ for base in cls.__mro__[1:] if base not in (object, data_type) and base.__module__ not in ('enum', 'builtins')):
                one.__init__(*args)
                value = one._value_
                try:
                    existing = cls._value2member_map_.get(value)
                except TypeError:
                    pass
            if existing is not None:
                cls._member_map_[key] = existing
                type.__setattr__(cls, key, existing)
                continue
            if is_flag and isinstance(value, int):
                if value >= 0:
                    cls._flag_mask_ |= value
                if _is_single_bit(value):
                    cls._singles_mask_ |= value
                    cls._member_names_.append(key)
            else:
                cls._member_names_.append(key)
            cls._member_map_[key] = one
            type.__setattr__(cls, key, one)
            try:
                cls._value2member_map_.setdefault(value, one)
            except TypeError:
                pass
        return cls

    def __init__(cls, name, bases, namespace, **kwds):
        super().__init__(name, bases, namespace)

    @classmethod
    def _find_bases(metacls, bases):
        enum_base = bases[-1]
        for base in bases:
            for one in base.__mro__:
                if isinstance(one, EnumType):
                    known = one.__dict__.get('_member_type_', object)
                    if known is not object:
                        return enum_base, known
                    continue
                if one is object:
                    continue
                if '__new__' in one.__dict__ or one in (int, str, float, bytes, tuple, complex, frozenset):
                    return enum_base, base if not isinstance(base, EnumType) else one
        return enum_base, object

    def __call__(cls, value=_unset, names=_unset, *values, module=None, qualname=None, type=None, start=1, boundary=None):
        if cls._member_map_:
            if names is not _unset:
                value = (value, names) + values
            if value is _unset:
                raise TypeError(f"{cls.__name__}.__new__() missing 1 required positional argument: 'value'")
            return cls._lookup(value)
        if names is _unset and type is None:
            if value is _unset:
                raise TypeError(f"{cls.__name__}.__new__() missing 1 required positional argument: 'value'")
            return cls._lookup(value)
        if isinstance(names, str):
            names = names.replace(',', ' ').split()
        namespace = {'__module__': module or cls.__module__, '__qualname__': qualname or value}
        if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
            last = []
            pairs = []
            generate = getattr(cls._generate_next_value_, '__func__', cls._generate_next_value_)
            for index, key in enumerate(names):
                one = generate(key, start, index, last[:])
                last.append(one)
                pairs.append((key, one))
            names = pairs
        for item in names:
            key, one = (item, names[item]) if isinstance(item, str) else item
            namespace[key] = one
        bases = (cls,) if type is None else (type, cls)
        return _type(cls)(value, bases, namespace, boundary=boundary)

    def _lookup(cls, value):
        if type(value) is cls:
            return value
        try:
            if value in cls._value2member_map_:
                return cls._value2member_map_[value]
        except TypeError:
            for one in cls._member_map_.values():
                if one._value_ == value:
                    return one
        error = None
        try:
            result = cls._missing_(value)
        except Exception as e:
            error = e
            result = None
        if isinstance(result, cls):
            return result
        if result is None and error is None:
            raise ValueError(f'{value!r} is not a valid {cls.__qualname__}')
        if error is None:
            raise TypeError(f'error in {cls.__name__}._missing_: returned {result!r} instead of None or a valid member')
        raise error

    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __reversed__(cls):
        return iter([cls._member_map_[name] for name in reversed(cls._member_names_)])

    def __len__(cls):
        return len(cls._member_names_)

    def __bool__(cls):
        return True

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        try:
            return value in cls._value2member_map_
        except TypeError:
            return any(one._value_ == value for one in cls._member_map_.values())

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def _members(cls):
        from types import MappingProxyType
        return MappingProxyType(cls._member_map_)

    def __repr__(cls):
        return f'<flag {cls.__name__!r}>' if 'Flag' in globals() and issubclass(cls, Flag) else f'<enum {cls.__name__!r}>'

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get('_member_map_', {}):
            raise AttributeError(f'cannot reassign member {name!r}')
        super().__setattr__(name, value)

    def __delattr__(cls, name):
        if name in cls.__dict__.get('_member_map_', {}):
            raise AttributeError(f'{cls.__name__!r} cannot delete member {name!r}.')
        super().__delattr__(name)


class _Members:
    def __get__(self, obj, cls=None):
        return self if obj is None else obj._members()


EnumType.__members__ = _Members()
EnumMeta = EnumType


class Enum(metaclass=EnumType):
    _member_names_ = ()
    _member_map_ = {}
    _value2member_map_ = {}
    _member_type_ = object

    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        try:
            return max(last_values) + 1
        except TypeError:
            raise TypeError('unable to sort non-numeric values') from None

    @classmethod
    def _missing_(cls, value):
        return None

    def __repr__(self):
        shown = _value_repr(type(self))(self._value_)
        return f'<{self.__class__.__name__}.{self._name_}: {shown}>'

    def __str__(self):
        return f'{self.__class__.__name__}.{self._name_}'

    def __format__(self, format_spec):
        return str.__format__(str(self), format_spec)

    def __dir__(self):
        return ['__class__', '__doc__', '__eq__', '__hash__', '__module__', 'name', 'value']

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


def _value_repr(cls):
    data = cls._member_type_
    if data in (int, str, float, bytes, tuple, complex, frozenset):
        return data.__repr__
    if '__dataclass_fields__' in getattr(data, '__dict__', {}):
        return lambda value: ', '.join([f'{key}={getattr(value, key)!r}' for key in data.__dataclass_fields__])
    return repr
`

export const enumModule: NativeModule = { name: 'enum', build: () => ({}), source: source + flagSource, missing: knownName('enum') }
