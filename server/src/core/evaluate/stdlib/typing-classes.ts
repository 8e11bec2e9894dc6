/** The second half of typing: generic classes, NamedTuple, TypedDict, Protocol and the functions. Appended to the source in typing.ts. */

export const typingClassesSource = String.raw`

class _SpecialAlias(_TypingBase):
    def __init__(self, origin, name):
        self.__origin__ = origin
        self._name = self.__name__ = name

    def __getitem__(self, params):
        if self._name == 'Callable' and isinstance(params, tuple) and len(params) == 2:
            args, result = params
            if isinstance(args, list):
                return _GenericAlias(self.__origin__, tuple([_convert(one) for one in args]) + (_convert(result),), 'Callable')
            return _GenericAlias(self.__origin__, (args, _convert(result)), 'Callable')
        if self._name == 'Tuple' and params == ():
            return _GenericAlias(self.__origin__, (), 'Tuple')
        return _GenericAlias(self.__origin__, tuple([_convert(one) for one in _tuple(params)]), self._name)

    def __call__(self, *args, **kwargs):
        return self.__origin__(*args, **kwargs)

    def __mro_entries__(self, bases):
        return _GenericAlias(self.__origin__, (), self._name).__mro_entries__([_GenericAlias(self.__origin__, (), self._name) if one is self else one for one in bases])

    def __getattr__(self, name):
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        return getattr(self.__origin__, name)

    def __instancecheck__(self, obj):
        return isinstance(obj, self.__origin__)

    def __subclasscheck__(self, cls):
        return issubclass(cls, self.__origin__)

    def __repr__(self):
        return 'typing.' + self._name


_ALIASES = {
    'List': list, 'Dict': dict, 'Set': set, 'FrozenSet': frozenset, 'Tuple': tuple, 'Type': type, 'Deque': collections.deque, 'DefaultDict': collections.defaultdict,
    'OrderedDict': collections.OrderedDict, 'Counter': collections.Counter, 'ChainMap': collections.ChainMap,
    'ContextManager': _contextlib.AbstractContextManager, 'AsyncContextManager': _contextlib.AbstractAsyncContextManager,
}
for _name, _origin in _ALIASES.items():
    globals()[_name] = _SpecialAlias(_origin, _name)
for _name in ('Hashable', 'Awaitable', 'Coroutine', 'AsyncIterable', 'AsyncIterator', 'AsyncGenerator', 'Iterable', 'Iterator', 'Reversible', 'Generator', 'Sized', 'Container',
              'Collection', 'Callable', 'Mapping', 'MutableMapping', 'Sequence', 'MutableSequence', 'MappingView', 'KeysView', 'ItemsView', 'ValuesView', 'ByteString', 'MutableSet'):
    globals()[_name] = _SpecialAlias(getattr(collections.abc, _name), _name)
AbstractSet = _SpecialAlias(collections.abc.Set, 'AbstractSet')
for _name in ('Pattern', 'Match'):
    globals()[_name] = _SpecialForm(_name)
del _name, _origin


def _generic_getitem(cls, params):
    params = tuple([_convert(one) for one in _tuple(params)])
    if cls is Generic or cls is Protocol:
        for one in params:
            if not isinstance(one, _Parameter) and not get_origin(one) is Unpack:
                raise TypeError(f'Parameters to {cls.__name__}[...] must all be type variables or parameter specification variables.')
        if len(set(params)) != len(params):
            raise TypeError(f'Parameters to {cls.__name__}[...] must all be unique')
        return _GenericAlias(cls, params)
    wanted = getattr(cls, '__parameters__', ())
    if not wanted:
        raise TypeError(f'{cls} is not a generic class')
    if len(params) != len(wanted) and not any(isinstance(one, (TypeVarTuple, ParamSpec)) for one in wanted):
        raise TypeError(f'Too {"many" if len(params) > len(wanted) else "few"} arguments for {cls}; actual {len(params)}, expected {len(wanted)}')
    return _GenericAlias(cls, params)


def _collect_parameters(cls):
    bases = cls.__dict__.get('__orig_bases__', ())
    for one in bases:
        if isinstance(one, _GenericAlias) and one.__origin__ in (Generic, Protocol) and one.__args__:
            return one.__args__
    return _parameters(bases)


class Generic:
    __slots__ = ()
    _is_protocol = False

    def __class_getitem__(cls, params):
        return _generic_getitem(cls, params)

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        cls.__parameters__ = tuple(_collect_parameters(cls))


_PROTOCOL_LEFT_OUT = frozenset(['__abstractmethods__', '__annotations__', '__dict__', '__doc__', '__init__', '__module__', '__new__', '__slots__', '__subclasshook__', '__weakref__',
    '__class_getitem__', '__match_args__', '__static_attributes__', '__firstlineno__', '__parameters__', '__orig_bases__', '__qualname__', '__init_subclass__', '__protocol_attrs__',
    '_is_protocol', '_is_runtime_protocol', '_abc_registered', '__orig_class__', '__type_params__', '__non_callable_proto_members__'])


def _protocol_names(cls):
    names = set()
    for base in cls.__mro__[:-1]:
        if base.__name__ in ('Protocol', 'Generic') and base.__module__ == 'typing':
            continue
        if not base.__dict__.get('_is_protocol', True):
            continue
        for name in (*base.__dict__, *base.__dict__.get('__annotations__', {})):
            if name not in _PROTOCOL_LEFT_OUT and not name.startswith('_abc_'):
                names.add(name)
    return names


class _ProtocolMeta(_ABCMeta):
    def __instancecheck__(cls, instance):
        if cls is Protocol or not cls.__dict__.get('_is_protocol', False):
            return super().__instancecheck__(instance)
        if not getattr(cls, '_is_runtime_protocol', False):
            raise TypeError('Instance and class checks can only be used with @runtime_checkable protocols')
        if super().__instancecheck__(instance):
            return True
        return all(hasattr(instance, name) and (getattr(instance, name) is not None or not callable(getattr(cls, name, None))) for name in _protocol_names(cls))

    def __subclasscheck__(cls, other):
        if cls is Protocol or not cls.__dict__.get('_is_protocol', False):
            return super().__subclasscheck__(other)
        if not getattr(cls, '_is_runtime_protocol', False):
            raise TypeError('Instance and class checks can only be used with @runtime_checkable protocols')
        if cls in other.__mro__:
            return True
        return all(any(name in base.__dict__ for base in other.__mro__) for name in _protocol_names(cls))


def _no_init(self, *args, **kwargs):
    if type(self)._is_protocol:
        raise TypeError('Protocols cannot be instantiated')


class Protocol(Generic, metaclass=_ProtocolMeta):
    __slots__ = ()
    _is_protocol = True
    _is_runtime_protocol = False

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        if '_is_protocol' not in cls.__dict__:
            cls._is_protocol = any(base is Protocol for base in cls.__bases__)
        if cls._is_protocol and cls.__init__ is Protocol.__init__:
            cls.__init__ = _no_init


def runtime_checkable(cls):
    if not getattr(cls, '_is_protocol', False):
        raise TypeError(f'@runtime_checkable can be only applied to protocol classes, got {cls!r}')
    cls._is_runtime_protocol = True
    return cls


runtime = runtime_checkable


def _abstract_protocol(name, method, result):
    def call(self):
        pass
    call.__name__ = method
    return runtime_checkable(_ProtocolMeta(name, (Protocol,), {method: _abstractmethod(call), '__module__': 'typing'}))


SupportsInt = _abstract_protocol('SupportsInt', '__int__', int)
SupportsFloat = _abstract_protocol('SupportsFloat', '__float__', float)
SupportsComplex = _abstract_protocol('SupportsComplex', '__complex__', complex)
SupportsBytes = _abstract_protocol('SupportsBytes', '__bytes__', bytes)
SupportsIndex = _abstract_protocol('SupportsIndex', '__index__', int)
SupportsAbs = _abstract_protocol('SupportsAbs', '__abs__', int)
SupportsRound = _abstract_protocol('SupportsRound', '__round__', int)


class _NamedTupleMeta(type):
    def __new__(mcs, typename, bases, ns):
        if bases in ((), (object,)):
            return super().__new__(mcs, typename, bases, ns)
        types = ns.get('__annotations__', {})
        defaults = []
        for name in types:
            if name in ns:
                defaults.append(name)
            elif defaults:
                raise TypeError(f'Non-default namedtuple field {name} cannot follow default field{"s" if len(defaults) > 1 else ""} {", ".join(defaults)}')
        cls = _named_tuple(typename, types.items(), [ns[name] for name in defaults], ns.get('__module__', '__main__'))
        others = tuple([base for base in bases if base is not NamedTuple and base is not Generic])
        if Generic in bases:
            cls.__class_getitem__ = classmethod(_generic_getitem)
            cls.__parameters__ = _parameters(ns.get('__orig_bases__', ()))
        for key, value in ns.items():
            if key in ('__new__', '__init__', '__slots__', '__getnewargs__', '_fields', '_field_defaults', '_field_types', '_make', '_replace', '_asdict', '_source'):
                raise AttributeError('Cannot overwrite NamedTuple attribute ' + key)
            if key not in ('__module__', '__name__', '__annotations__', '__dict__', '__classcell__') and key not in types:
                setattr(cls, key, value)
        return cls

    def __call__(cls, typename, fields=None, /, **kwargs):
        if fields is None:
            fields = kwargs.items()
        return _named_tuple(typename, fields, (), '__main__')

    def __repr__(cls):
        return '<function NamedTuple>'


def _named_tuple(name, types, defaults, module):
    types = [(key, _convert(value)) for key, value in types]
    cls = collections.namedtuple(name, [key for key, _ in types], defaults=defaults, module=module)
    cls.__annotations__ = dict(types)
    cls.__orig_bases__ = (NamedTuple,)
    return cls


class NamedTuple(metaclass=_NamedTupleMeta):
    pass


class _TypedDictMeta(type):
    def __new__(mcs, name, bases, ns, total=True, **kwargs):
        if bases in ((), (object,)):
            return super().__new__(mcs, name, bases, ns)
        own = {key: _convert(value) for key, value in ns.get('__annotations__', {}).items()}
        annotations, required, optional = {}, set(), set()
        for base in bases:
            annotations.update(base.__dict__.get('__annotations__', {}))
            required.update(base.__dict__.get('__required_keys__', ()))
            optional.update(base.__dict__.get('__optional_keys__', ()))
        for key, value in own.items():
            origin = get_origin(value)
            is_required = origin is Required or origin is not NotRequired and total
            (required if is_required else optional).add(key)
            (optional if is_required else required).discard(key)
        annotations.update(own)
        cls = type.__new__(_TypedDictMeta, name, (dict,), ns)
        cls.__annotations__ = annotations
        cls.__required_keys__ = frozenset(required)
        cls.__optional_keys__ = frozenset(optional)
        cls.__total__ = total
        return cls

    def __init__(cls, *args, **kwargs):
        pass

    def __call__(cls, *args, **kwargs):
        if cls is TypedDict:
            name, fields = args if len(args) == 2 else (args[0], {})
            return _TypedDictMeta(name, (TypedDict,), {'__annotations__': dict(fields), '__module__': '__main__'}, **kwargs)
        return dict(*args, **kwargs)

    def __instancecheck__(cls, other):
        raise TypeError('TypedDict does not support instance and class checks')

    def __subclasscheck__(cls, other):
        raise TypeError('TypedDict does not support instance and class checks')


class TypedDict(metaclass=_TypedDictMeta):
    pass


class IO(Generic):
    pass


class BinaryIO(IO):
    pass


class TextIO(IO):
    pass


Text = str
AnyStr = TypeVar('AnyStr', bytes, str)
T = TypeVar('T')


def cast(typ, val):
    return val


def overload(func):
    def _overload_dummy(*args, **kwds):
        raise NotImplementedError('You should not call an overloaded function. A series of @overload-decorated functions outside a stub module should always be followed by an implementation that is not @overload-ed.')
    return _overload_dummy


def get_overloads(func):
    return []


def clear_overloads():
    pass


def _mark(name):
    def decorate(arg):
        try:
            setattr(arg, name, True)
        except (AttributeError, TypeError):
            pass
        return arg
    return decorate


final = _mark('__final__')
override = _mark('__override__')


def no_type_check(arg):
    return arg


no_type_check_decorator = no_type_check


def deprecated(msg, /, *, category=DeprecationWarning, stacklevel=1):
    return lambda arg: arg


def dataclass_transform(*, eq_default=True, order_default=False, kw_only_default=False, frozen_default=False, field_specifiers=(), **kwargs):
    def decorate(cls_or_fn):
        return cls_or_fn
    return decorate


def assert_type(val, typ, /):
    return val


def assert_never(arg, /):
    raise AssertionError(f'Expected code to be unreachable, but got: {arg!r}')


def reveal_type(obj, /):
    return obj
`
