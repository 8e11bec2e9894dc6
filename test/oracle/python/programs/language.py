# scoping
x = 1
def f():
    global x
    x = 2
    def g():
        return x
    return g()
print(f(), x)
# ---
def outer():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    inc(); inc()
    return n
print(outer())
# ---
x = 'module'
class A:
    x = 'class'
    y = [x for _ in range(1)]
    z = [i for i in x]
    def m(self):
        return x
print(A.y, A.z, A().m())
# ---
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
gs = [lambda i=i: i for i in range(3)]
print([g() for g in gs])
# ---
def f(a, L=[]):
    L.append(a)
    return L
print(f(1), f(2), f(3, []), f(4))
# ---
def f():
    try:
        print(y)
    except NameError as e:
        print(type(e).__name__, e)
    y = 1
f()
# ---
def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw
print(f(1, c=3))
print(f(1, 2, 3, 4, c=5, e=6))
for call in ['f()', 'f(1)', 'f(1, 2, b=3, c=4)', 'f(c=1)']:
    pass
try:
    f()
except TypeError as e:
    print(e)
try:
    f(1)
except TypeError as e:
    print(e)
try:
    f(1, 2, b=3, c=4)
except TypeError as e:
    print(e)
# ---
def f(a, /, b, *, c):
    return a, b, c
print(f(1, 2, c=3), f(1, b=2, c=3))
try:
    f(a=1, b=2, c=3)
except TypeError as e:
    print(e)
try:
    f(1, 2, 3)
except TypeError as e:
    print(e)
# ---
def f(x): return x
try:
    f(1, 2)
except TypeError as e:
    print(e)
try:
    f(y=1)
except TypeError as e:
    print(e)
# ---
def f(*args, **kwargs):
    return args, kwargs
print(f(*[1, 2], *(3,), **{'a': 1}, **{'b': 2}))
try:
    f(**{'a': 1}, **{'a': 2})
except TypeError as e:
    print(e)
# ---
class A:
    def who(self): return 'A'
class B(A):
    def who(self): return 'B' + super().who()
class C(A):
    def who(self): return 'C' + super().who()
class D(B, C):
    def who(self): return 'D' + super().who()
print(D().who(), [c.__name__ for c in D.__mro__])
# ---
class X: pass
class Y: pass
class A(X, Y): pass
class B(Y, X): pass
try:
    class C(A, B): pass
except TypeError as e:
    print(type(e).__name__)
# ---
class P:
    def __init__(self): self._v = 1
    @property
    def v(self):
        return self._v
    @v.setter
    def v(self, value):
        self._v = value * 2
    @v.deleter
    def v(self):
        del self._v
p = P()
p.v = 5
print(p.v)
del p.v
print(hasattr(p, 'v'))
# ---
class P:
    @property
    def ro(self): return 1
try:
    P().ro = 2
except AttributeError as e:
    print(e)
# ---
class D:
    def __set_name__(self, owner, name):
        self.name = name
        print('set_name', owner.__name__, name)
    def __get__(self, obj, cls):
        return self if obj is None else obj.__dict__.get(self.name, 'default')
    def __set__(self, obj, value):
        obj.__dict__[self.name] = value + 1
class A:
    x = D()
    y = D()
a = A()
print(a.x)
a.x = 1
print(a.x, a.y, type(A.x).__name__)
# ---
class N:
    def __get__(self, obj, cls): return 'nondata'
class A:
    x = N()
a = A()
print(a.x)
a.__dict__['x'] = 'instance'
print(a.x)
# ---
class A:
    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return 'got ' + name
a = A()
print(a.foo, hasattr(a, '_x'), getattr(a, '_y', 'dflt'))
# ---
class A:
    x = 1
    def __getattribute__(self, name):
        if name == 'secret':
            return 42
        return super().__getattribute__(name)
a = A()
print(a.secret, a.x)
try:
    a.nothing
except AttributeError as e:
    print(e)
# ---
class A:
    def __setattr__(self, name, value):
        print('set', name, value)
        object.__setattr__(self, name, value)
    def __delattr__(self, name):
        print('del', name)
        object.__delattr__(self, name)
