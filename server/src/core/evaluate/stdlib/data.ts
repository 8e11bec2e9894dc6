/** collections, dataclasses, enum, abc, copy and types, as Python. */

export const COLLECTIONS_SOURCE = String.raw`
import sys as _sys
from operator import itemgetter as _itemgetter
_missing = object()

class OrderedDict(dict):
    def move_to_end(self, key, last=True):
        value = self.pop(key)
        if last:
            self[key] = value
        else:
            rest = list(self.items())
            self.clear()
            self[key] = value
            for k, v in rest:
                self[k] = v
    def popitem(self, last=True):
        if not self:
            raise KeyError('dictionary is empty')
        key = next(reversed(self) if last else iter(self))
        return key, self.pop(key)
    def copy(self):
        return self.__class__(self)
    def __repr__(self):
        return f'{self.__class__.__name__}({dict(self.items())!r})' if self else f'{self.__class__.__name__}()'
    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return dict.__eq__(self, other) and list(self) == list(other)
        return dict.__eq__(self, other)
    def __ne__(self, other):
        return not self == other
    def __or__(self, other):
        new = self.__class__(self)
        new.update(other)
        return new

class defaultdict(dict):
    def __init__(self, default_factory=None, /, *args, **kwargs):
        if default_factory is not None and not callable(default_factory):
            raise TypeError('first argument must be callable or None')
        self.default_factory = default_factory
        dict.__init__(self, *args, **kwargs)
    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        self[key] = value = self.default_factory()
        return value
    def copy(self):
        return type(self)(self.default_factory, self)
    def __repr__(self):
        return f'defaultdict({self.default_factory!r}, {dict(self)!r})'
    def __or__(self, other):
        new = self.copy()
        new.update(other)
        return new

class Counter(dict):
    def __init__(self, iterable=None, /, **kwds):
        dict.__init__(self)
        self.update(iterable, **kwds)
    def __missing__(self, key):
        return 0
    def update(self, iterable=None, /, **kwds):
        if iterable is not None:
            if isinstance(iterable, dict):
                for key, count in iterable.items():
                    self[key] = self.get(key, 0) + count
            else:
                for element in iterable:
                    self[element] = self.get(element, 0) + 1
        if kwds:
            self.update(kwds)
    def subtract(self, iterable=None, /, **kwds):
        if iterable is not None:
            for key, count in (iterable.items() if isinstance(iterable, dict) else ((e, 1) for e in iterable)):
                self[key] = self.get(key, 0) - count
        if kwds:
            self.subtract(kwds)
    def most_common(self, n=None):
        ordered = sorted(self.items(), key=_itemgetter(1), reverse=True)
        return ordered if n is None else ordered[:n]
    def elements(self):
        for element, count in self.items():
            for _ in range(count):
                yield element
    def total(self):
        return sum(self.values())
    def copy(self):
        return self.__class__(self)
    def __delitem__(self, key):
        if key in self:
            dict.__delitem__(self, key)
    def __repr__(self):
        if not self:
            return 'Counter()'
        return 'Counter(' + repr(dict(self.most_common())) + ')'
    def __add__(self, other):
        result = Counter()
        for key in list(self) + [k for k in other if k not in self]:
            if (n := self[key] + other[key]) > 0:
                result[key] = n
        return result
    def __sub__(self, other):
        result = Counter()
        for key in list(self) + [k for k in other if k not in self]:
            if (n := self[key] - other[key]) > 0:
                result[key] = n
        return result
    def __or__(self, other):
        result = Counter()
        for key in list(self) + [k for k in other if k not in self]:
            if (n := max(self[key], other[key])) > 0:
                result[key] = n
        return result
    def __and__(self, other):
        result = Counter()
        for key in self:
            if (n := min(self[key], other[key])) > 0:
                result[key] = n
        return result
    def __pos__(self):
        return Counter({k: v for k, v in self.items() if v > 0})
    def __neg__(self):
        return Counter({k: -v for k, v in self.items() if v < 0})
    def __eq__(self, other):
        if not isinstance(other, Counter):
            return dict.__eq__(self, other)
        return all(self[e] == other[e] for c in (self, other) for e in c)
    def __ne__(self, other):
        return not self == other

class _Field:
    def __init__(self, index):
        self.index = index
    def __get__(self, obj, cls=None):
        return self if obj is None else tuple.__getitem__(obj, self.index)
    def __set__(self, obj, value):
        raise AttributeError("can't set attribute")

def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if isinstance(field_names, str):
        field_names = field_names.replace(',', ' ').split()
    field_names = tuple(map(str, field_names))
    if rename:
        seen = set()
        names = []
        for i, name in enumerate(field_names):
            names.append(f'_{i}' if not name.isidentifier() or name.startswith('_') or name in seen else name)
            seen.add(name)
        field_names = tuple(names)
    seen = set()
    for name in field_names:
        if not name.isidentifier():
            raise ValueError(f'Type names and field names must be valid identifiers: {name!r}')
        if name.startswith('_') and not rename:
            raise ValueError(f'Field names cannot start with an underscore: {name!r}')
        if name in seen:
            raise ValueError(f'Encountered duplicate field name: {name!r}')
        seen.add(name)
    defaults = tuple(defaults) if defaults is not None else ()
    if len(defaults) > len(field_names):
        raise TypeError('Got more default values than field names')
    field_defaults = dict(zip(field_names[len(field_names) - len(defaults):], defaults))
    count = len(field_names)
    def __new__(cls, *args, **kwargs):
        if len(args) > count:
            raise TypeError(f'{typename}.__new__() takes {count + 1} positional arguments but {len(args) + 1} were given')
        values = list(args)
        missing = []
        for name in field_names[len(args):]:
            if name in kwargs:
                values.append(kwargs.pop(name))
            elif name in field_defaults:
                values.append(field_defaults[name])
            else:
                missing.append(name)
        if missing:
            quoted = [repr(n) for n in missing]
            text = ' and '.join(quoted) if len(quoted) < 3 else ', '.join(quoted[:-1]) + ', and ' + quoted[-1]
            raise TypeError(f'{typename}.__new__() missing {len(missing)} required positional argument{"s" if len(missing) > 1 else ""}: {text}')
        for name in kwargs:
            if name in field_names:
                raise TypeError(f"{typename}.__new__() got multiple values for argument '{name}'")
            raise TypeError(f"{typename}.__new__() got an unexpected keyword argument '{name}'")
        return tuple.__new__(cls, values)
    def _make(cls, iterable):
        result = tuple.__new__(cls, iterable)
        if len(result) != count:
            raise TypeError(f'Expected {count} arguments, got {len(result)}')
        return result
    def _replace(self, /, **kwds):
        result = self._make(kwds.pop(name) if name in kwds else value for name, value in zip(field_names, self))
        if kwds:
            raise ValueError(f'Got unexpected field names: {list(kwds)!r}')
        return result
    def _asdict(self):
        return dict(zip(self._fields, self))
    def __repr__(self):
        return self.__class__.__name__ + '(' + ', '.join(f'{n}={v!r}' for n, v in zip(field_names, self)) + ')'
    def __getnewargs__(self):
        return tuple(self)
    namespace = {'__slots__': (), '_fields': field_names, '_field_defaults': field_defaults, '__new__': __new__, '_make': classmethod(_make), '_replace': _replace,
                 '_asdict': _asdict, '__repr__': __repr__, '__getnewargs__': __getnewargs__, '__match_args__': field_names, '__doc__': f'{typename}({", ".join(field_names)})'}
    for index, name in enumerate(field_names):
        namespace[name] = _Field(index)
    namespace['__module__'] = module if module is not None else '__main__'
    return type(typename, (tuple,), namespace)

class deque:
    def __init__(self, iterable=(), maxlen=None):
        self._items = []
        self.maxlen = maxlen
        self.extend(iterable)
    def _trim(self, left):
        if self.maxlen is not None and len(self._items) > self.maxlen:
            if left: del self._items[self.maxlen:]
            else: del self._items[:len(self._items) - self.maxlen]
    def append(self, x):
        self._items.append(x); self._trim(False)
    def appendleft(self, x):
        self._items.insert(0, x); self._trim(True)
    def extend(self, iterable):
        for x in iterable: self.append(x)
    def extendleft(self, iterable):
        for x in iterable: self.appendleft(x)
    def pop(self):
        if not self._items: raise IndexError('pop from an empty deque')
        return self._items.pop()
    def popleft(self):
        if not self._items: raise IndexError('pop from an empty deque')
        return self._items.pop(0)
    def clear(self): self._items.clear()
    def copy(self): return deque(self._items, self.maxlen)
    __copy__ = copy
    def count(self, x): return self._items.count(x)
    def index(self, x, *a): return self._items.index(x, *a)
    def insert(self, i, x): self._items.insert(i, x)
    def remove(self, x):
        if x not in self._items: raise ValueError('deque.remove(x): x not in deque')
        self._items.remove(x)
    def reverse(self): self._items.reverse()
    def rotate(self, n=1):
        if self._items:
            n %= len(self._items)
            self._items = self._items[len(self._items) - n:] + self._items[:len(self._items) - n]
    def __len__(self): return len(self._items)
    def __iter__(self): return iter(self._items)
    def __reversed__(self): return reversed(self._items)
    def __getitem__(self, i):
        if isinstance(i, slice): raise TypeError('sequence index must be integer, not \'slice\'')
        try: return self._items[i]
        except IndexError: raise IndexError('deque index out of range') from None
    def __setitem__(self, i, v): self._items[i] = v
    def __delitem__(self, i): del self._items[i]
    def __contains__(self, x): return x in self._items
    def __bool__(self): return bool(self._items)
    def __eq__(self, other): return self._items == other._items if isinstance(other, deque) else NotImplemented
    def __lt__(self, other): return self._items < other._items if isinstance(other, deque) else NotImplemented
    __hash__ = None
    def __add__(self, other): return deque(self._items + list(other), self.maxlen)
    def __iadd__(self, other):
        self.extend(other); return self
    def __repr__(self):
        return f'deque({self._items!r})' if self.maxlen is None else f'deque({self._items!r}, maxlen={self.maxlen})'

class UserDict:
    def __init__(self, dict=None, /, **kwargs):
        self.data = {}
        if dict is not None: self.update(dict)
        if kwargs: self.update(kwargs)
    def __len__(self): return len(self.data)
    def __getitem__(self, key):
        if key in self.data: return self.data[key]
        if hasattr(self.__class__, '__missing__'): return self.__class__.__missing__(self, key)
        raise KeyError(key)
    def __setitem__(self, key, item): self.data[key] = item
    def __delitem__(self, key): del self.data[key]
    def __iter__(self): return iter(self.data)
    def __contains__(self, key): return key in self.data
    def __repr__(self): return repr(self.data)
    def get(self, key, default=None): return self[key] if key in self else default
    def keys(self): return self.data.keys()
    def values(self): return self.data.values()
    def items(self): return self.data.items()
    def pop(self, key, *default): return self.data.pop(key, *default)
    def setdefault(self, key, default=None):
        if key not in self: self[key] = default
        return self[key]
    def update(self, other=(), /, **kwds):
        for k, v in (other.items() if hasattr(other, 'items') else other): self[k] = v
        for k, v in kwds.items(): self[k] = v
    def clear(self): self.data.clear()
    def copy(self): return self.__class__(self.data)
    def __eq__(self, other): return dict(self.items()) == (dict(other.items()) if hasattr(other, 'items') else other)

class UserList:
    def __init__(self, initlist=None): self.data = list(initlist) if initlist is not None else []
    def __len__(self): return len(self.data)
    def __getitem__(self, i): return self.data[i] if not isinstance(i, slice) else self.__class__(self.data[i])
    def __setitem__(self, i, v): self.data[i] = v
    def __delitem__(self, i): del self.data[i]
    def __iter__(self): return iter(self.data)
    def __repr__(self): return repr(self.data)
    def append(self, x): self.data.append(x)
    def extend(self, x): self.data.extend(x)
    def insert(self, i, x): self.data.insert(i, x)
    def pop(self, i=-1): return self.data.pop(i)
    def __eq__(self, other): return self.data == (other.data if isinstance(other, UserList) else other)

class UserString(str):
    pass

class ChainMap:
    def __init__(self, *maps): self.maps = list(maps) or [{}]
    def __getitem__(self, key):
        for mapping in self.maps:
            if key in mapping: return mapping[key]
        raise KeyError(key)
    def get(self, key, default=None): return self[key] if key in self else default
    def __contains__(self, key): return any(key in m for m in self.maps)
    def __iter__(self):
        d = {}
        for mapping in reversed(self.maps): d.update(dict.fromkeys(mapping))
        return iter(d)
    def __len__(self): return len(set().union(*self.maps))
    def keys(self): return list(self)
    def items(self): return [(k, self[k]) for k in self]
    def values(self): return [self[k] for k in self]
    def __setitem__(self, key, value): self.maps[0][key] = value
    def __delitem__(self, key): del self.maps[0][key]
    def new_child(self, m=None): return ChainMap({} if m is None else m, *self.maps)
    @property
    def parents(self): return ChainMap(*self.maps[1:])
    def __repr__(self): return f'ChainMap({", ".join(map(repr, self.maps))})'
`

