/** functools, itertools and contextlib, as Python. */

export const FUNCTOOLS_SOURCE = String.raw`
from types import MappingProxyType as _Proxy

WRAPPER_ASSIGNMENTS = ('__module__', '__name__', '__qualname__', '__doc__')
WRAPPER_UPDATES = ('__dict__',)
_missing = object()

def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        value = getattr(wrapped, name, _missing)
        if value is not _missing:
            setattr(wrapper, name, value)
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper

def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned, updated)
    return decorate

class partial:
    def __new__(cls, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError('the first argument must be callable')
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self = super().__new__(cls)
        self.func = func
        self.args = args
        self.keywords = keywords
        return self
    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})
    def __repr__(self):
        parts = [repr(self.func)] + [repr(a) for a in self.args] + [f'{k}={v!r}' for k, v in self.keywords.items()]
        return 'functools.partial(' + ', '.join(parts) + ')'

class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func, self.args, self.keywords = func, args, keywords
    def __get__(self, obj, cls=None):
        func = self.func
        get = getattr(type(func), '__get__', None)
        if get is not None and obj is not None:
            func = get(func, obj, cls)
            return partial(func, *self.args, **self.keywords)
        def call(self_, *args, **keywords):
            return self.func(self_, *self.args, *args, **{**self.keywords, **keywords})
        return call

def reduce(function, iterable, initial=_missing, /):
    it = iter(iterable)
    if initial is _missing:
        try:
            value = next(it)
        except StopIteration:
            raise TypeError('reduce() of empty iterable with no initial value') from None
    else:
        value = initial
    for element in it:
        value = function(value, element)
    return value

class _CacheInfo:
    def __init__(self, hits, misses, maxsize, currsize):
        self.hits, self.misses, self.maxsize, self.currsize = hits, misses, maxsize, currsize
    def __repr__(self):
        return f'CacheInfo(hits={self.hits}, misses={self.misses}, maxsize={self.maxsize}, currsize={self.currsize})'

def lru_cache(maxsize=128, typed=False):
    def decorate(function):
        cache = {}
        counts = [0, 0]
        def wrapper(*args, **kwargs):
            key = (args, tuple(kwargs.items())) if kwargs else args
            if typed:
                key = (key, tuple(type(a) for a in args))
            try:
                value = cache[key]
            except KeyError:
                pass
            else:
                counts[0] += 1
                if maxsize is not None:
                    cache[key] = cache.pop(key)
                return value
            value = function(*args, **kwargs)
            counts[1] += 1
            if maxsize == 0:
                return value
            if maxsize is not None and len(cache) >= maxsize:
                del cache[next(iter(cache))]
            cache[key] = value
            return value
        def cache_clear():
            cache.clear()
            counts[0] = counts[1] = 0
        wrapper.cache_clear = cache_clear
        wrapper.cache_info = lambda: _CacheInfo(counts[0], counts[1], maxsize, len(cache))
        wrapper.cache_parameters = lambda: {'maxsize': maxsize, 'typed': typed}
        return update_wrapper(wrapper, function)
    if callable(maxsize):
        function, maxsize = maxsize, 128
        return decorate(function)
    return decorate

def cache(function):
    return lru_cache(maxsize=None)(function)

class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__
    def __set_name__(self, owner, name):
        self.attrname = name
    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        cache = instance.__dict__
        value = cache.get(self.attrname, _missing)
        if value is _missing:
            value = self.func(instance)
            cache[self.attrname] = value
        return value

def total_ordering(cls):
    roots = [op for op in ('__lt__', '__le__', '__gt__', '__ge__') if getattr(cls, op, None) is not getattr(object, op, None)]
    if not roots:
        raise ValueError('must define at least one ordering operation: < > <= >=')
    root = '__lt__' if '__lt__' in roots else '__le__' if '__le__' in roots else '__gt__' if '__gt__' in roots else '__ge__'
    def define(name, function):
        if name not in roots:
            function.__name__ = name
            setattr(cls, name, function)
    if root == '__lt__':
        define('__gt__', lambda a, b: NotImplemented if type(a).__lt__(a, b) is NotImplemented else not (a < b) and a != b)
        define('__le__', lambda a, b: NotImplemented if type(a).__lt__(a, b) is NotImplemented else a < b or a == b)
        define('__ge__', lambda a, b: NotImplemented if type(a).__lt__(a, b) is NotImplemented else not a < b)
    elif root == '__le__':
        define('__ge__', lambda a, b: not (a <= b) or a == b)
        define('__lt__', lambda a, b: a <= b and a != b)
        define('__gt__', lambda a, b: not a <= b)
    elif root == '__gt__':
        define('__lt__', lambda a, b: not (a > b) and a != b)
        define('__ge__', lambda a, b: a > b or a == b)
        define('__le__', lambda a, b: not a > b)
    else:
        define('__le__', lambda a, b: not (a >= b) or a == b)
        define('__gt__', lambda a, b: a >= b and a != b)
        define('__lt__', lambda a, b: not a >= b)
    return cls

def cmp_to_key(mycmp):
    class K:
        def __init__(self, obj):
            self.obj = obj
        def __lt__(self, other): return mycmp(self.obj, other.obj) < 0
        def __gt__(self, other): return mycmp(self.obj, other.obj) > 0
        def __eq__(self, other): return mycmp(self.obj, other.obj) == 0
        def __le__(self, other): return mycmp(self.obj, other.obj) <= 0
        def __ge__(self, other): return mycmp(self.obj, other.obj) >= 0
        __hash__ = None
    return K

def singledispatch(func):
    registry = {object: func}
    def dispatch(cls):
        for base in cls.__mro__:
            if base in registry:
                return registry[base]
        for known, implementation in registry.items():
            if known is not object and issubclass(cls, known):
                return implementation
        return func
    def register(cls, implementation=None):
        if implementation is None:
            if isinstance(cls, type) or hasattr(cls, '__args__'):
                return lambda f: register(cls, f)
            implementation = cls
            annotations = getattr(cls, '__annotations__', {})
            cls = next(value for name, value in annotations.items() if name != 'return')
        for one in getattr(cls, '__args__', (cls,)) if not isinstance(cls, type) else (cls,):
            registry[one] = implementation
        return implementation
    def wrapper(*args, **kw):
        if not args:
            raise TypeError(f'{func.__name__} requires at least 1 positional argument')
        return dispatch(args[0].__class__)(*args, **kw)
    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = _Proxy(registry)
    update_wrapper(wrapper, func)
    return wrapper

class singledispatchmethod:
    def __init__(self, func):
        self.dispatcher = singledispatch(func)
        self.func = func
    def register(self, cls, method=None):
        return self.dispatcher.register(cls, method)
    def __get__(self, obj, cls=None):
        def call(*args, **kwargs):
            method = self.dispatcher.dispatch(args[0].__class__)
            return method.__get__(obj, cls)(*args, **kwargs)
        return call
`