a = A()
a.x = 1
del a.x
try:
    del a.x
except AttributeError as e:
    print(type(e).__name__, e)
# ---
class Base:
    registry = []
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        Base.registry.append((cls.__name__, tag))
class A(Base, tag='a'): pass
class B(A): pass
print(Base.registry)
# ---
class G:
    def __class_getitem__(cls, item):
        return f'{cls.__name__}[{item}]'
print(G[1], G['x', 2])
# ---
class Meta(type):
    def __new__(mcs, name, bases, ns, **kw):
        ns['added'] = name.lower()
        return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        cls.kw = kw
    def __call__(cls, *args):
        obj = super().__call__(*args)
        obj.stamped = True
        return obj
    def __len__(cls):
        return 7
    @property
    def prop(cls):
        return 'meta ' + cls.__name__
class A(metaclass=Meta, flag=1):
    def __init__(self, v=0): self.v = v
a = A(3)
print(A.added, A.kw, a.v, a.stamped, len(A), A.prop, type(A).__name__)
# ---
T = type('T', (int,), {'double': lambda self: self * 2})
print(T(4).double(), T.__name__, T.__bases__)
# ---
def g():
    x = yield 1
    print('got', x)
    y = yield 2
    print('got', y)
    return 'done'
it = g()
print(next(it))
print(it.send('a'))
try:
    it.send('b')
except StopIteration as e:
    print('stop', e.value)
# ---
def g():
    try:
        yield 1
        yield 2
    except ValueError as e:
        print('caught', e)
        yield 'recovered'
    finally:
        print('finally')
it = g()
print(next(it))
print(it.throw(ValueError('boom')))
print(list(it))
# ---
def g():
    try:
        yield 1
    finally:
        print('closed')
it = g()
next(it)
it.close()
try:
    next(it)
except StopIteration:
    print('stopped')
# ---
def inner():
    r = yield 'a'
    return f'inner {r}'
def outer():
    result = yield from inner()
    print(result)
    yield from [1, 2]
    yield from 'xy'
it = outer()
print(next(it))
print(it.send('S'))
print(list(it))
# ---
def countdown(n):
    while n:
        yield n
        n -= 1
print(list(countdown(3)), sum(countdown(4)), max(countdown(2)), sorted(countdown(3)))
a, b, c = countdown(3)
print(a, b, c)
# ---
def f(kind):
    try:
        if kind == 0: return 'ok'
        if kind == 1: raise ValueError('v')
        if kind == 2: raise KeyError('k')
        print('fallthrough')
    except ValueError as e:
        return f'V {e}'
    except (KeyError, IndexError) as e:
        return f'K {e}'
    else:
        return 'else'
    finally:
        print('finally', kind)
for k in range(4):
    print(f(k))
# ---
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise ValueError('wrapped') from e
except ValueError as e:
    print(e, type(e.__cause__).__name__, e.__cause__)
# ---
class MyError(Exception):
    def __init__(self, code, msg='m'):
        super().__init__(code, msg)
        self.code = code
try:
    raise MyError(5)
except Exception as e:
    print(e.args, e.code, str(e), repr(e))
# ---
try:
    raise KeyError('a')
except KeyError as e:
    print(str(e), repr(e), e.args)
try:
    {}['zz']
except KeyError as e:
    print(e)
try:
    [][3]
except IndexError as e:
    print(e)
try:
    int('x')
except ValueError as e:
    print(e)
try:
    None.foo
except AttributeError as e:
    print(e)
try:
    'a' + 1
except TypeError as e:
    print(e)
try:
    1 + 'a'
except TypeError as e:
    print(e)
try:
    [1] + (2,)
except TypeError as e:
    print(e)
# ---
def f():
    for i in range(3):
        try:
            if i == 1: continue
            if i == 2: break
            print('body', i)
        finally:
            print('fin', i)
    else:
        print('no break')
    return 'r'
print(f())
# ---
def f():
    try:
        return 'try'
    finally:
        return 'finally'