export const COLLECTIONS_ABC_SOURCE = String.raw`
from abc import ABCMeta, abstractmethod
import typing as _typing

def _hook(*names):
    def __subclasshook__(cls, C):
        for name in names:
            for base in C.__mro__:
                if name in base.__dict__:
                    if base.__dict__[name] is None:
                        return NotImplemented
                    break
            else:
                return NotImplemented
        return True
    return classmethod(__subclasshook__)

class _Base(metaclass=ABCMeta):
    @classmethod
    def __class_getitem__(cls, item):
        return _typing._alias(cls, item)

class Hashable(_Base):
    __subclasshook__ = _hook('__hash__')
class Iterable(_Base):
    __subclasshook__ = _hook('__iter__')
class Iterator(Iterable):
    __subclasshook__ = _hook('__iter__', '__next__')
    def __iter__(self): return self
class Reversible(Iterable):
    __subclasshook__ = _hook('__reversed__', '__iter__')
class Generator(Iterator):
    __subclasshook__ = _hook('__iter__', '__next__', 'send', 'throw', 'close')
class Sized(_Base):
    __subclasshook__ = _hook('__len__')
class Container(_Base):
    __subclasshook__ = _hook('__contains__')
class Callable(_Base):
    __subclasshook__ = _hook('__call__')
class Collection(Sized, Iterable, Container):
    __subclasshook__ = _hook('__len__', '__iter__', '__contains__')
class Awaitable(_Base):
    __subclasshook__ = _hook('__await__')
class Coroutine(Awaitable):
    __subclasshook__ = _hook('__await__', 'send', 'throw', 'close')
class AsyncIterable(_Base):
    __subclasshook__ = _hook('__aiter__')
class AsyncIterator(AsyncIterable):
    __subclasshook__ = _hook('__aiter__', '__anext__')
class AsyncGenerator(AsyncIterator):
    __subclasshook__ = _hook('__aiter__', '__anext__', 'asend')
class Buffer(_Base):
    __subclasshook__ = _hook('__buffer__')

class Sequence(Reversible, Collection):
    __subclasshook__ = classmethod(lambda cls, C: NotImplemented)
    def __iter__(self):
        i = 0
        try:
            while True:
                yield self[i]
                i += 1
        except IndexError:
            return
    def __contains__(self, value):
        return any(v is value or v == value for v in self)
    def __reversed__(self):
        for i in reversed(range(len(self))):
            yield self[i]
    def index(self, value, start=0, stop=None):
        for i, v in enumerate(self):
            if i >= start and (v is value or v == value): return i
        raise ValueError
    def count(self, value):
        return sum(1 for v in self if v is value or v == value)
class ByteString(Sequence):
    pass
class MutableSequence(Sequence):
    def append(self, value): self.insert(len(self), value)
    def extend(self, values):
        for v in list(values): self.append(v)
    def clear(self):
        while len(self): self.pop()
    def reverse(self):
        n = len(self)
        for i in range(n // 2): self[i], self[n - i - 1] = self[n - i - 1], self[i]
    def pop(self, index=-1):
        v = self[index]
        del self[index]
        return v
    def remove(self, value): del self[self.index(value)]
    def __iadd__(self, values):
        self.extend(values)
        return self
class Set(Collection):
    __subclasshook__ = classmethod(lambda cls, C: NotImplemented)
    @classmethod
    def _from_iterable(cls, it): return cls(it)
    def __le__(self, other): return all(e in other for e in self)
    def __eq__(self, other): return len(self) == len(other) and self <= other
    def __and__(self, other): return self._from_iterable(v for v in other if v in self)
    def __or__(self, other): return self._from_iterable(e for s in (self, other) for e in s)
    def __sub__(self, other): return self._from_iterable(v for v in self if v not in other)
class MutableSet(Set):
    def remove(self, value):
        if value not in self: raise KeyError(value)
        self.discard(value)
class Mapping(Collection):
    __subclasshook__ = classmethod(lambda cls, C: NotImplemented)
    def get(self, key, default=None):
        try: return self[key]
        except KeyError: return default
    def __contains__(self, key):
        try: self[key]
        except KeyError: return False
        return True
    def keys(self): return KeysView(self)
    def items(self): return ItemsView(self)
    def values(self): return ValuesView(self)
    def __eq__(self, other):
        if not isinstance(other, Mapping): return NotImplemented
        return dict(self.items()) == dict(other.items())
class MutableMapping(Mapping):
    __marker = object()
    def pop(self, key, default=__marker):
        try: value = self[key]
        except KeyError:
            if default is self.__marker: raise
            return default
        del self[key]
        return value
    def popitem(self):
        for key in self:
            value = self[key]
            del self[key]
            return key, value
        raise KeyError
    def clear(self):
        for key in list(self): del self[key]
    def update(self, other=(), /, **kwds):
        if hasattr(other, 'keys'):
            for key in other.keys(): self[key] = other[key]
        else:
            for key, value in other: self[key] = value
        for key, value in kwds.items(): self[key] = value
    def setdefault(self, key, default=None):
        try: return self[key]
        except KeyError: self[key] = default
        return default
class MappingView(Sized):
    def __init__(self, mapping): self._mapping = mapping
    def __len__(self): return len(self._mapping)
    def __repr__(self): return f'{self.__class__.__name__}({self._mapping!r})'
class KeysView(MappingView, Set):
    def __contains__(self, key): return key in self._mapping
    def __iter__(self): return iter(self._mapping)
    @classmethod
    def _from_iterable(cls, it): return set(it)
class ItemsView(MappingView, Set):
    def __contains__(self, item): return item[0] in self._mapping and self._mapping[item[0]] == item[1]
    def __iter__(self):
        for key in self._mapping: yield (key, self._mapping[key])
    @classmethod
    def _from_iterable(cls, it): return set(it)
class ValuesView(MappingView, Collection):
    def __contains__(self, value): return any(self._mapping[k] == value for k in self._mapping)
    def __iter__(self):
        for key in self._mapping: yield self._mapping[key]

Sequence.register(tuple); Sequence.register(str); Sequence.register(range); Sequence.register(bytes); MutableSequence.register(list)
Set.register(frozenset); MutableSet.register(set); MutableMapping.register(dict)
Set.register(type({}.keys())); Set.register(type({}.items())); KeysView.register(type({}.keys())); ItemsView.register(type({}.items())); ValuesView.register(type({}.values()))
import collections as _c
MutableSequence.register(_c.deque); MutableMapping.register(_c.UserDict); MutableSequence.register(_c.UserList); MutableMapping.register(_c.ChainMap)
`

