/**
 * The little of NumPy that constructors compute with: ranges and products of plain numbers, as Python of our own.
 * Everything else of NumPy is there but Unknown, and changes nothing that it is given.
 */

export const NUMPY_SOURCE = String.raw`
import math as _math
_builtin_round, _builtin_abs = round, abs

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
    def __setitem__(self, index, value):
        if type(index) is int and -self.size <= index < self.size and type(value) is type(self._values[index]):
            self._values[index] = value
        else:
            self._values = _unknown('an array that was written to')
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
    def __rtruediv__(self, other):
        return self._each(other, lambda a, b: b / a)
    def __floordiv__(self, other):
        return self._each(other, lambda a, b: a // b)
    def __mod__(self, other):
        return self._each(other, lambda a, b: a % b)
    def __pow__(self, other):
        return self._each(other, _power)
    def __rpow__(self, other):
        return self._each(other, lambda a, b: _power(b, a))
    def __neg__(self):
        return ndarray([-a for a in self._values])
    def round(self, decimals=0):
        return round(self, decimals)
    def astype(self, dtype, **options):
        if options or dtype not in (int, 'int', float, 'float'):
            return _unknown('numpy.ndarray.astype of this type')
        return ndarray([int(a) for a in self._values] if dtype in (int, 'int') else [float(a) for a in self._values])
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

def _power(a, b):
    # Integers are of 64 bits there and have no negative powers.
    if isinstance(a, int) and isinstance(b, int) and (b < 0 or _builtin_abs(a) ** b >= 2 ** 63):
        return _unknown('a power of NumPy integers')
    return a ** b

def unique(a, return_index=False, return_inverse=False, return_counts=False, **kwargs):
    if kwargs or return_index or return_inverse or not _numbers(a):
        return _unknown('numpy.unique')
    values = sorted(set(a))
    counted = list(a)
    return (ndarray(values), ndarray([counted.count(v) for v in values])) if return_counts else ndarray(values)

def _rounded(value, decimals=0):
    if isinstance(value, int):
        return value
    return _wide(float(_builtin_round(value)) if decimals == 0 else _builtin_round(value * 10.0 ** decimals) / 10.0 ** decimals)

def round(a, decimals=0, **kwargs):
    if kwargs or not isinstance(decimals, int) or decimals < 0:
        return _unknown('numpy.round')
    if isinstance(a, ndarray):
        return ndarray([_rounded(v, decimals) for v in a._values])
    return _rounded(a, decimals) if isinstance(a, (int, float)) else _unknown('numpy.round')
around = round_ = round

def rint(a):
    return round(a)

class _Grid:
    # An array of zeros, ones or chance: its shape is what counts, and a tensor has it.
    def __init__(self, tensor):
        self._tensor = tensor
        self.shape = tuple(tensor.shape)
        self.ndim = len(self.shape)
        self.size = tensor.numel()
    def __len__(self):
        return len(self._tensor)
    def __getitem__(self, index):
        part = self._tensor[index]
        return _Grid(part) if part.dim() > 0 else _unknown('an item of an array')
    def __setitem__(self, index, value):
        pass
    def reshape(self, *shape):
        return _Grid(self._tensor.reshape(*shape))
    def transpose(self, *axes):
        if len(axes) == 1 and isinstance(axes[0], (tuple, list)):
            axes = tuple(axes[0])
        return _Grid(self._tensor.permute(*(axes or tuple(reversed(range(self.ndim))))))
    @property
    def T(self):
        return self.transpose()
    def flatten(self):
        return _Grid(self._tensor.flatten())
    ravel = flatten
    def __getattr__(self, name):
        return _unknown('numpy.ndarray.' + name + ' is not modelled')

def _not_followed(cls, names):
    for name in names:
        setattr(cls, name, lambda self, *args: _unknown('what NumPy does with an array'))
_COMPARED = ['__eq__', '__ne__', '__lt__', '__le__', '__gt__', '__ge__', '__matmul__', '__rmatmul__', '__and__', '__rand__', '__or__', '__ror__', '__xor__', '__invert__', '__bool__', '__int__', '__float__', '__index__', '__contains__', '__abs__', '__divmod__']
_not_followed(ndarray, [*_COMPARED, '__rfloordiv__', '__rmod__'])
_not_followed(_Grid, [*_COMPARED, '__iter__', *('__' + side + name + '__' for name in ('add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'pow') for side in ('', 'r')), '__neg__'])

def _filled(kind):
    def function(shape, *args, **kwargs):
        import torch
        if args or kwargs or _is_unknown(shape):
            return _unknown('numpy.' + kind + ' of this type')
        return _Grid(getattr(torch, kind)(shape if isinstance(shape, (tuple, list)) else (shape,), dtype=torch.float64))
    return function
zeros = _filled('zeros')
ones = _filled('ones')
empty = _filled('empty')

def _real(name, compute):
    def function(x, *args, **kwargs):
        if _is_unknown(x):
            return x
        if isinstance(x, ndarray) and not args and not kwargs:
            return ndarray([function(v) for v in x._values])
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
