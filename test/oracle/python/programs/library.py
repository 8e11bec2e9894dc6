from dataclasses import dataclass, field, replace, asdict, astuple, fields, is_dataclass
@dataclass(order=True)
class P:
    x: int
    y: int = 2
    tags: list = field(default_factory=list, compare=False)
    def __post_init__(self): self.s = self.x + self.y
p = P(1)
print(p, p == P(1), p < P(2), p.s, asdict(p), astuple(p), replace(p, x=5), [f.name for f in fields(P)], is_dataclass(P))
p.tags.append(1)
print(P(1).tags, p.tags)
try:
    P()
except TypeError as e:
    print(e)
try:
    P(1, 2, [], 4)
except TypeError as e:
    print(e)
try:
    P(1, z=3)
except TypeError as e:
    print(e)
# ---
from dataclasses import dataclass, field, FrozenInstanceError
@dataclass(frozen=True)
class A:
    x: int = 1
@dataclass(frozen=True)
class B(A):
    y: str = 'b'
b = B(2)
print(b, hash(b) == hash(B(2)), {b: 1}[B(2)])
try:
    b.x = 3
except FrozenInstanceError as e:
    print(e)
try:
    @dataclass
    class C:
        x: list = []
except ValueError as e:
    print(e)
try:
    @dataclass
    class D:
        x: int = 1
        y: int
except TypeError as e:
    print(e)
@dataclass(kw_only=True)
class K:
    a: int
    b: int = 2
print(K(a=1))
try:
    K(1)
except TypeError as e:
    print(e)
# ---
from dataclasses import dataclass, InitVar, KW_ONLY
from typing import ClassVar
@dataclass
class A:
    c: ClassVar[int] = 7
    x: int
    v: InitVar[int] = 3
    _: KW_ONLY
    k: int = 4
    def __post_init__(self, v): self.x += v
print(A(1), A(1, 10, k=5), A.c)
# ---
from enum import Enum, IntEnum, auto, unique, Flag, IntFlag, StrEnum
class C(Enum):
    R = 1
    G = 'g'
    ALIAS = 1
print(C.R, repr(C.G), C(1), C['G'], C.ALIAS is C.R, list(C), len(C), C.R.name, C.G.value, C.R in C, list(C.__members__), C.R == 1, isinstance(C.R, C), type(C.R).__name__, repr(C))
try:
    C(99)
except ValueError as e:
    print(e)
try:
    C['ZZ']
except KeyError as e:
    print(e)
try:
    C.R = 2
except AttributeError as e:
    print(e)
class N(IntEnum):
    A = auto()
    B = auto()
print(N.A, N.B + 1, N(2), repr(N.B), sorted([N.B, N.A]), f'{N.A}', N.A < 5, [10, 20, 30][N.B])
class S(StrEnum):
    X = auto()
    Y = 'why'
print(S.X, S.Y.upper(), S.X == 'x', repr(S.Y))
# ---
from enum import Flag, auto, IntFlag
class P(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W
print(P.R | P.W, repr(P.R | P.X), P.R in P.RW, bool(P.R & P.W), list(P), P.RW, ~P.R, P(0), len(P.RW), list(P.RW))
class I(IntFlag):
    A = 1
    B = 2
print(I.A | I.B, repr(I.A | I.B), int(I.A | I.B), I(3))
# ---
from enum import Enum
class Planet(Enum):
    EARTH = (5.97, 6.37)
    MARS = (0.64, 3.39)
    def __init__(self, mass, radius):
        self.mass, self.radius = mass, radius
    @property
    def ratio(self): return round(self.mass / self.radius, 3)
    @classmethod
    def biggest(cls): return max(cls, key=lambda p: p.mass)
print(Planet.EARTH.mass, Planet.MARS.ratio, Planet.biggest(), Planet.EARTH.value)
class W(str, Enum):
    A = 'a'
    def __str__(self): return 'W:' + self.value
print(W.A, W.A == 'a', W('a') is W.A, f'{W.A}', {W.A: 1}['a'], 'x' + W.A)
F = Enum('F', 'ONE TWO')
print(list(F), F.TWO.value)
# ---
import functools
@functools.lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(50), fib.cache_info())
p = functools.partial(int, base=2)
print(p('101'), p.keywords, functools.partial(pow, 2)(5))
def deco(f):
    @functools.wraps(f)
    def w(*a): return f(*a) + 1
    return w