export const ABC_SOURCE = String.raw`
def abstractmethod(funcobj):
    funcobj.__isabstractmethod__ = True
    return funcobj
class abstractproperty(property):
    __isabstractmethod__ = True
class abstractclassmethod(classmethod):
    __isabstractmethod__ = True
class abstractstaticmethod(staticmethod):
    __isabstractmethod__ = True
class ABCMeta(type):
    def __new__(mcls, name, bases, namespace, /, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        cls._abc_registry = []
        return cls
    def register(cls, subclass):
        cls._abc_registry.append(subclass)
        return subclass
    def __instancecheck__(cls, instance):
        return cls.__subclasscheck__(type(instance))
    def __subclasscheck__(cls, subclass):
        if cls in subclass.__mro__:
            return True
        answer = cls.__subclasshook__(subclass)
        if answer is not NotImplemented:
            return answer
        for known in cls.__dict__.get('_abc_registry', ()):
            if issubclass(subclass, known):
                return True
        for child in type.__subclasses__(cls):
            if issubclass(subclass, child):
                return True
        return False
class ABC(metaclass=ABCMeta):
    __slots__ = ()
def get_cache_token(): return 0
def update_abstractmethods(cls): return cls
`

export const DATACLASSES_SOURCE = String.raw`
import sys, types, copy
from types import GenericAlias as _GenericAlias

class _MISSING_TYPE:
    def __repr__(self): return '<dataclasses._MISSING_TYPE object>'
MISSING = _MISSING_TYPE()
class _KW_ONLY_TYPE: pass
KW_ONLY = _KW_ONLY_TYPE()
class FrozenInstanceError(AttributeError): pass
class InitVar:
    def __init__(self, type): self.type = type
    def __class_getitem__(cls, type): return InitVar(type)

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
        self._kind = 'field'
    def __repr__(self):
        return f'Field(name={self.name!r},type={self.type!r},default={self.default!r},default_factory={self.default_factory!r},init={self.init!r},repr={self.repr!r},hash={self.hash!r},compare={self.compare!r},metadata={types.MappingProxyType(self.metadata)!r},kw_only={self.kw_only!r},_field_type=_FIELD)'

def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError('cannot specify both default and default_factory')
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)

def _is_kind(annotation, kind):
    if isinstance(annotation, str):
        head = annotation.split('[')[0].strip()
        return head == kind or head.endswith('.' + kind)
    if kind == 'ClassVar':
        import typing
        return annotation is typing.ClassVar or getattr(annotation, '__origin__', None) is typing.ClassVar
    if kind == 'InitVar':
        return isinstance(annotation, InitVar) or annotation is InitVar
    return annotation is KW_ONLY

def _fields_of(cls):
    return getattr(cls, '__dataclass_fields__', {})

def _make_init(cls, all_fields, frozen, has_post_init):
    init_fields = [f for f in all_fields if f.init]
    positional = [f for f in init_fields if not f.kw_only]
    keyword = [f for f in init_fields if f.kw_only]
    set_value = object.__setattr__ if frozen else setattr
    def __init__(self, *args, **kwargs):
        name = cls.__qualname__
        if len(args) > len(positional):
            required = len([f for f in positional if f.default is MISSING and f.default_factory is MISSING])
            takes = f'{len(positional) + 1}' if required == len(positional) else f'from {required + 1} to {len(positional) + 1}'
            raise TypeError(f'{name}.__init__() takes {takes} positional argument{"s" if takes != "1" else ""} but {len(args) + 1} were given')
        values = {}
        for f, value in zip(positional, args):
            values[f.name] = value
        known = {f.name for f in init_fields}
        for key, value in kwargs.items():
            if key in values:
                raise TypeError(f"{name}.__init__() got multiple values for argument '{key}'")
            if key not in known:
                raise TypeError(f"{name}.__init__() got an unexpected keyword argument '{key}'")
            values[key] = value
        for kind, group in (('positional', positional), ('keyword-only', keyword)):
            missing = [repr(f.name) for f in group if f.name not in values and f.default is MISSING and f.default_factory is MISSING]
            if missing:
                text = ' and '.join(missing) if len(missing) < 3 else ', '.join(missing[:-1]) + ', and ' + missing[-1]
                raise TypeError(f'{name}.__init__() missing {len(missing)} required {kind} argument{"s" if len(missing) > 1 else ""}: {text}')
        post = []
        for f in all_fields:
            if f.init and f.name in values:
                value = values[f.name]
            elif f.default_factory is not MISSING:
                value = f.default_factory()
            elif f.default is not MISSING:
                if not f.init:
                    continue
                value = f.default
            else:
                continue
            if f._kind == 'initvar':
                post.append(value)
            else:
                set_value(self, f.name, value)
        if has_post_init:
            self.__post_init__(*post)
    __init__.__qualname__ = f'{cls.__qualname__}.__init__'
    __init__._dataclass_fields = init_fields
    return __init__

_repr_running = set()

def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots):
    fields = {}
    any_frozen = False
    for base in cls.__mro__[-1:0:-1]:
        inherited = base.__dict__.get('__dataclass_fields__')
        if inherited is not None:
            for f in inherited.values():
                fields[f.name] = f
            any_frozen = any_frozen or base.__dataclass_params__['frozen']
    annotations = cls.__dict__.get('__annotations__', {})
    keyword_only = kw_only
    own = []
    for name, annotation in annotations.items():
        if _is_kind(annotation, 'KW_ONLY'):
            keyword_only = True
            continue
        if _is_kind(annotation, 'ClassVar'):
            continue
        default = cls.__dict__.get(name, MISSING)
        if isinstance(default, Field):
            f = default
            if f.default is MISSING:
                if name in cls.__dict__:
                    delattr(cls, name)
            else:
                setattr(cls, name, f.default)
        else:
            if isinstance(default, types.MemberDescriptorType):
                default = MISSING
            f = Field(default, MISSING, True, True, None, True, None, MISSING)
        f.name, f.type = name, annotation
        if f.kw_only is MISSING:
            f.kw_only = keyword_only
        if _is_kind(annotation, 'InitVar'):
            f._kind = 'initvar'
        if f._kind == 'field' and f.default is not MISSING and f.default.__class__.__hash__ is None:
            raise ValueError(f'mutable default {type(f.default)} for field {name} is not allowed: use default_factory')
        fields[name] = f
        own.append(f)
    for name, value in list(cls.__dict__.items()):
        if isinstance(value, Field) and name not in annotations:
            raise TypeError(f'{name!r} is a field but has no type annotation')
    cls.__dataclass_fields__ = fields
    cls.__dataclass_params__ = {'frozen': frozen, 'eq': eq, 'order': order}
    all_fields = list(fields.values())
    seen_default = None
    for f in all_fields:
        if f.init and not f.kw_only:
            if f.default is not MISSING or f.default_factory is not MISSING:
                seen_default = f
            elif seen_default is not None:
                raise TypeError(f'non-default argument {f.name!r} follows default argument {seen_default.name!r}')
    if init:
        cls.__init__ = _make_init(cls, all_fields, frozen, hasattr(cls, '__post_init__'))
    real = [f for f in all_fields if f._kind == 'field']
    if repr and '__repr__' not in cls.__dict__:
        shown = [f.name for f in real if f.repr]
        def __repr__(self):
            if id(self) in _repr_running:
                return '...'
            _repr_running.add(id(self))
            try:
                return self.__class__.__qualname__ + '(' + ', '.join(f'{n}={getattr(self, n)!r}' for n in shown) + ')'
            finally:
                _repr_running.discard(id(self))
        cls.__repr__ = __repr__
    compared = [f.name for f in real if f.compare]
    def values_of(obj):
        return tuple(getattr(obj, n) for n in compared)
    has_hash = cls.__dict__.get('__hash__', MISSING)
    explicit_hash = not (has_hash is MISSING or (has_hash is None and '__eq__' in cls.__dict__))
    if eq and '__eq__' not in cls.__dict__:
        def __eq__(self, other):
            if other.__class__ is self.__class__:
                return values_of(self) == values_of(other)
            return NotImplemented
        cls.__eq__ = __eq__
    if order:
        def define(name, compare):
            if name in cls.__dict__:
                raise TypeError(f'Cannot overwrite attribute {name} in class {cls.__name__}. Consider using functools.total_ordering')
            def method(self, other):
                if other.__class__ is self.__class__:
                    return compare(values_of(self), values_of(other))
                return NotImplemented
            setattr(cls, name, method)
        define('__lt__', lambda a, b: a < b)
        define('__le__', lambda a, b: a <= b)
        define('__gt__', lambda a, b: a > b)
        define('__ge__', lambda a, b: a >= b)
    if frozen:
        names = {f.name for f in real}
        def __setattr__(self, name, value):
            if type(self) is cls or name in names:
                raise FrozenInstanceError(f'cannot assign to field {name!r}')
            super(cls, self).__setattr__(name, value)
        def __delattr__(self, name):
            if type(self) is cls or name in names:
                raise FrozenInstanceError(f'cannot delete field {name!r}')
            super(cls, self).__delattr__(name)
        cls.__setattr__ = __setattr__
        cls.__delattr__ = __delattr__
    if not explicit_hash and eq:
        if frozen or unsafe_hash:
            hashed = [f.name for f in real if (f.compare if f.hash is None else f.hash)]
            cls.__hash__ = lambda self: hash(tuple(getattr(self, n) for n in hashed))
        else:
            cls.__hash__ = None
    elif unsafe_hash:
        hashed = [f.name for f in real if (f.compare if f.hash is None else f.hash)]
        cls.__hash__ = lambda self: hash(tuple(getattr(self, n) for n in hashed))
    if match_args and '__match_args__' not in cls.__dict__:
        cls.__match_args__ = tuple(f.name for f in all_fields if f.init and not f.kw_only)
    return cls

def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots)
    return wrap if cls is None else wrap(cls)

def fields(class_or_instance):
    try:
        found = class_or_instance.__dataclass_fields__
    except AttributeError:
        raise TypeError('must be called with a dataclass type or instance') from None
    return tuple(f for f in found.values() if f._kind == 'field')

def is_dataclass(obj):
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, '__dataclass_fields__')

def asdict(obj, *, dict_factory=dict):
    if not is_dataclass(obj) or isinstance(obj, type):
        raise TypeError('asdict() should be called on dataclass instances')
    return _inner(obj, dict_factory, True)

def astuple(obj, *, tuple_factory=tuple):
    return _inner(obj, tuple_factory, False)

def _inner(obj, factory, as_dict):
    if is_dataclass(obj) and not isinstance(obj, type):
        if as_dict:
            return factory([(f.name, _inner(getattr(obj, f.name), factory, True)) for f in fields(obj)])
        return factory([_inner(getattr(obj, f.name), factory, False) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, '_fields'):
        return type(obj)(*[_inner(v, factory, as_dict) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)(_inner(v, factory, as_dict) for v in obj)
    if isinstance(obj, dict):
        return type(obj)((_inner(k, factory, as_dict), _inner(v, factory, as_dict)) for k, v in obj.items())
    return copy.deepcopy(obj)

def replace(obj, /, **changes):
    for f in obj.__dataclass_fields__.values():
        if not f.init:
            if f.name in changes:
                raise ValueError(f'field {f.name} is declared with init=False, it cannot be specified with replace()')
            continue
        if f.name not in changes:
            if f._kind == 'initvar' and f.default is MISSING:
                raise ValueError(f'InitVar {f.name!r} must be specified with replace()')
            if f._kind != 'initvar':
                changes[f.name] = getattr(obj, f.name)
    return obj.__class__(**changes)

def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    ns = dict(namespace or {})
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            annotations[item] = 'typing.Any'
        elif len(item) == 2:
            annotations[item[0]] = item[1]
        else:
            annotations[item[0]] = item[1]
            ns[item[0]] = item[2]
    ns['__annotations__'] = annotations
    return dataclass(type(cls_name, bases, ns), **options)
`

