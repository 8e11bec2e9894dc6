/** Small algorithmic modules in Python of our own: bisect, heapq, numbers, weakref, copyreg, queue. */

import type { NativeModule } from '../native.ts'
import { knownName } from './known-names.ts'

const bisectSource = String.raw`
def bisect_right(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError('lo must be non-negative')
    hi = len(a) if hi is None else hi
    while lo < hi:
        mid = (lo + hi) // 2
        if x < (a[mid] if key is None else key(a[mid])):
            hi = mid
        else:
            lo = mid + 1
    return lo


def bisect_left(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError('lo must be non-negative')
    hi = len(a) if hi is None else hi
    while lo < hi:
        mid = (lo + hi) // 2
        if (a[mid] if key is None else key(a[mid])) < x:
            lo = mid + 1
        else:
            hi = mid
    return lo


def insort_right(a, x, lo=0, hi=None, *, key=None):
    a.insert(bisect_right(a, x if key is None else key(x), lo, hi, key=key), x)


def insort_left(a, x, lo=0, hi=None, *, key=None):
    a.insert(bisect_left(a, x if key is None else key(x), lo, hi, key=key), x)


bisect = bisect_right
insort = insort_right
`

const heapqSource = String.raw`
def _up(heap, at):
    item = heap[at]
    while at > 0:
        parent = (at - 1) // 2
        if not item < heap[parent]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item


def _down(heap, at):
    # Down along the smaller children to a leaf, then up again: the order of equal items is that of CPython.
    size = len(heap)
    start = at
    item = heap[at]
    child = 2 * at + 1
    while child < size:
        if child + 1 < size and not heap[child] < heap[child + 1]:
            child += 1
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = item
    while at > start:
        parent = (at - 1) // 2
        if not item < heap[parent]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item


def heappush(heap, item, /):
    heap.append(item)
    _up(heap, len(heap) - 1)


def heappop(heap, /):
    last = heap.pop()
    if heap:
        result = heap[0]
        heap[0] = last
        _down(heap, 0)
        return result
    return last


def heapreplace(heap, item, /):
    result = heap[0]
    heap[0] = item
    _down(heap, 0)
    return result


def heappushpop(heap, item, /):
    if heap and heap[0] < item:
        item, heap[0] = heap[0], item
        _down(heap, 0)
    return item


def heapify(x, /):
    for at in reversed(range(len(x) // 2)):
        _down(x, at)


def merge(*iterables, key=None, reverse=False):
    yield from sorted([one for iterable in iterables for one in iterable], key=key, reverse=reverse)


def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:max(n, 0)]


def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:max(n, 0)]
`

const numbersSource = String.raw`
from abc import ABCMeta, abstractmethod


class Number(metaclass=ABCMeta):
    __hash__ = None


class Complex(Number):
    pass


class Real(Complex):
    pass


class Rational(Real):
    pass


class Integral(Rational):
    pass


Complex.register(complex)
Real.register(float)
Integral.register(int)
`

/** What lives here never dies, so a weak reference is a reference. */
const weakrefSource = String.raw`
from collections import UserDict
from types import GenericAlias


class ref:
    def __init__(self, object, callback=None, /):
        self._object = object

    def __call__(self):
        return self._object

    def __eq__(self, other):
        return self._object == other._object if isinstance(other, ref) else NotImplemented

    def __hash__(self):
        return hash(self._object)

    __class_getitem__ = classmethod(GenericAlias)


ReferenceType = ref
WeakMethod = ref


def proxy(object, callback=None, /):
    return object


class WeakValueDictionary(UserDict):
    pass


class WeakKeyDictionary(UserDict):
    pass


class WeakSet(set):
    pass


class finalize:
    def __init__(self, obj, func, /, *args, **kwargs):
        self.alive = True

    def __call__(self, _=None):
        pass

    def detach(self):
        pass
`

const threadingSource = String.raw`
class _Lock:
    def __enter__(self):
        return True

    def __exit__(self, *exc_info):
        pass

    def acquire(self, blocking=True, timeout=-1):
        return True

    def release(self):
        pass

    def notify(self, n=1):
        pass

    def notify_all(self):
        pass


class Lock(_Lock):
    pass


class RLock(_Lock):
    pass


class Semaphore(_Lock):
    def __init__(self, value=1):
        pass


class BoundedSemaphore(Semaphore):
    pass


class Condition(_Lock):
    def __init__(self, lock=None):
        pass


class Event:
    def __init__(self):
        self._flag = False

    def is_set(self):
        return self._flag

    def set(self):
        self._flag = True

    def clear(self):
        self._flag = False


class local:
    pass
`

function sourceModule(name: string, source: string): NativeModule {
  return { name, build: () => ({}), source, missing: knownName(name) }
}

export const containerModules: readonly NativeModule[] = [
  sourceModule('bisect', bisectSource),
  sourceModule('heapq', heapqSource),
  sourceModule('numbers', numbersSource),
  sourceModule('weakref', weakrefSource),
  sourceModule('threading', threadingSource),
  sourceModule('copyreg', 'dispatch_table = {}\ndef pickle(ob_type, pickle_function, constructor_ob=None):\n    dispatch_table[ob_type] = pickle_function\n\ndef constructor(object):\n    pass\n'),
]