@deco
def g(x):
    "doc g"
    return x
print(g(1), g.__name__, g.__doc__, g.__wrapped__(1))
print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.reduce(lambda a, b: a + b, [], 'init'))
class A:
    n = 0
    @functools.cached_property
    def v(self):
        A.n += 1
        return A.n
a = A()
print(a.v, a.v, A().v, a.__dict__)
@functools.total_ordering
class T:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(T(1) <= T(1), T(2) > T(1), T(1) >= T(2), T(1) != T(2))
@functools.singledispatch
def sd(x): return 'obj'
@sd.register
def _(x: int): return 'int'
@sd.register(list)
def _(x): return 'list'
print(sd(1), sd([]), sd('s'), sd(True))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
class PM:
    def set(self, v): return v
    on = functools.partialmethod(set, 'on')
print(PM().on())
# ---
from itertools import *
print(list(chain([1], 'ab')), list(chain.from_iterable([[1], [2]])), list(islice(count(5, 2), 4)), list(islice('abcdef', 1, 5, 2)), list(zip(cycle('ab'), range(3))), list(repeat(1, 2)))
print(list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], lambda a, b: a * b, initial=10)), list(compress('abcd', [1, 0, 1])), list(dropwhile(lambda x: x < 2, [1, 2, 1])), list(takewhile(lambda x: x < 2, [1, 2, 1])), list(filterfalse(lambda x: x % 2, range(4))))
print([(k, list(g)) for k, g in groupby('aabbca')], list(pairwise([1, 2, 3])), list(starmap(pow, [(2, 3), (3, 2)])), list(zip_longest('ab', 'c', fillvalue='-')), list(product('ab', range(2))), list(product([0, 1], repeat=2)))
print(list(permutations('abc', 2)), list(combinations('abcd', 2)), list(combinations_with_replacement('ab', 2)), list(permutations([1, 2, 3])), list(batched('abcde', 2)))
a, b = tee([1, 2, 3])
print(next(a), list(b), list(a))
# ---
from collections import *
d = defaultdict(list)
d['a'].append(1)
print(d, d['z'], len(d), 'q' in d, dict(d))
c = Counter('abracadabra')
print(c, c.most_common(2), c['zz'], sum(c.values()), c + Counter(a=1), c - Counter('aaa'), Counter(a=1) | Counter(a=3, b=1), sorted(c.elements()))
o = OrderedDict([('a', 1), ('b', 2)])
o.move_to_end('a')
print(o, list(o), o.popitem(last=False), o == OrderedDict(a=1), o == {'a': 1})
q = deque([1, 2, 3], maxlen=3)
q.append(4)
q.appendleft(0)
print(q, q.pop(), q.popleft(), q, list(q), len(q))
q = deque('abc'); q.rotate(1)
print(q, q[0], 'b' in q, q.index('c'))
m = ChainMap({'a': 1}, {'a': 2, 'b': 3})
print(m['a'], m['b'], len(m), dict(m), m.new_child({'b': 9})['b'])
P = namedtuple('P', 'x y', defaults=[5])
p = P(1)
print(p, p.x, p._replace(y=2), p._asdict(), P._fields, P(1, 2) == (1, 2), p[1], P._make([7, 8]), isinstance(p, tuple))
try:
    P()
except TypeError as e:
    print(e)
try:
    p.x = 3
except AttributeError as e:
    print(e)
x, y = p
print(x, y)
# ---
from collections.abc import *
class S(Sequence):
    def __init__(self, d): self.d = d
    def __getitem__(self, i): return self.d[i]
    def __len__(self): return len(self.d)
