/** typing, typing_extensions and inspect, as Python. */

export const TYPING_SOURCE = String.raw`
import collections as _collections
import types as _types

TYPE_CHECKING = False

class _Special:
    __module__ = 'typing'
    def __init__(self, name): self._name = name
    def __repr__(self): return 'typing.' + self._name
    def __getitem__(self, item):
        if self._name == 'Optional':
            return _union(item, None)
        if self._name == 'Union':
            return _union(*item) if isinstance(item, tuple) else item
        return _alias(self, item)
    def __or__(self, other): return _union(self, other)
    def __ror__(self, other): return _union(other, self)
    def __call__(self, *args, **kwargs):
        raise TypeError(f'Cannot instantiate {self!r}')
    def __mro_entries__(self, bases):
        return ()
    def __hash__(self): return hash(self._name)

def _name_of(t):
    if t is None or t is type(None): return 'None'
    if t is Ellipsis: return '...'
    if isinstance(t, type):
        return t.__qualname__ if t.__module__ == 'builtins' else f'{t.__module__}.{t.__qualname__}'
    if isinstance(t, (list, tuple)): return '[' + ', '.join(_name_of(x) for x in t) + ']'
    return repr(t)

class _GenericAlias:
    __module__ = 'typing'
    def __init__(self, origin, args):
        self.__origin__ = origin
        self.__args__ = args
        self.__parameters__ = tuple(a for a in args if isinstance(a, TypeVar))
    def __repr__(self):
        name = self.__origin__
        name = name.__name__ if isinstance(name, type) and name.__module__ == 'builtins' else _name_of(name)
        return name + '[' + ', '.join(_name_of(a) for a in self.__args__) + ']'
    def __getitem__(self, item):
        return _alias(self.__origin__, item)
    def __call__(self, *args, **kwargs):
        made = self.__origin__(*args, **kwargs)
        try:
            made.__orig_class__ = self
        except AttributeError:
            pass
        return made
    def __getattr__(self, name):
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        return getattr(self.__dict__['__origin__'], name)
    def __mro_entries__(self, bases):
        origin = self.__origin__
        if isinstance(origin, _Special):
            return (Generic,) if origin._name in ('Generic', 'Protocol') else ()
        return (origin,) if isinstance(origin, type) else ()
    def __eq__(self, other):
        return isinstance(other, _GenericAlias) and self.__origin__ == other.__origin__ and self.__args__ == other.__args__
    def __hash__(self): return hash((self.__origin__, self.__args__))
    def __or__(self, other): return _union(self, other)
    def __ror__(self, other): return _union(other, self)
    def __instancecheck__(self, obj): return isinstance(obj, self.__origin__)
    def __subclasscheck__(self, cls): return issubclass(cls, self.__origin__)

class _UnionAlias(_types.UnionType):
    __module__ = 'typing'
    def __init__(self, args): self.__args__ = args
    def __repr__(self):
        return ' | '.join(_name_of(a) for a in self.__args__)
    def __or__(self, other): return _union(self, other)
    def __ror__(self, other): return _union(other, self)
    def __eq__(self, other): return isinstance(other, _UnionAlias) and set(self.__args__) == set(other.__args__)
    def __hash__(self): return hash(frozenset(self.__args__))
    def __mro_entries__(self, bases): return ()

def _union(*args):
    flat = []
    for a in args:
        if a is None: a = type(None)
        for one in (a.__args__ if isinstance(a, _UnionAlias) else (a,)):
            if one not in flat: flat.append(one)
    return flat[0] if len(flat) == 1 else _UnionAlias(tuple(flat))

def _alias(origin, item):
    return _GenericAlias(origin, item if isinstance(item, tuple) else (item,))

class TypeVar:
    __module__ = 'typing'
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False, default=None, infer_variance=False):
        self.__name__ = name
        self.__constraints__, self.__bound__, self.__covariant__ = constraints, bound, covariant
    def __repr__(self): return '~' + self.__name__
    def __or__(self, other): return _union(self, other)
    def __ror__(self, other): return _union(other, self)
class TypeVarTuple(TypeVar):
    def __iter__(self): yield self
class ParamSpec(TypeVar):
    @property
    def args(self): return self
    @property
    def kwargs(self): return self
class ForwardRef:
    def __init__(self, arg, *a, **k): self.__forward_arg__ = arg

class Generic:
    __slots__ = ()
    def __class_getitem__(cls, item): return _alias(cls, item)
class _ProtocolMeta(type(__import__('abc').ABC)):
    pass
class Protocol(Generic, metaclass=_ProtocolMeta):
    __slots__ = ()
    _is_protocol = True

Any = _Special('Any')
class _AnyBase: pass
for _n in ('NoReturn', 'Never', 'Self', 'LiteralString', 'ClassVar', 'Final', 'Union', 'Optional', 'Literal', 'Concatenate', 'TypeAlias', 'TypeGuard', 'TypeIs', 'Annotated', 'Unpack', 'Required', 'NotRequired', 'ReadOnly'):
    globals()[_n] = _Special(_n)

class _Alias(_Special):
    def __init__(self, name, origin):
        super().__init__(name)
        self.__origin__ = origin
    def __getitem__(self, item): return _alias(self.__origin__, item)
    def __mro_entries__(self, bases): return (self.__origin__,)
    def __call__(self, *a, **k): return self.__origin__(*a, **k)
    def __instancecheck__(self, obj): return isinstance(obj, self.__origin__)
    def __subclasscheck__(self, cls): return issubclass(cls, self.__origin__)
    def __getattr__(self, name):
        if name.startswith('__'): raise AttributeError(name)
        return getattr(self.__dict__['__origin__'], name)
    @property
    def __args__(self): raise AttributeError('__args__')

for _n, _o in (('List', list), ('Dict', dict), ('Set', set), ('FrozenSet', frozenset), ('Tuple', tuple), ('Type', type), ('OrderedDict', _collections.OrderedDict), ('DefaultDict', _collections.defaultdict), ('Counter', _collections.Counter), ('Deque', _collections.deque), ('ChainMap', _collections.ChainMap)):
    globals()[_n] = _Alias(_n, _o)
import collections.abc as _abc
for _n in ('Iterable', 'Iterator', 'Sequence', 'MutableSequence', 'Mapping', 'MutableMapping', 'MutableSet', 'Sized', 'Container', 'Collection', 'Hashable', 'Callable', 'Generator', 'Reversible', 'KeysView', 'ValuesView', 'ItemsView', 'Awaitable', 'Coroutine', 'AsyncIterable', 'AsyncIterator', 'AsyncGenerator', 'ByteString', 'MappingView'):
    globals()[_n] = _Alias(_n, getattr(_abc, _n))
AbstractSet = _Alias('AbstractSet', _abc.Set)
ContextManager = _Special('ContextManager')
AsyncContextManager = _Special('AsyncContextManager')
Text = str
AnyStr = TypeVar('AnyStr', bytes, str)
Pattern = _Special('Pattern')
Match = _Special('Match')
class IO(Generic): pass
class TextIO(IO): pass
class BinaryIO(IO): pass
class SupportsInt(Protocol): pass
class SupportsFloat(Protocol): pass
class SupportsIndex(Protocol): pass
class SupportsAbs(Protocol): pass
class SupportsRound(Protocol): pass
class SupportsBytes(Protocol): pass

def cast(typ, val): return val
def overload(func):
    def _overload_dummy(*args, **kwds): raise NotImplementedError('You should not call an overloaded function.')
    return _overload_dummy
def get_overloads(func): return []
def final(f): return f
def override(f): return f
def no_type_check(f): return f
def runtime_checkable(cls):
    names = [n for b in cls.__mro__ if b.__dict__.get('_is_protocol') and b is not Protocol for n in list(b.__dict__) + list(b.__dict__.get('__annotations__', {})) if not n.startswith('_') or n in ('__call__', '__iter__', '__len__', '__next__', '__getitem__', '__enter__', '__exit__')]
    def hook(sub):
        if '_is_protocol' not in cls.__dict__:
            return NotImplemented
        for n in names:
            if not any(n in b.__dict__ for b in sub.__mro__):
                return NotImplemented
        return True
    cls.__subclasshook__ = staticmethod(hook)
    cls._protocol_names = names
    return cls
runtime = runtime_checkable
def dataclass_transform(**kwargs): return lambda x: x
def assert_never(arg): raise AssertionError(f'Expected code to be unreachable, but got: {arg!r}')
def assert_type(val, typ): return val
def reveal_type(obj): return obj
def clear_overloads(): pass
def deprecated(msg, /, **kw): return lambda f: f
def get_origin(tp):
    if isinstance(tp, _UnionAlias): return Union
    origin = getattr(tp, '__origin__', None) if isinstance(tp, (_GenericAlias, _Alias)) else Generic if tp is Generic else None
    return origin
def get_args(tp):
    if isinstance(tp, (_GenericAlias, _UnionAlias)):
        args = tp.__args__
        if isinstance(tp, _GenericAlias) and getattr(tp.__origin__, '__name__', '') == 'Callable' and len(args) == 2 and isinstance(args[0], list):
            return (args[0], args[1])
        return args
    return ()
def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    if isinstance(obj, type):
        hints = {}
        for base in reversed(obj.__mro__):
            hints.update(base.__dict__.get('__annotations__', {}))
        return hints
    return dict(getattr(obj, '__annotations__', {}))
def is_typeddict(tp): return isinstance(tp, _TypedDictMeta)

class _NewType:
    def __init__(self, name, tp): self.__name__, self.__supertype__ = name, tp
    def __call__(self, x): return x
    def __or__(self, other): return _union(self, other)
    def __ror__(self, other): return _union(other, self)
NewType = _NewType

class _NamedTupleMeta(type):
    def __new__(mcls, typename, bases, ns, **kw):
        types = ns.get('__annotations__', {})
        defaults = []
        for name in types:
            if name in ns:
                defaults.append(ns[name])
            elif defaults:
                raise TypeError(f'Non-default namedtuple field {name} cannot follow default field' + ('s' if len(defaults) > 1 else '') + ' ' + ', '.join(n for n in types if n in ns))
        made = _collections.namedtuple(typename, list(types), defaults=defaults, module=ns['__module__'])
        made.__annotations__ = dict(types)
        made.__qualname__ = ns.get('__qualname__', typename)
        for key, value in ns.items():
            if key in ('__new__', '__init__', '__slots__', '__getnewargs__', '_fields', '_field_defaults', '_make', '_replace', '_asdict'):
                raise AttributeError('Cannot overwrite NamedTuple attribute ' + key)
            if key not in types and key not in ('__module__', '__annotations__', '__qualname__', '__orig_bases__'):
                setattr(made, key, value)
        if Generic in bases:
            made.__class_getitem__ = classmethod(lambda cls, item: _alias(cls, item))
        return made
class _NamedTupleBase: pass
class _NamedTupleFactory:
    def __call__(self, typename, fields=None, /, **kwargs):
        fields = list(fields.items()) if isinstance(fields, dict) else list(fields if fields is not None else kwargs.items())
        made = _collections.namedtuple(typename, [n for n, t in fields])
        made.__annotations__ = dict(fields)
        return made
    def __mro_entries__(self, bases): return (_NamedTupleRoot,)
_NamedTupleRoot = type.__new__(_NamedTupleMeta, '_NamedTupleRoot', (), {})
NamedTuple = _NamedTupleFactory()

class _TypedDictMeta(type):
    def __new__(mcls, name, bases, ns, total=True, **kw):
        made = type.__new__(mcls, name, (dict,), {k: v for k, v in ns.items() if k != '__orig_bases__'})
        annotations = {}
        for b in bases:
            annotations.update(getattr(b, '__annotations__', {}))
        annotations.update(ns.get('__annotations__', {}))
        made.__annotations__ = annotations
        made.__total__ = total
        made.__required_keys__ = frozenset(annotations) if total else frozenset()
        made.__optional_keys__ = frozenset() if total else frozenset(annotations)
        return made
    def __call__(cls, *args, **kwargs): return dict(*args, **kwargs)
    def __instancecheck__(cls, instance): raise TypeError('TypedDict does not support instance and class checks')
class _TypedDictFactory:
    def __call__(self, name, fields=None, /, *, total=True, **kwargs):
        return _TypedDictMeta(name, (), {'__annotations__': dict(fields or kwargs)}, total=total)
    def __mro_entries__(self, bases): return (_TypedDictRoot,)
_TypedDictRoot = type.__new__(_TypedDictMeta, '_TypedDictRoot', (dict,), {})
TypedDict = _TypedDictFactory()
__all__ = [n for n in globals() if not n.startswith('_')]
`