export const ENUM_SOURCE = String.raw`
import types
from types import DynamicClassAttribute

class auto:
    def __init__(self, value=None):
        self.value = value
class nonmember:
    def __init__(self, value): self.value = value
class member:
    def __init__(self, value): self.value = value

def _is_descriptor(obj):
    return hasattr(obj, '__get__') or hasattr(obj, '__set__') or hasattr(obj, '__delete__')
def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == '__' and name[2] != '_' and name[-3] != '_'
def _is_sunder(name):
    return len(name) > 2 and name[0] == name[-1] == '_' and name[1] != '_' and name[-2] != '_'

class property(types.DynamicClassAttribute):
    pass

class EnumMeta(type):
    def __new__(metacls, cls, bases, classdict, *, boundary=None, _simple=False, **kwds):
        ignore = classdict.get('_ignore_', ())
        if isinstance(ignore, str):
            ignore = ignore.replace(',', ' ').split()
        base = None
        for b in bases:
            if isinstance(b, EnumMeta):
                base = b
                if b._member_names_:
                    raise TypeError(f'<enum {cls!r}> cannot extend {b!r}')
        names = []
        namespace = {}
        private = '_' + cls + '__'
        for name, value in classdict.items():
            if name in ignore or name == '_ignore_':
                continue
            if isinstance(value, member):
                names.append((name, value.value))
            elif isinstance(value, nonmember):
                namespace[name] = value.value
            elif _is_dunder(name) or _is_sunder(name) or name.startswith(private) or (_is_descriptor(value) and not isinstance(value, auto)) or base is None:
                namespace[name] = value
            else:
                names.append((name, value))
        namespace['_member_names_'] = []
        namespace['_member_map_'] = {}
        namespace['_value2member_map_'] = {}
        enum_class = super().__new__(metacls, cls, bases, namespace, **kwds)
        if base is None:
            return enum_class
        data_type = object
        for b in enum_class.__mro__[1:]:
            if b is object or isinstance(b, EnumMeta):
                continue
            if '__new__' in b.__dict__ or hasattr(b, '__dataclass_fields__'):
                data_type = b
                break
        enum_class._member_type_ = data_type
        if data_type is not object:
            for method in ('__repr__', '__str__', '__format__', '__reduce_ex__'):
                if method not in classdict:
                    found = getattr(enum_class, method)
                    if found is getattr(data_type, method, None) or found is getattr(object, method):
                        type.__setattr__(enum_class, method, getattr(base, method))
        new = None
        for b in enum_class.__mro__:
            if b is Enum or b is object:
                break
            if '__new__' in b.__dict__ and (isinstance(b, EnumMeta) or b is data_type):
                new = b.__new__
                break
        last_values = []
        for name, value in names:
            is_auto = isinstance(value, auto)
            if is_auto and value.value is not None:
                is_auto, value = False, value.value
            if isinstance(value, tuple) and any(isinstance(v, auto) for v in value):
                value = tuple(enum_class._generate_next_value_(name, 1, len(enum_class._member_names_), last_values[:]) if isinstance(v, auto) else v for v in value)
            if is_auto:
                value = enum_class._generate_next_value_(name, 1, len(enum_class._member_names_), last_values[:])
            args = value if isinstance(value, tuple) else (value,)
            if new is None:
                obj = object.__new__(enum_class)
            elif data_type is tuple:
                obj = new(enum_class, args)
            else:
                obj = new(enum_class, *args)
            if not hasattr(obj, '_value_'):
                if data_type is object or new is None:
                    obj._value_ = value
                elif data_type is tuple:
                    obj._value_ = tuple(args)
                elif data_type in (str, int, float, bytes):
                    obj._value_ = data_type(*args)
                else:
                    obj._value_ = value
            value = obj._value_
            last_values.append(value)
            existing = None
            for other in enum_class._member_names_:
                if enum_class._member_map_[other]._value_ == value:
                    existing = enum_class._member_map_[other]
                    break
            if existing is not None and not (issubclass(enum_class, Flag) and False):
                enum_class._member_map_[name] = existing
                type.__setattr__(enum_class, name, existing)
                continue
            obj._name_ = name
            obj.__objclass__ = enum_class
            obj._sort_order_ = len(enum_class._member_names_)
            if '__init__' in enum_class.__dict__ or any('__init__' in b.__dict__ for b in enum_class.__mro__ if b is not object and b is not data_type and b is not Enum):
                obj.__init__(*args)
            enum_class._member_names_.append(name)
            enum_class._member_map_[name] = obj
            type.__setattr__(enum_class, name, obj)
            try:
                enum_class._value2member_map_.setdefault(value, obj)
            except TypeError:
                pass
        return enum_class
    def __init__(cls, *args, **kwds):
        pass
    def __call__(cls, value, names=None, *args, module=None, qualname=None, type=None, start=1, boundary=None):
        if names is None and cls._member_names_:
            if args:
                value = (value,) + args
            return cls.__new_member__(value)
        if names is None:
            return cls.__new_member__(value)
        if isinstance(names, str):
            names = names.replace(',', ' ').split()
        if isinstance(names, dict):
            items = list(names.items())
        else:
            names = list(names)
            items = [(n, i) for i, n in enumerate(names, start)] if names and isinstance(names[0], str) else names
        return cls.__class__(value, (type, cls) if type is not None else (cls,), dict(items))
    def __new_member__(cls, value):
        if type(value) is cls:
            return value
        try:
            if value in cls._value2member_map_:
                return cls._value2member_map_[value]
        except TypeError:
            pass
        for name in cls._member_names_:
            if cls._member_map_[name]._value_ == value:
                return cls._member_map_[name]
        result = cls._missing_(value)
        if isinstance(result, cls):
            return result
        if result is None:
            raise ValueError(f'{value!r} is not a valid {cls.__qualname__}')
        raise TypeError(f'error in {cls.__name__}._missing_: returned {result!r} instead of None or a valid member')
    def __iter__(cls):
        return (cls._member_map_[name] for name in cls._member_names_)
    def __reversed__(cls):
        return (cls._member_map_[name] for name in reversed(cls._member_names_))
    def __len__(cls):
        return len(cls._member_names_)
    def __bool__(cls):
        return True
    def __getitem__(cls, name):
        return cls._member_map_[name]
    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        return any(m._value_ == value for m in cls)
    @types._plain_property
    def __members__(cls):
        return types.MappingProxyType(cls._member_map_)
    def __repr__(cls):
        return f'<flag {cls.__name__!r}>' if issubclass(cls, Flag) else f'<enum {cls.__name__!r}>'
    def __setattr__(cls, name, value):
        if name in cls.__dict__.get('_member_map_', {}):
            raise AttributeError(f'cannot reassign member {name!r}')
        super().__setattr__(name, value)
EnumType = EnumMeta

class Enum(metaclass=EnumMeta):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        try:
            return sorted(last_values)[-1] + 1
        except TypeError:
            raise TypeError('unable to sort non-numeric values') from None
    @classmethod
    def _missing_(cls, value):
        return None
    @types._plain_property
    def name(self):
        return self._name_
    @types._plain_property
    def value(self):
        return self._value_
    def __repr__(self):
        return f'<{self.__class__.__name__}.{self._name_}: {self._value_!r}>'
    def __str__(self):
        return f'{self.__class__.__name__}.{self._name_}'
    def __format__(self, spec):
        return str.__format__(str(self), spec)
    def __hash__(self):
        return hash(self._name_)
    def __dir__(self):
        return ['__class__', '__doc__', '__eq__', '__hash__', '__module__', 'name', 'value']
    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)
    def __copy__(self):
        return self
    def __deepcopy__(self, memo):
        return self

class ReprEnum(Enum):
    pass
class IntEnum(int, ReprEnum):
    def __str__(self):
        return int.__repr__(self)
    def __format__(self, spec):
        return int.__format__(int(self), spec)
class StrEnum(str, ReprEnum):
    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError(f'too many arguments for str(): {values!r}')
        if not isinstance(values[0], str):
            raise TypeError(f'{values[0]!r} is not a string')
        member = str.__new__(cls, values[0])
        member._value_ = str(values[0])
        return member
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()
    def __str__(self):
        return str.__str__(self)
    def __format__(self, spec):
        return str.__format__(str(self), spec)

class Flag(Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        return 2 ** max(v.bit_length() for v in last_values)
    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            raise ValueError(f'{value!r} is not a valid {cls.__qualname__}')
        mask = 0
        for m in cls._member_map_.values():
            mask |= m._value_
        if value < 0:
            value = mask + 1 + value if mask else value
        if value & ~mask:
            raise ValueError(f'{cls!r} invalid value {value}')
        base = cls._member_type_
        obj = object.__new__(cls) if base is object else base.__new__(cls, value)
        obj._name_ = '|'.join(m._name_ for m in cls if m._value_ and m._value_ & value == m._value_) or None
        obj._value_ = value
        cls._value2member_map_[value] = obj
        return obj
    def __contains__(self, other):
        return other._value_ & self._value_ == other._value_
    def __iter__(self):
        for m in self.__class__:
            if m._value_ and m._value_ & self._value_ == m._value_ and m._value_ & (m._value_ - 1) == 0:
                yield m
    def __len__(self):
        return self._value_.bit_count()
    def __bool__(self):
        return bool(self._value_)
    def _coerce(self, other):
        return other._value_ if isinstance(other, Flag) else other
    def __or__(self, other): return self.__class__(self._value_ | self._coerce(other))
    def __and__(self, other): return self.__class__(self._value_ & self._coerce(other))
    def __xor__(self, other): return self.__class__(self._value_ ^ self._coerce(other))
    __ror__, __rand__, __rxor__ = __or__, __and__, __xor__
    def __invert__(self):
        mask = 0
        for m in self.__class__:
            mask |= m._value_
        return self.__class__(mask & ~self._value_)
    def __repr__(self):
        if self._name_ is None:
            return f'<{self.__class__.__name__}: {self._value_!r}>'
        return f'<{self.__class__.__name__}.{self._name_}: {self._value_!r}>'
    def __str__(self):
        return f'{self.__class__.__name__}({self._value_!r})' if self._name_ is None else f'{self.__class__.__name__}.{self._name_}'
class IntFlag(int, ReprEnum, Flag):
    def __str__(self):
        return int.__repr__(self)
    def __format__(self, spec):
        return int.__format__(int(self), spec)
CONFORM = STRICT = EJECT = KEEP = None

def unique(enumeration):
    duplicates = [(name, m.name) for name, m in enumeration.__members__.items() if name != m.name]
    if duplicates:
        raise ValueError('duplicate values found in %r: %s' % (enumeration, ', '.join(f'{a} -> {n}' for a, n in duplicates)))
    return enumeration
def verify(*checks):
    return lambda e: e
def global_enum(cls): return cls
class FlagBoundary(StrEnum):
    STRICT = auto()
    CONFORM = auto()
    EJECT = auto()
    KEEP = auto()
`