export const ITERTOOLS_SOURCE = String.raw`
_missing = object()

class _Iterator:
    def __iter__(self): return self
    def __next__(self): return next(self._it)

def _chain(iterables):
    for it in iterables:
        for element in it:
            yield element

class chain(_Iterator):
    def __init__(self, *iterables):
        self._it = _chain(iterables)
    @classmethod
    def from_iterable(cls, iterables):
        self = cls.__new__(cls)
        self._it = _chain(iterables)
        return self

class count(_Iterator):
    def __init__(self, start=0, step=1):
        self._n, self._step = start, step
    def __next__(self):
        n = self._n
        self._n = n + self._step
        return n
    def __repr__(self):
        return f'count({self._n})' if self._step == 1 else f'count({self._n}, {self._step})'

def cycle(iterable):
    saved = []
    for element in iterable:
        yield element
        saved.append(element)
    while saved:
        for element in saved:
            yield element

class repeat(_Iterator):
    def __init__(self, object, times=None):
        self._o, self._t = object, times
    def __next__(self):
        if self._t is not None:
            if self._t <= 0:
                raise StopIteration
            self._t -= 1
        return self._o
    def __len__(self):
        return max(0, self._t)
    def __repr__(self):
        return f'repeat({self._o!r})' if self._t is None else f'repeat({self._o!r}, {self._t})'

def accumulate(iterable, func=None, *, initial=None):
    it = iter(iterable)
    total = initial
    if initial is None:
        try:
            total = next(it)
        except StopIteration:
            return
    yield total
    for element in it:
        total = total + element if func is None else func(total, element)
        yield total

def compress(data, selectors):
    return (d for d, s in zip(data, selectors) if s)

def dropwhile(predicate, iterable):
    it = iter(iterable)
    for x in it:
        if not predicate(x):
            yield x
            break
    for x in it:
        yield x

def takewhile(predicate, iterable):
    for x in iterable:
        if not predicate(x):
            break
        yield x

def filterfalse(predicate, iterable):
    for x in iterable:
        if not (x if predicate is None else predicate(x)):
            yield x

def starmap(function, iterable):
    for args in iterable:
        yield function(*args)

def islice(iterable, *args):
    s = slice(*args)
    start, stop, step = s.start or 0, s.stop, s.step or 1
    if start < 0 or (stop is not None and stop < 0) or step < 1:
        raise ValueError('Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.')
    return _islice(iterable, start, stop, step)

def _islice(iterable, start, stop, step):
    it = iter(iterable)
    i = 0
    wanted = start
    while stop is None or wanted < stop:
        try:
            while i < wanted:
                next(it)
                i += 1
            element = next(it)
        except StopIteration:
            return
        i += 1
        yield element
        wanted += step
    while stop is not None and i < stop:
        try:
            next(it)
        except StopIteration:
            return
        i += 1

def tee(iterable, n=2):
    it = iter(iterable)
    queues = [[] for _ in range(n)]
    def gen(mine):
        while True:
            if not mine:
                try:
                    value = next(it)
                except StopIteration:
                    return
                for q in queues:
                    q.append(value)
            yield mine.pop(0)
    return tuple(gen(q) for q in queues)

def zip_longest(*iterables, fillvalue=None):
    iterators = [iter(it) for it in iterables]
    active = len(iterators)
    if not active:
        return
    while True:
        values = []
        for i, it in enumerate(iterators):
            value = fillvalue if it is None else next(it, _missing)
            if value is _missing:
                active -= 1
                if not active:
                    return
                iterators[i] = None
                value = fillvalue
            values.append(value)
        yield tuple(values)

def product(*iterables, repeat=1):
    pools = [tuple(pool) for pool in iterables] * repeat
    return _product(pools)

def _product(pools):
    n = len(pools)
    if any(not pool for pool in pools):
        return
    indices = [0] * n
    while True:
        yield tuple(pool[i] for pool, i in zip(pools, indices))
        for k in range(n - 1, -1, -1):
            indices[k] += 1
            if indices[k] < len(pools[k]):
                break
            indices[k] = 0
        else:
            return

def permutations(iterable, r=None):
    pool = tuple(iterable)
    n = len(pool)
    r = n if r is None else r
    if r > n:
        return
    indices = list(range(n))
    cycles = list(range(n, n - r, -1))
    yield tuple(pool[i] for i in indices[:r])
    while n:
        for i in reversed(range(r)):
            cycles[i] -= 1
            if cycles[i] == 0:
                indices[i:] = indices[i + 1:] + indices[i:i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                indices[i], indices[-j] = indices[-j], indices[i]
                yield tuple(pool[i] for i in indices[:r])
                break
        else:
            return

def combinations(iterable, r):
    pool = tuple(iterable)
    n = len(pool)
    if r > n:
        return
    indices = list(range(r))
    yield tuple(pool[i] for i in indices)
    while True:
        for i in reversed(range(r)):
            if indices[i] != i + n - r:
                break
        else:
            return
        indices[i] += 1
        for j in range(i + 1, r):
            indices[j] = indices[j - 1] + 1
        yield tuple(pool[i] for i in indices)

def combinations_with_replacement(iterable, r):
    pool = tuple(iterable)
    n = len(pool)
    if not n and r:
        return
    indices = [0] * r
    yield tuple(pool[i] for i in indices)
    while True:
        for i in reversed(range(r)):
            if indices[i] != n - 1:
                break
        else:
            return
        indices[i:] = [indices[i] + 1] * (r - i)
        yield tuple(pool[i] for i in indices)

class groupby:
    def __init__(self, iterable, key=None):
        self._it, self._key = iter(iterable), key
        self._pending = _missing
        self._group = None
        self._done = False
    def __iter__(self):
        return self
    def _advance(self):
        try:
            value = next(self._it)
        except StopIteration:
            self._done = True
            return False
        self._pending = (value if self._key is None else self._key(value), value)
        return True
    def __next__(self):
        if self._group is not None:
            for _ in self._group:
                pass
        if self._pending is _missing and (self._done or not self._advance()):
            raise StopIteration
        key = self._pending[0]
        self._group = self._members(key)
        return key, self._group
    def _members(self, key):
        while self._pending is not _missing and self._pending[0] == key:
            value = self._pending[1]
            self._pending = _missing
            yield value
            if not self._advance():
                return

def pairwise(iterable):
    it = iter(iterable)
    a = next(it, _missing)
    if a is _missing:
        return
    for b in it:
        yield a, b
        a = b

def batched(iterable, n):
    if n < 1:
        raise ValueError('n must be at least one')
    it = iter(iterable)
    while batch := tuple(islice(it, n)):
        yield batch
`