export const INSPECT_SOURCE = String.raw`
import types
class _empty: pass
class _ParameterKind(int):
    def __new__(cls, value, name):
        self = int.__new__(cls, value)
        self.name = name
        return self
    def __repr__(self): return self.name
    def __str__(self): return self.name
class Parameter:
    empty = _empty
    POSITIONAL_ONLY = _ParameterKind(0, 'POSITIONAL_ONLY')
    POSITIONAL_OR_KEYWORD = _ParameterKind(1, 'POSITIONAL_OR_KEYWORD')
    VAR_POSITIONAL = _ParameterKind(2, 'VAR_POSITIONAL')
    KEYWORD_ONLY = _ParameterKind(3, 'KEYWORD_ONLY')
    VAR_KEYWORD = _ParameterKind(4, 'VAR_KEYWORD')
    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        self.name, self.kind, self.default, self._annotation = name, kind, default, annotation
    @property
    def annotation(self):
        value = self._annotation
        if callable(value) and getattr(value, '_lazy', False):
            return value()
        return value
    def replace(self, **kw):
        return Parameter(kw.get('name', self.name), kw.get('kind', self.kind), default=kw.get('default', self.default), annotation=kw.get('annotation', self._annotation))
    def __repr__(self): return f'<Parameter "{self}">'
    def __str__(self):
        text = self.name
        if self.kind == 2: text = '*' + text
        if self.kind == 4: text = '**' + text
        if self.default is not _empty: text += f'={self.default!r}'
        return text
class BoundArguments:
    def __init__(self, signature, arguments): self.signature, self.arguments = signature, arguments
    @property
    def args(self):
        out = []
        for name, p in self.signature.parameters.items():
            if p.kind in (3, 4) or name not in self.arguments: break
            if p.kind == 2: out.extend(self.arguments[name])
            else: out.append(self.arguments[name])
        return tuple(out)
    @property
    def kwargs(self):
        out = {}
        for name, p in self.signature.parameters.items():
            if name in self.arguments:
                if p.kind == 3: out[name] = self.arguments[name]
                elif p.kind == 4: out.update(self.arguments[name])
        return out
    def apply_defaults(self):
        new = {}
        for name, p in self.signature.parameters.items():
            if name in self.arguments: new[name] = self.arguments[name]
            elif p.default is not _empty: new[name] = p.default
            elif p.kind == 2: new[name] = ()
            elif p.kind == 4: new[name] = {}
        self.arguments = new
class Signature:
    empty = _empty
    def __init__(self, parameters=None, *, return_annotation=_empty):
        self.parameters = {p.name: p for p in parameters or ()}
        self.return_annotation = return_annotation
    def replace(self, *, parameters=None, return_annotation=_empty):
        return Signature(parameters if parameters is not None else self.parameters.values(), return_annotation=return_annotation)
    def bind(self, *args, **kwargs): return self._bind(args, kwargs, False)
    def bind_partial(self, *args, **kwargs): return self._bind(args, kwargs, True)
    def _bind(self, args, kwargs, partial):
        arguments = {}
        args = list(args)
        kwargs = dict(kwargs)
        for name, p in self.parameters.items():
            if p.kind == 2:
                arguments[name] = tuple(args); args = []
            elif p.kind == 4:
                arguments[name] = kwargs; kwargs = {}
            elif p.kind != 3 and args:
                if name in kwargs: raise TypeError(f'multiple values for argument {name!r}')
                arguments[name] = args.pop(0)
            elif name in kwargs and p.kind != 0:
                arguments[name] = kwargs.pop(name)
            elif p.default is _empty and not partial:
                raise TypeError(f'missing a required argument: {name!r}')
        if args: raise TypeError('too many positional arguments')
        if kwargs: raise TypeError(f'got an unexpected keyword argument {next(iter(kwargs))!r}')
        return BoundArguments(self, arguments)
    def __str__(self):
        parts = []
        seen_star = False
        for p in self.parameters.values():
            if p.kind == 2: seen_star = True
            if p.kind == 3 and not seen_star:
                parts.append('*'); seen_star = True
            parts.append(str(p))
        return '(' + ', '.join(parts) + ')'
    def __repr__(self): return f'<Signature {self}>'

def _of_function(f):
    code = f.__code__
    names = code.co_varnames
    count = code.co_argcount
    keyword_only = code.co_kwonlyargcount
    defaults = f.__defaults__ or ()
    keyword_defaults = f.__kwdefaults__ or {}
    annotations = f.__annotations__
    star, double, positional_only = _shape(f)
    out = []
    for i, name in enumerate(names[:count]):
        j = i - (count - len(defaults))
        kind = Parameter.POSITIONAL_ONLY if i < positional_only else Parameter.POSITIONAL_OR_KEYWORD
        out.append(Parameter(name, kind, default=defaults[j] if j >= 0 else _empty, annotation=annotations.get(name, _empty)))
    if star is not None:
        out.append(Parameter(star, Parameter.VAR_POSITIONAL, annotation=annotations.get(star, _empty)))
    for name in names[count:count + keyword_only]:
        out.append(Parameter(name, Parameter.KEYWORD_ONLY, default=keyword_defaults.get(name, _empty), annotation=annotations.get(name, _empty)))
    if double is not None:
        out.append(Parameter(double, Parameter.VAR_KEYWORD, annotation=annotations.get(double, _empty)))
    return Signature(out, return_annotation=annotations.get('return', _empty))

def signature(obj, *, follow_wrapped=True, **kwargs):
    import functools
    if not callable(obj):
        raise TypeError(f'{obj!r} is not a callable object')
    if isinstance(obj, types.MethodType):
        inner = signature(obj.__func__)
        return Signature(list(inner.parameters.values())[1:], return_annotation=inner.return_annotation)
    if follow_wrapped:
        obj = unwrap(obj)
        if isinstance(obj, types.MethodType): return signature(obj)
    own = getattr(obj, '__signature__', None)
    if own is not None: return own
    if isinstance(obj, functools.partial):
        inner = signature(obj.func)
        bound = inner.bind_partial(*obj.args, **obj.keywords).arguments
        out = []
        keyword_only = False
        for name, p in inner.parameters.items():
            if name in obj.keywords and p.kind != 4:
                out.append(p.replace(default=obj.keywords[name], kind=Parameter.KEYWORD_ONLY)); keyword_only = True
            elif name in bound and p.kind in (0, 1): continue
            elif keyword_only and p.kind == 1: out.append(p.replace(kind=Parameter.KEYWORD_ONLY))
            else: out.append(p)
        return Signature(out)
    if isinstance(obj, types.FunctionType):
        fields = getattr(obj, '_dataclass_fields', None)
        if fields is not None:
            import dataclasses
            return Signature([Parameter('self', Parameter.POSITIONAL_OR_KEYWORD)] + [Parameter(f.name, Parameter.KEYWORD_ONLY if f.kw_only else Parameter.POSITIONAL_OR_KEYWORD, default=_empty if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING else f.default, annotation=f.type) for f in fields])
        return _of_function(obj)
    if isinstance(obj, type):
        meta_call = getattr(type(obj), '__call__', None)
        for name in ('__new__', '__init__'):
            method = getattr(obj, name, None)
            if isinstance(method, types.FunctionType) or (isinstance(method, types.BuiltinFunctionType) and method is not getattr(object, name)):
                if name == '__new__' and isinstance(getattr(obj, '__init__', None), types.FunctionType): continue
                inner = signature(method)
                return Signature(list(inner.parameters.values())[1:])
        return Signature()
    if isinstance(obj, types.BuiltinFunctionType):
        return _native_signature(obj)
    call = getattr(type(obj), '__call__', None)
    if call is not None:
        inner = signature(call)
        return Signature(list(inner.parameters.values())[1:])
    raise ValueError(f'no signature found for {obj!r}')

class FullArgSpec:
    def __init__(self, args, varargs, varkw, defaults, kwonlyargs, kwonlydefaults, annotations):
        self.args, self.varargs, self.varkw, self.defaults = args, varargs, varkw, defaults
        self.kwonlyargs, self.kwonlydefaults, self.annotations = kwonlyargs, kwonlydefaults, annotations
    def __iter__(self): return iter((self.args, self.varargs, self.varkw, self.defaults, self.kwonlyargs, self.kwonlydefaults, self.annotations))
    def __getitem__(self, i): return tuple(self)[i]
def getfullargspec(func):
    bound = isinstance(func, types.MethodType)
    sig = signature(func.__func__ if bound else func, follow_wrapped=False)
    ps = list(sig.parameters.values())
    if isinstance(func, type): ps.insert(0, Parameter('self', Parameter.POSITIONAL_OR_KEYWORD))
    names = [p.name for p in ps if p.kind in (0, 1)]
    defaults = tuple(p.default for p in ps if p.kind in (0, 1) and p.default is not _empty) or None
    return FullArgSpec(names, next((p.name for p in ps if p.kind == 2), None), next((p.name for p in ps if p.kind == 4), None), defaults, [p.name for p in ps if p.kind == 3], {p.name: p.default for p in ps if p.kind == 3 and p.default is not _empty} or None, {})
def getmembers(obj, predicate=None):
    out = []
    for name in dir(obj):
        try: value = getattr(obj, name)
        except AttributeError: continue
        if predicate is None or predicate(value): out.append((name, value))
    return out
def unwrap(func, *, stop=None):
    n = 0
    while '__wrapped__' in getattr(func, '__dict__', {}) and n < 100:
        if stop is not None and stop(func): break
        func = func.__wrapped__
        n += 1
    return func
def isclass(o): return isinstance(o, type)
def isfunction(o): return isinstance(o, types.FunctionType)
def ismethod(o): return isinstance(o, types.MethodType)
def ismodule(o): return isinstance(o, types.ModuleType)
def isbuiltin(o): return isinstance(o, types.BuiltinFunctionType)
def isroutine(o): return isbuiltin(o) or isfunction(o) or ismethod(o)
def isgenerator(o): return isinstance(o, types.GeneratorType)
def isgeneratorfunction(o): return isfunction(o) and _is_generator(o)
def iscoroutinefunction(o): return False
def isawaitable(o): return False
def isabstract(o): return isinstance(o, type) and bool(o.__dict__.get('__abstractmethods__'))
def isdatadescriptor(o): return hasattr(type(o), '__set__')
def getmro(cls): return cls.__mro__
def getmodule(o, *a):
    import sys
    return sys.modules.get(getattr(o, '__module__', None))
def getdoc(o): return getattr(o, '__doc__', None)
def cleandoc(doc):
    lines = doc.expandtabs().split('\n')
    margin = min((len(l) - len(l.lstrip()) for l in lines[1:] if l.strip()), default=0)
    lines = [lines[0].lstrip()] + [l[margin:] for l in lines[1:]]
    while lines and not lines[-1]: lines.pop()
    while lines and not lines[0]: lines.pop(0)
    return '\n'.join(lines)
def getattr_static(obj, name, *default):
    for d in [getattr(obj, '__dict__', {})] + [c.__dict__ for c in type(obj).__mro__]:
        if name in d: return d[name]
    if default: return default[0]
    raise AttributeError(name)
`