print(f())
# ---
class CM:
    def __init__(self, name, swallow=False): self.name, self.swallow = name, swallow
    def __enter__(self):
        print('enter', self.name)
        return self.name.upper()
    def __exit__(self, t, v, tb):
        print('exit', self.name, t.__name__ if t else None)
        return self.swallow
with CM('a') as a, CM('b', True) as b:
    print(a, b)
    raise ValueError('x')
print('after')
try:
    with CM('c'):
        raise KeyError('k')
except KeyError:
    print('out')
# ---
def deco(arg):
    print('deco', arg)
    def wrap(f):
        print('wrap', f.__name__)
        def inner(*a, **k):
            return (arg, f(*a, **k))
        return inner
    return wrap
@deco(1)
@deco(2)
def f(x): return x
print(f(3))
# ---
def classdeco(cls):
    cls.extra = 'e'
    return cls
@classdeco
class A: pass
print(A.extra)
# ---
L = list(range(10))
print(L[2:5], L[::-1], L[::2], L[-3:], L[:-7], L[8:2:-2], L[100:], L[-100:3])
L[2:4] = ['a', 'b', 'c']
print(L)
L[::3] = ['x'] * len(L[::3])
print(L)
del L[1:3]
print(L)
del L[::2]
print(L)
try:
    L[::2] = [1]
except ValueError as e:
    print(e)
# ---
a, *b, c = range(5)
print(a, b, c)
(a, b), [c, *d] = (1, 2), 'xyz'
print(a, b, c, d)
*a, = 'hi'
print(a)
for i, (j, k) in enumerate([(1, 2), (3, 4)]):
    print(i, j, k)
try:
    a, b = 1, 2, 3
except ValueError as e:
    print(e)
try:
    a, b, *c = [1]
except ValueError as e:
    print(e)
# ---
def t(v):
    print('t', v)
    return v
print(t(1) < t(2) < t(3))
print(t(3) < t(2) < t(1))
print(1 < 2 == 2 != 3, 1 in [1] == True)
# ---
if (n := len('hello')) > 3:
    print(n)
print([y := 1, y ** 2, y + 5], y)
print([last for x in range(4) if (last := x) % 2], last)
# ---
def m(v):
    match v:
        case 0: return 'zero'
        case int(n) if n < 0: return f'neg {n}'
        case int() | float(): return 'num'
        case 'a' | 'b': return 'ab'
        case [x]: return f'one {x}'
        case [x, *rest]: return f'list {x} {rest}'
        case {'k': v, **rest}: return f'map {v} {rest}'
        case None: return 'none'
        case _: return 'other'
for v in [0, -5, 7, 2.5, 'a', 'z', [1], [1, 2, 3], {'k': 1, 'z': 2}, {}, None, (), (4, 5)]:
    print(m(v))
# ---
class Pt:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
def m(p):
    match p:
        case Pt(0, 0): return 'origin'
        case Pt(x=0, y=y): return f'y {y}'
        case Pt(x, y) as q if x == y: return f'diag {q.x}'
        case Pt(): return 'pt'
for p in [Pt(0, 0), Pt(0, 3), Pt(2, 2), Pt(1, 2)]:
    print(m(p))
# ---
import sys
print(__name__)
class A:
    def m(self): pass
print(A.__name__, A.__qualname__, A.__module__, A.m.__qualname__, A().m.__name__)
def f():
    def g(): pass
    return g
print(f().__qualname__)
# ---
x = [1, 2, 3]
y = x
y += [4]
print(x, x is y)
t = (1, 2)
u = t
u += (3,)
print(t, u)
# ---
class A:
    def __init__(self, v): self.v = v
    def __add__(self, o): return A(self.v + (o.v if isinstance(o, A) else o))
    def __radd__(self, o): return A(o + self.v)
    def __iadd__(self, o):
        self.v += 100
        return self
    def __mul__(self, o): return NotImplemented
    def __repr__(self): return f'A({self.v})'
    def __eq__(self, o): return isinstance(o, A) and self.v == o.v
    def __lt__(self, o): return self.v < o.v
    def __hash__(self): return hash(self.v)
    def __bool__(self): return self.v > 0
    def __neg__(self): return A(-self.v)
    def __call__(self, *a): return a
    def __contains__(self, i): return i == self.v
    def __len__(self): return 3
    def __getitem__(self, i): return i