s = S([1, 2, 3])
print(list(s), 2 in s, s.index(3), list(reversed(s)), s.count(1), isinstance(s, Sequence), isinstance([], MutableSequence), isinstance({}, Mapping), isinstance('a', Iterable), isinstance(1, Iterable), isinstance(len, Callable), isinstance((), Hashable), isinstance([], Hashable), isinstance(iter([]), Iterator), isinstance((x for x in []), Generator))
class M(MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = M()
m['a'] = 1
m.update(b=2)
print(dict(m), m.get('z'), m.pop('a'), list(m.items()), m.setdefault('q', 5), 'q' in m)
try:
    Sequence()
except TypeError as e:
    print(type(e).__name__)
# ---
from abc import ABC, abstractmethod
class A(ABC):
    @abstractmethod
    def f(self): ...
    @property
    @abstractmethod
    def p(self): ...
class B(A):
    def f(self): return 1
    p = 3
print(B().f(), sorted(A.__abstractmethods__))
try:
    A()
except TypeError as e:
    print(e)
class V: pass
A.register(V)
print(isinstance(V(), A), issubclass(V, A), issubclass(B, A), isinstance(3, A))
# ---
from typing import *
T = TypeVar('T')
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
class IntBox(Box[int]): pass
print(Box[int](3).v, IntBox(4).v, Box[int], IntBox.__mro__[1].__name__, get_origin(Box[int]) is Box, get_args(Box[int]))
class NT(NamedTuple):
    a: int
    b: str = 'x'
    def m(self): return self.a * 2
n = NT(1)
print(n, n.m(), n._fields, NT(2, 'q').b, n == (1, 'x'))
class TD(TypedDict, total=False):
    a: int
    b: str
t = TD(a=1)
print(t, type(t).__name__, TD.__annotations__['a'], sorted(TD.__optional_keys__))
@runtime_checkable
class Pr(Protocol):
    def f(self): ...
class Has:
    def f(self): pass
print(isinstance(Has(), Pr), isinstance(3, Pr))
print(Optional[int], Union[int, str], List[int], Dict[str, Any], Callable[..., int], Literal['a'], Tuple[int, ...], get_args(Optional[int]), get_origin(List[int]), Union[int, int], cast(int, 'x'), TYPE_CHECKING)
def f(a: int, b: 'Optional[str]' = None) -> List[int]: ...
print(f.__annotations__['a'])
# ---
import copy
a = [1, [2, 3], {'k': [4]}]
b = copy.copy(a)
c = copy.deepcopy(a)
a[1].append(9)
print(b, c, b[1] is a[1], c[1] is a[1])
class N:
    def __init__(self): self.kids = []; self.up = None
n = N(); m = N(); n.kids.append(m); m.up = n
d = copy.deepcopy(n)
print(d.kids[0].up is d, d is not n, type(d).__name__)
class D:
    def __deepcopy__(self, memo): return 'deep'
    def __copy__(self): return 'shallow'
print(copy.deepcopy([D()]), copy.copy(D()), copy.deepcopy((1, [2])), copy.deepcopy({'a', 'b'}) == {'a', 'b'})
x = [1]
y = copy.deepcopy([x, x])
print(y[0] is y[1])
# ---
import operator, math, bisect, heapq
print(operator.add(1, 2), operator.itemgetter(1, 2)('abc'), operator.attrgetter('real')(5), operator.methodcaller('upper')('a'), operator.mul(3, 4), operator.contains([1], 1), operator.index(3), operator.neg(2))
print(math.prod([2, 3]), math.gcd(12, 18), math.lcm(4, 6), math.comb(5, 2), math.perm(5, 2), math.factorial(10), math.isqrt(17), math.floor(-2.5), math.ceil(2.1), math.trunc(-2.7), math.sqrt(16), math.log(8, 2), math.log2(8), math.log10(1000), math.exp(0), math.hypot(3, 4), math.copysign(1, -0.0), math.fmod(-7, 3), math.isclose(0.1 + 0.2, 0.3), math.fsum([0.1] * 10), math.inf, math.pi, math.degrees(math.pi), math.modf(2.5), math.frexp(8), math.dist((0, 0), (3, 4)))
try:
    math.sqrt(-1)
except ValueError as e:
    print(e)
try:
    math.factorial(-1)
except ValueError as e:
    print(e)
L = [1, 3, 5]
bisect.insort(L, 4)
print(L, bisect.bisect(L, 3), bisect.bisect_left(L, 3))
h = [5, 1, 4]
heapq.heapify(h)
heapq.heappush(h, 0)
print(heapq.heappop(h), h, heapq.nlargest(2, [1, 5, 3]), heapq.nsmallest(2, [1, 5, 3]))
# ---
import contextlib
@contextlib.contextmanager
def cm(x):
    print('in', x)
    try:
        yield x * 2
    except ValueError as e:
        print('caught', e)
    finally:
        print('out')
with cm(2) as v:
    print(v)
with cm(3):
    raise ValueError('bad')
with contextlib.suppress(KeyError):
    {}['a']
with contextlib.ExitStack() as st:
    st.enter_context(cm('a'))
    st.callback(print, 'cb')
    print('body')
with contextlib.nullcontext(5) as n:
    print(n)
# ---
import re
print(re.match(r'(\w+)\s(\d+)', 'abc 12').groups(), re.search(r'b+', 'aabbb').span(), re.findall(r'\d', 'a1b2'), re.findall(r'(\w)=(\d)', 'a=1,b=2'), re.sub(r'\d+', lambda m: str(int(m.group()) * 2), 'a5b10'), re.sub(r'(\w)(\d)', r'\2\1', 'a1b2'), re.split(r'(\d.*)', 'ir_r2_k3'), re.split(r'[,;]', 'a,b;c'))
m = re.match(r'(?P<a>x)(?P<b>y)?', 'x')
print(m.groupdict(), m['a'], m.group('b'), m.start(), m.end(), bool(re.fullmatch('a+', 'aab')), re.escape('a.b'), re.sub('x*', '-', 'abxd'), re.compile('A', re.I).search('bab').group(), re.findall(r'^\w', 'a\nb', re.M))
print(re.sub(r'(?<=a)b', 'X', 'abcb'), re.findall(r'a.*?b', 'aabxb'), re.match(r'(a|ab)(c|bcd)(d*)', 'abcd').groups(), re.search(r'(\w+) \1', 'the the').group(), re.split(r'', 'abc'), re.findall(r'\bfoo\b', 'foo food foo'), re.subn('a', 'b', 'aaa', count=2))
try:
    re.compile('(')
except re.error as e:
    print('error')
# ---
import json
print(json.dumps({'a': [1, 2.0, None, True], 'b': {'c': 'é"\n'}}), json.dumps([1, 2], indent=2), json.dumps({'b': 1, 'a': 2}, sort_keys=True), json.dumps((1,)), json.dumps({1: 2, None: 3}), json.dumps('é', ensure_ascii=False), json.dumps([1, 2], separators=(',', ':')))
print(json.loads('{"a": [1, 2.5, null, true, "x\\u00e9"], "b": {}}'), json.loads('[1e3, -0, 12345678901234567890]'), json.loads(' "s" '))
try:
    json.loads('{"a": }')
except json.JSONDecodeError as e:
    print(e)
try:
    json.loads('[1,]')
except ValueError as e:
    print(e)
try:
    json.dumps({1, 2})
except TypeError as e:
    print(e)
# ---
import os.path, pathlib
print(os.path.join('a', 'b', '/c', 'd'), os.path.join('a/', 'b'), os.path.dirname('/a/b.c'), os.path.basename('/a/b.c'), os.path.splitext('a.tar.gz'), os.path.splitext('.bashrc'), os.path.normpath('a/../b/./c//d'), os.path.split('/a/b'), os.path.isabs('/a'), os.path.commonprefix(['abc', 'abd']))
p = pathlib.PurePosixPath('/a/b') / 'c.tar.gz'
print(p, p.name, p.stem, p.suffix, p.suffixes, p.parent, p.parts, p.with_suffix('.x'), p.relative_to('/a'), list(map(str, p.parents)), repr(p), p == pathlib.PurePosixPath('/a/b/c.tar.gz'), p.is_absolute(), p.joinpath('d', 'e'), p.with_name('q'))
# ---
import argparse
p = argparse.ArgumentParser()
p.add_argument('src')
p.add_argument('--hidden', type=int, default=256)
p.add_argument('-v', '--verbose', action='store_true')
p.add_argument('--layers', nargs='+', type=int, default=[1])
p.add_argument('--mode', choices=['a', 'b'], default='a')
p.add_argument('-n', action='count', default=0)
a = p.parse_args(['file', '--hidden', '12', '-v', '--layers', '1', '2', '--mode=b', '-nn'])
print(a, a.hidden, vars(a)['layers'])
print(p.parse_args(['x']), p.parse_known_args(['x', '--zz'])[1])
try:
    p.parse_args(['x', '--mode', 'q'])
except SystemExit as e:
    print('exit', e.code)
q = argparse.ArgumentParser()
s = q.add_subparsers(dest='cmd')
t = s.add_parser('train')
t.add_argument('--lr', type=float, default=0.1)
print(q.parse_args(['train', '--lr', '0.5']))
# ---
import inspect
def f(a, b=1, *args, c, d: int = 2, **kw) -> int: pass
print(inspect.signature(f), list(inspect.signature(f).parameters), inspect.signature(f).parameters['b'].default, inspect.signature(f).parameters['c'].kind.name)
class A:
    def __init__(self, x, y=2): pass
    def m(self, z): pass
print(inspect.signature(A), inspect.signature(A(1).m), inspect.isclass(A), inspect.isfunction(f), inspect.ismethod(A(1).m), inspect.getfullargspec(f).args)
b = inspect.signature(f).bind(1, c=3)
b.apply_defaults()
print(b.arguments, b.args, b.kwargs)
# ---
import string, textwrap, fnmatch, io
print(string.Template('$a ${b} $$').substitute(a=1, b=2), string.ascii_lowercase[:3], string.digits, string.capwords('ab cd'), textwrap.dedent('  a\n   b\n'), textwrap.indent('a\nb', '> '), fnmatch.fnmatch('a.py', '*.py'), fnmatch.filter(['a', 'b1'], '?1'))
s = io.StringIO('a\nb\n')
print(s.read(), s.getvalue())
s = io.StringIO()
s.write('x'); s.write('yz')
print(s.getvalue(), [l for l in io.StringIO('1\n2')])
# ---
from types import SimpleNamespace, MappingProxyType, FunctionType, MethodType, GeneratorType
n = SimpleNamespace(a=1, b='x')
n.c = 2
print(n, n.a, n == SimpleNamespace(a=1, b='x', c=2), vars(n))
m = MappingProxyType({'a': 1})
print(m['a'], len(m), dict(m))
try:
    m['b'] = 2
except TypeError as e:
    print(type(e).__name__)
print(isinstance(lambda: 0, FunctionType), isinstance([].append, MethodType), list[int], int | None, dict[str, list[int]], isinstance(1, int | str), list[int]([1]))
class A: pass
a = A()
a.f = MethodType(lambda self: type(self).__name__, a)
print(a.f())
import logging, warnings
logging.getLogger('x').info('no %s', 1)
warnings.warn('w')
print(logging.INFO, logging.getLogger('a.b').name, logging.getLogger('q') is logging.getLogger('q'))
# ---
class Config:
    label = None
    names = {'a': 'b'}
    def __setattr__(self, key, value):
        super().__setattr__(super().__getattribute__('names').get(key, key), value)
    def __getattribute__(self, key):
        return super().__getattribute__(key)
c = Config()
print(c.label)
c.a = None
print(c.b, c.__dict__)
# ---
a = {1: 2, 'b': 3}
b = {'b': 4, 1: 5}
print(a.keys() == b.keys(), a.keys() == {1, 'b'}, {1, 'b'} == a.keys(), a.keys() != b.keys(), a.items() == b.items(), a.items() == {(1, 2), ('b', 3)})
print(a.values() == a.values(), a.keys() == [1, 'b'], {5: 1}.keys() == {'a': 1}.keys(), a.keys() < {1, 'b', 'c'})
# ---
import copy
class A:
    pass
a = A()
a.x = [1]
d = copy.deepcopy(a.__dict__)
d['x'].append(3)
d['z'] = 1
e = copy.copy(vars(a))
e['q'] = 1
print(a.x, d, e, hasattr(a, 'z'), hasattr(a, 'q'))
# ---
import re
class Version(str):
    pass
print(re.match(r'(\d+)\.(\d+)', Version('2.13.0')).groups(), bool(re.search('git|dev', Version('2.13.0.dev1'))))
# ---
import types, functools
def copy_of(f):
    g = types.FunctionType(f.__code__, f.__globals__, name=f.__name__, argdefs=f.__defaults__, closure=f.__closure__)
    g = functools.update_wrapper(g, f)
    g.__kwdefaults__ = f.__kwdefaults__
    return g
def outer(n):
    def inner(x, y=2, *, z=3):
        return n + x + y + z
    return inner
f = outer(10)
g = copy_of(f)
print(f(1), g(1), g is f, g.__name__, g.__code__ is f.__code__)
# ---
from urllib.parse import urlsplit, urlparse, quote, unquote, urlencode
for u in ['https://huggingface.co/a/b;x?q=1#f', 'http://u:p@HOST:80/x', 'file:///a/b', 'mailto:a@b', '//x/y', 'x:y', '', 'http://h?q']:
    s = urlsplit(u)
    print(tuple(s), s.hostname, s.port, s.username, s.geturl(), urlparse(u).geturl(), quote(u), unquote(quote(u)) == u)
print(urlencode({'a': 1, 'b c': '&'}), urlencode([('a', [1, 2])], doseq=True))
# ---
class F(float):
    def __rtruediv__(self, o): return ('rt', o)
    def __radd__(self, o): return ('ra', o)
class I(int):
    def __radd__(self, o): return ('ira', o)
print(1 / F(2.0), 1.5 / F(2.0), 1 + F(2.0), F(1.0) + F(2.0), 1 + I(2), 1.0 + I(2), (1).__add__(2.0), (1.0).__add__(2))
for v, n, s in [(255, 1, False), (256, 1, False), (-1, 1, True), (-129, 1, True), (127, 1, True), (-1, 1, False)]:
    try:
        print(v.to_bytes(n, 'big', signed=s), int.from_bytes(v.to_bytes(n, 'little', signed=s), 'little', signed=s))
    except OverflowError as e:
        print(e)
# ---
from types import MappingProxyType
m = MappingProxyType({'a': 1})
for change in ["m['b'] = 2", "del m['a']", 'm.update(b=2)', 'm.pop("a")']:
    try:
        if change.startswith('del'):
            del m['a']
        elif '=' in change and '[' in change:
            m['b'] = 2
        elif 'update' in change:
            m.update(b=2)
        else:
            m.pop('a')
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
try:
    m |= {'c': 3}
except TypeError as e:
    print(e)
print(m, m | {'c': 3})
# ---
class S:
    __slots__ = ('a', 'b')
    def __init__(self):
        self.a = 1
class T(S):
    pass
t = T()
t.c = 3
print(vars(t), t.a)
for one in (S(), 5):
    try:
        print(vars(one))
    except TypeError as e:
        print(e)
# ---
c = [2, 1, 3]
def key(x):
    print(len(c))
    return x
c.sort(key=key)
print(c)
d = [3, 1, 2]
def grow(x):
    d.append(9)
    return x
try:
    d.sort(key=grow)
except ValueError as e:
    print(e)
# ---
print({3, 1, 2}, [x for x in {2, 0, 1}], {0} | {1}, frozenset([3, 2]), [*{5, 0, 3}])