export const COPY_SOURCE = String.raw`
import types
class Error(Exception): pass
_atomic = (type(None), int, float, bool, complex, bytes, str, type, range, types.FunctionType, types.BuiltinFunctionType, types.ModuleType, type(Ellipsis), type(NotImplemented), property)

def copy(x):
    cls = type(x)
    if isinstance(x, type) or cls in _atomic or cls is tuple or cls is frozenset:
        return x
    if cls in (list, dict, set):
        return x.copy()
    method = getattr(cls, '__copy__', None)
    if method is not None:
        return method(x)
    return _rebuild(x, cls, lambda v: v)

def deepcopy(x, memo=None, _nil=[]):
    cls = type(x)
    if isinstance(x, type) or cls in _atomic:
        return x
    if memo is None:
        memo = {}
    if cls is types.MethodType:
        return types.MethodType(x.__func__, deepcopy(x.__self__, memo))
    d = id(x)
    y = memo.get(d, _nil)
    if y is not _nil:
        return y
    if cls is list:
        y = []
        memo[d] = y
        for item in x:
            y.append(deepcopy(item, memo))
    elif cls is dict:
        y = {}
        memo[d] = y
        for key, value in x.items():
            y[deepcopy(key, memo)] = deepcopy(value, memo)
    elif cls is tuple:
        items = [deepcopy(item, memo) for item in x]
        if d in memo:
            return memo[d]
        y = x
        for a, b in zip(x, items):
            if a is not b:
                y = tuple(items)
                break
    elif cls is set or cls is frozenset:
        y = cls(deepcopy(item, memo) for item in x)
    else:
        method = getattr(cls, '__deepcopy__', None)
        if method is not None:
            y = method(x, memo)
        else:
            y = _rebuild(x, cls, lambda v: deepcopy(v, memo), memo)
    if y is not x:
        memo[d] = y
        memo.setdefault(id(memo), []).append(x)
    return y

def _rebuild(x, cls, convert, memo=None):
    if isinstance(x, tuple):
        y = tuple.__new__(cls, [convert(v) for v in x])
    elif isinstance(x, (int, str, float, bytes)):
        base = next(b for b in (int, str, float, bytes) if isinstance(x, b))
        y = base.__new__(cls, base(x))
    elif isinstance(x, frozenset):
        y = frozenset.__new__(cls, [convert(v) for v in x])
    else:
        y = cls.__new__(cls)
    if memo is not None:
        memo[id(x)] = y
    state = getattr(x, '__dict__', None)
    get_state = getattr(cls, '__getstate__', None)
    if get_state is not None:
        state = get_state(x)
    if state is not None:
        state = convert(dict(state)) if isinstance(state, dict) else convert(state)
        set_state = getattr(cls, '__setstate__', None)
        if set_state is not None:
            set_state(y, state)
        elif isinstance(state, dict):
            y.__dict__.update(state)
    for base in cls.__mro__:
        slots = base.__dict__.get('__slots__', ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ('__dict__', '__weakref__') and hasattr(x, name) and name not in getattr(x, '__dict__', {}):
                object.__setattr__(y, name, convert(getattr(x, name)))
    if isinstance(x, list):
        for item in x:
            list.append(y, convert(item))
    elif isinstance(x, dict):
        for key, value in dict.items(x):
            y[convert(key)] = convert(value)
    elif isinstance(x, set):
        for item in x:
            y.add(convert(item))
    return y
replace = None
`