export const CONTEXTLIB_SOURCE = String.raw`
from functools import wraps
import abc

class AbstractContextManager(abc.ABC):
    def __enter__(self): return self
    @abc.abstractmethod
    def __exit__(self, exc_type, exc_value, traceback): return None

class ContextDecorator:
    def _recreate_cm(self): return self
    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)
        return inner

class _GeneratorContextManager(ContextDecorator):
    def __init__(self, func, args, kwds):
        self.gen = func(*args, **kwds)
        self.func, self.args, self.kwds = func, args, kwds
    def _recreate_cm(self):
        return self.__class__(self.func, self.args, self.kwds)
    def __enter__(self):
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None
    def __exit__(self, typ, value, traceback):
        if typ is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self.gen.throw(value)
        except StopIteration as exc:
            return exc is not value
        except RuntimeError as exc:
            if exc is value:
                return False
            raise
        except BaseException as exc:
            if exc is not value:
                raise
            return False
        raise RuntimeError("generator didn't stop after throw()")

def contextmanager(func):
    @wraps(func)
    def helper(*args, **kwds):
        return _GeneratorContextManager(func, args, kwds)
    return helper

asynccontextmanager = contextmanager

class nullcontext:
    def __init__(self, enter_result=None): self.enter_result = enter_result
    def __enter__(self): return self.enter_result
    def __exit__(self, *excinfo): pass

class suppress:
    def __init__(self, *exceptions): self._exceptions = exceptions
    def __enter__(self): pass
    def __exit__(self, exctype, excinst, exctb):
        return exctype is not None and issubclass(exctype, self._exceptions)

class closing:
    def __init__(self, thing): self.thing = thing
    def __enter__(self): return self.thing
    def __exit__(self, *exc_info): self.thing.close()

class redirect_stdout:
    def __init__(self, new_target): self._new_target = new_target
    def __enter__(self): return self._new_target
    def __exit__(self, *exc): pass
redirect_stderr = redirect_stdout

class ExitStack:
    def __init__(self): self._exits = []
    def pop_all(self):
        other = type(self)()
        other._exits, self._exits = self._exits, []
        return other
    def push(self, exit):
        self._exits.append(exit.__exit__ if hasattr(exit, '__exit__') else exit)
        return exit
    def enter_context(self, cm):
        result = cm.__enter__()
        self._exits.append(cm.__exit__)
        return result
    def callback(self, callback, /, *args, **kwds):
        self._exits.append(lambda *exc: (callback(*args, **kwds), False)[1])
        return callback
    def __enter__(self): return self
    def __exit__(self, *exc):
        pending = exc[1]
        swallowed = False
        while self._exits:
            exit = self._exits.pop()
            try:
                if exit(*((type(pending), pending, None) if pending is not None else (None, None, None))):
                    swallowed, pending = True, None
            except BaseException as error:
                pending, swallowed = error, False
        if pending is not None and pending is not exc[1]:
            raise pending
        return exc[1] is not None and swallowed
    def close(self): self.__exit__(None, None, None)
AsyncExitStack = ExitStack
`