a = A(1)
print(a + a, a + 2, 3 + a, -a, bool(a), bool(A(0)), a(1, 2), 1 in a, len(a), a[5], a[1:2], a[1, 2])
a += 1
print(a, A(1) == A(1), A(1) != A(2), A(1) < A(2), A(3) > A(2), sorted([A(3), A(1)]), len({A(1), A(1)}))
try:
    a * 2
except TypeError as e:
    print(e)
# ---
class It:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n <= 0: raise StopIteration
        self.n -= 1
        return self.n
print(list(It(3)), tuple(It(2)), sum(It(4)), 2 in It(5), max(It(3)), dict(zip('ab', It(2))))
class Seq:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * 10
print(list(Seq()), 20 in Seq(), list(reversed([1, 2])))
# ---
class A:
    count = 0
    def __new__(cls, *args):
        obj = super().__new__(cls)
        cls.count += 1
        return obj
    def __init__(self, v): self.v = v
    @classmethod
    def make(cls, v): return cls(v * 2)
    @staticmethod
    def helper(x): return x + 1
class B(A): pass
print(A(1).v, B.make(2).v, A.helper(1), B(1).helper(2), A.count, B.count)
# ---
class S:
    __slots__ = ('a', 'b')
s = S()
s.a = 1
print(s.a)
try:
    s.c = 1
except AttributeError as e:
    print(type(e).__name__)
try:
    s.b
except AttributeError as e:
    print(type(e).__name__)
# ---
class A:
    __private = 1
    def get(self): return self.__private
    def set(self, v): self.__dict__['_A__private'] = v
a = A()
a.set(5)
print(a.get(), A._A__private)
# ---
d = {'a': 1, 'b': 2}
try:
    for k in d:
        d[k + 'x'] = 1
except RuntimeError as e:
    print(e)
s = {1, 2}
try:
    for x in s:
        s.add(x + 10)
except RuntimeError as e:
    print(e)
L = [1, 2, 3]
for x in L:
    if x < 3: L.append(x + 5)
    if len(L) > 6: break
print(L)
# ---
print([x * y for x in range(3) for y in range(x) if y != 1], {x: x * x for x in range(3)}, {x % 2 for x in range(5)}, list(x for x in 'ab'))
print([[j for j in range(i)] for i in range(3)])
# ---
assert True
try:
    assert 1 == 2, 'message'
except AssertionError as e:
    print('AE', e)
try:
    assert False
except AssertionError as e:
    print('AE', repr(e))
# ---
def f(n):
    return 1 if n < 2 else n * f(n - 1)
print(f(20), f(30))
def fib(n, memo={}):
    if n in memo: return memo[n]
    memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]
print(fib(80))
# ---
i = 0
while True:
    i += 1
    if i % 2: continue
    if i > 6: break
else:
    print('never')
print(i)
while i < 8:
    i += 1
else:
    print('else', i)
# ---
print(isinstance(True, int), isinstance(1, (str, int)), issubclass(bool, int), type(1) is int, type(None), callable(len), callable(3))
print(bool([]), bool([0]), bool(''), bool(0.0), bool(None), not 1, 0 or 'x', 1 and 2, None or 0)
# ---
print(getattr(1, 'real'), hasattr('x', 'upper'), 'x'.upper.__name__, len.__name__)
class A: pass
setattr(A, 'z', 3)
print(A.z, vars(A)['z'], 'z' in dir(A))
delattr(A, 'z')
print(hasattr(A, 'z'))
# ---
lst = [3, 1, 2]
print(sorted(lst), sorted(lst, reverse=True), sorted('bca', key=lambda c: -ord(c)), lst)
lst.sort(key=lambda x: x % 3)
print(lst)
pairs = [(1, 'b'), (0, 'a'), (1, 'a'), (0, 'b')]
print(sorted(pairs, key=lambda p: p[0]), sorted(pairs, key=lambda p: p[1], reverse=True))
try:
    sorted([1, 'a'])