export const TYPES_SOURCE = String.raw`
_plain_property = property
def _f(): pass
FunctionType = LambdaType = type(_f)
BuiltinFunctionType = BuiltinMethodType = type(len)
ModuleType = type(__import__('builtins'))
class _C:
    def _m(self): pass
MethodType = type(_C()._m)
def _g(): yield 1
GeneratorType = type(_g())
NoneType = type(None)
EllipsisType = type(Ellipsis)
NotImplementedType = type(NotImplemented)
MappingProxyType = type(_C.__dict__)
class CodeType: pass
class CellType: pass
class TracebackType: pass
class FrameType: pass
class CoroutineType: pass
class AsyncGeneratorType: pass
class MemberDescriptorType: pass
class GetSetDescriptorType: pass
class WrapperDescriptorType: pass
class MethodWrapperType: pass
class MethodDescriptorType: pass
class ClassMethodDescriptorType: pass
class SimpleNamespace:
    def __init__(self, mapping=(), /, **kwargs):
        self.__dict__.update(mapping)
        self.__dict__.update(kwargs)
    def __repr__(self):
        return 'namespace(' + ', '.join(f'{k}={v!r}' for k, v in self.__dict__.items()) + ')'
    def __eq__(self, other):
        if isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented
class DynamicClassAttribute:
    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget, self.fset, self.fdel = fget, fset, fdel
    def __get__(self, instance, ownerclass=None):
        if instance is None:
            raise AttributeError()
        return self.fget(instance)
    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("can't set attribute")
        self.fset(instance, value)
def new_class(name, bases=(), kwds=None, exec_body=None):
    ns = {}
    if exec_body is not None:
        exec_body(ns)
    kwds = dict(kwds or {})
    meta = kwds.pop('metaclass', type(bases[0]) if bases else type)
    return meta(name, bases, ns, **kwds)
def resolve_bases(bases): return bases
def prepare_class(name, bases=(), kwds=None): return type, {}, kwds or {}
def coroutine(func): return func
def get_original_bases(cls): return cls.__dict__.get('__orig_bases__', cls.__bases__)
class GenericAlias:
    pass
class UnionType:
    pass
`
