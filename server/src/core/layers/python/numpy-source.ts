/**
 * The little of NumPy that constructors compute with: ranges and products of plain numbers, as Python of our own.
 * Everything else of NumPy is there but Unknown, and changes nothing that it is given.
 */

export const NUMPY_SOURCE = String.raw`
import math as _math

class float64(float):
    # A float whose arithmetic stays in NumPy: torch.tensor makes 64 bits of it.
    def __repr__(self):
        return f'np.float64({float(self)!r})'
    def __str__(self):
        return str(float(self))
    def __add__(self, other):
        return _wide(float(self) + other)
    def __radd__(self, other):
        return _wide(other + float(self))
    def __sub__(self, other):
        return _wide(float(self) - other)
    def __rsub__(self, other):
        return _wide(other - float(self))
    def __mul__(self, other):
        return _wide(float(self) * other)
    def __rmul__(self, other):
        return _wide(other * float(self))
    def __truediv__(self, other):
        return _wide(float(self) / other)
    def __rtruediv__(self, other):
        return _wide(other / float(self))
    def __floordiv__(self, other):
        return _wide(float(self) // other)
    def __mod__(self, other):
        return _wide(float(self) % other)
    def __pow__(self, other):
        return _wide(float(self) ** other)
    def __rpow__(self, other):
        return _wide(other ** float(self))
    def __neg__(self):
        return float64(-float(self))
    def __abs__(self):
        return float64(abs(float(self)))
    def item(self):
        return float(self)
    def astype(self, dtype):
        return float(self) if dtype is float else int(self) if dtype is int else _unknown('numpy.float64.astype')

def _wide(value):
    return float64(value) if isinstance(value, float) else value

class ndarray:
    def __init__(self, values):
        self._values = [_wide(v) for v in values]
        self.size = len(self._values)
        self.shape = (self.size,)
        self.ndim = 1
    def tolist(self):
        return [float(v) if isinstance(v, float) else v for v in self._values]
    def __len__(self):
        return self.size
    def __iter__(self):
        return iter(self._values)
    def __getitem__(self, index):
        if isinstance(index, slice):
            return ndarray(self._values[index])
        if isinstance(index, int):
            return self._values[index]
        return _unknown('an index of a numpy array')
    def _each(self, other, compute):
        if isinstance(other, ndarray):
            if other.size != self.size:
                raise ValueError('operands could not be broadcast together')
            return ndarray([compute(a, b) for a, b in zip(self._values, other._values)])
        if isinstance(other, (int, float)):
            return ndarray([compute(a, other) for a in self._values])
        return _unknown('arithmetic of a numpy array')
    def __add__(self, other):
        return self._each(other, lambda a, b: a + b)
    __radd__ = __add__
    def __mul__(self, other):
        return self._each(other, lambda a, b: a * b)
    __rmul__ = __mul__
    def __sub__(self, other):
        return self._each(other, lambda a, b: a - b)
    def __rsub__(self, other):
        return self._each(other, lambda a, b: b - a)
    def __truediv__(self, other):
        return self._each(other, lambda a, b: a / b)
    def sum(self):
        return sum(self._values)
    def max(self):
        return max(self._values)
    def min(self):
        return min(self._values)
    def __getattr__(self, name):
        return _unknown('numpy.ndarray.' + name + ' is not modelled')

def linspace(start, stop, num=50, endpoint=True, **options):
    if options or not isinstance(num, int):
        return _unknown('this form of numpy.linspace')
    parts = num - 1 if endpoint else num
    step = (stop - start) / parts if parts > 0 else 0.0
    values = [i * step + start for i in range(num)]
    if endpoint and num > 1:
        values[-1] = float(stop)
    return ndarray([float(v) for v in values])

def arange(start, stop=None, step=1, dtype=None):
    if stop is None:
        start, stop = 0, start
    if dtype is not None:
        return _unknown('numpy.arange with a type')
    count = max(0, _math.ceil((stop - start) / step))
    return ndarray([start + i * step for i in range(count)])

def _numbers(values):
    return isinstance(values, (list, tuple, ndarray, range)) and all(isinstance(v, (int, float)) for v in values)

def prod(a, *args, **kwargs):
    if args or kwargs or not _numbers(a):
        return _unknown('numpy.prod')
    result = 1
    for v in a:
        result = result * v
    return result

def cumsum(a, *args, **kwargs):
    if args or kwargs or not _numbers(a):
        return _unknown('numpy.cumsum')
    total = 0
    values = []
    for v in a:
        total = total + v
        values.append(total)
    return ndarray(values)

def sum(a, *args, **kwargs):
    if args or kwargs or not _numbers(a):
        return _unknown('numpy.sum')
    total = 0
    for v in a:
        total = total + v
    return total

def array(values, *args, **kwargs):
    if args or kwargs or not _numbers(values):
        return _unknown('numpy.array')
    return ndarray(values)

def argsort(a, axis=-1, **kwargs):
    # Equal items may come in any order: the sort that NumPy takes is not stable.
    if kwargs or axis not in (0, -1) or not _numbers(a) or len(set(a)) != len(a):
        return _unknown('numpy.argsort')
    return ndarray(sorted(range(len(a)), key=lambda i: a[i]))

def argmax(a, *args, **kwargs):
    if args or kwargs or not _numbers(a) or len(a) == 0:
        return _unknown('numpy.argmax')
    values = list(a)
    return values.index(max(values))

def argmin(a, *args, **kwargs):
    if args or kwargs or not _numbers(a) or len(a) == 0:
        return _unknown('numpy.argmin')
    values = list(a)
    return values.index(min(values))

def _real(name, compute):
    def function(x, *args, **kwargs):
        if _is_unknown(x):
            return x
        if args or kwargs or not isinstance(x, (int, float)):
            return _unknown('numpy.' + name)
        return _wide(compute(x))
    return function

sqrt = _real('sqrt', lambda x: _math.sqrt(x) if x >= 0 else _unknown('numpy.sqrt of a negative number'))
ceil = _real('ceil', lambda x: float(_math.ceil(x)))
floor = _real('floor', lambda x: float(_math.floor(x)))
log2 = _real('log2', lambda x: _math.log2(x) if x > 0 else _unknown('numpy.log2'))
log = _real('log', lambda x: _math.log(x) if x > 0 else _unknown('numpy.log'))
abs = _real('abs', lambda x: -x if x < 0 else x)
pi = _math.pi
e = _math.e
inf = float('inf')
nan = float('nan')
newaxis = None
`