except TypeError as e:
    print(e)
# ---
print(list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])), list(filter(None, [0, 1, '', 'a'])), list(zip([1, 2], 'ab', (True, False))), list(enumerate('ab', 1)))
print(any([0, 1]), all([]), any([]), sum([1.5, 2]), sum([[1], [2]], []), min(3, 1), max('abc'), min([], default='d'), max([1, 5, 3], key=lambda x: -x), abs(-3), divmod(-7, 2), pow(2, 10, 7), round(2.5), round(3.5), round(-2.5), round(1.235, 2), round(1234, -2))
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as e:
    print(e)
# ---
print(1 == 1.0 == True, hash(1) == hash(1.0), {1: 'a', 1.0: 'b', True: 'c'}, {0, False, 0.0}, (1, 2) == (1.0, 2.0), [1] == (1,))
d = {}
d[1] = 'x'; d[2.0] = 'y'; d['1'] = 'z'; d[(1, 'a')] = 't'; d[None] = 'n'; d[frozenset([1])] = 'f'
print(d, d[True], d[2], list(d))
try:
    {[]: 1}
except TypeError as e:
    print(e)
# ---
try:
    raise ExceptionGroup('g', [ValueError(1), TypeError(2)])
except* ValueError as e:
    print('V', e.exceptions)
except* TypeError as e:
    print('T', e.exceptions)
# ---
def f():
    raise StopIteration('x')
def g():
    yield f()
try:
    list(g())
except RuntimeError as e:
    print(e)
# ---
class A:
    def f(self): return __class__.__name__
class B(A): pass
print(B().f())
# ---
class Outer:
    class Inner:
        v = 1
    inner = Inner()
    @classmethod
    def make(cls): return cls.Inner()
print(Outer.Inner.__qualname__, Outer.inner.v, type(Outer.make()).__name__)
# ---
class A:
    def __enter__(self): return self
    def __exit__(self, *a): return False
    def __repr__(self): return '<A>'
    def __str__(self): return 'strA'
    def __format__(self, spec): return f'fmt[{spec}]'
a = A()
print(a, repr(a), f'{a}', f'{a!r}', f'{a!s:>6}', f'{a:xyz}', '%s %r' % (a, a), '{} {!r} {:q}'.format(a, a, a), [a])
# ---
def f(x: int, y: 'str' = 'a') -> bool: pass
print(f.__annotations__['x'], f.__annotations__['y'], f.__annotations__['return'], f.__defaults__, f.__name__, f.__doc__)
# ---
def f():
    """doc string"""
class A:
    """class doc"""
    def m(self):
        'm doc'
print(f.__doc__, A.__doc__, A.m.__doc__)
# ---
print(eval('1 + 2'), eval('x * 2', {'x': 5}))
# ---
x = 5
def f():
    return [x for x in range(3)], x
print(f(), x)
# ---
print(*[1, 2], sep='-', end='!\n')
print('a', 'b', sep='')
print()
print(1, 'a', None, 2.0, [1, 'a'], {'k': (1,)}, sep='|')
# ---
a = b = []
a.append(1)
print(b, a is b, a == [1])
x, y = 1, 2
x, y = y, x
print(x, y)
i = 0
arr = [0, 0]
i, arr[i] = 1, 5
print(i, arr)
# ---
class A(list):
    def first(self): return self[0]
class B(dict):
    def __missing__(self, k): return k * 2
class C(str):
    def shout(self): return self.upper() + '!'
class D(int):
    def __add__(self, o): return D(int(self) + o + 1)
class E(tuple):
    def __new__(cls, a, b): return super().__new__(cls, (a, b))
    @property
    def a(self): return self[0]
print(A([1, 2]).first(), B()['x'], C('a').shout(), D(1) + 2, type(D(1) + 2).__name__, E(1, 2), E(3, 4).a, A('ab'), len(C('abc')), B(a=1), C('q') == 'q', isinstance(E(1, 2), tuple))
