/** itertools, in Python of our own: lazy where Python is lazy, so that infinite iterators stay usable. */

import { fn, type NativeModule } from '../native.ts'
import { PyInstance, PyIterator, Unknown } from '../value.ts'
import { knownName } from './known-names.ts'

const source = String.raw`
class _Iterator:
    def __iter__(self):
        return self

    def __next__(self):
        return next(self._it)


_none = object()


class count(_Iterator):
    def __init__(self, start=0, step=1):
        self._start, self._step = start, step
        self._it = self._run()

    def _run(self):
        while True:
            value = self._start
            self._start = value + self._step
            yield value

    def __repr__(self):
        if self._step == 1 and type(self._step) is int:
            return f'count({self._start!r})'
        return f'count({self._start!r}, {self._step!r})'


class cycle(_Iterator):
    def __init__(self, iterable, /):
        self._it = self._run(iter(iterable))

    def _run(self, iterable):
        saved = []
        for element in iterable:
            yield element
            saved.append(element)
        while saved:
            for element in saved:
                yield element


class repeat(_Iterator):
    def __init__(self, object, times=_none):
        self._object = object
        self._left = None if times is _none else max(0, times)
        self._it = _repetition(self) or self._run()

    def _run(self):
        while self._left is None or self._left > 0:
            if self._left is not None:
                self._left -= 1
            yield self._object

    def __length_hint__(self):
        if self._left is None:
            raise TypeError('len() of unsized object')
        return self._left

    def __repr__(self):
        return f'repeat({self._object!r})' if self._left is None else f'repeat({self._object!r}, {self._left})'


class accumulate(_Iterator):
    def __init__(self, iterable, func=None, *, initial=None):
        self._it = self._run(iter(iterable), func, initial)

    def _run(self, iterator, func, initial):
        total = initial
        if initial is None:
            try:
                total = next(iterator)
            except StopIteration:
                return
        yield total
        for element in iterator:
            total = total + element if func is None else func(total, element)
            yield total


class batched(_Iterator):
    def __init__(self, iterable, n):
        if n < 1:
            raise ValueError('n must be at least one')
        self._it = self._run(iter(iterable), n)

    def _run(self, iterator, n):
        while batch := tuple(islice(iterator, n)):
            yield batch


class chain(_Iterator):
    def __init__(self, *iterables):
        self._it = self._run(iterables)

    @classmethod
    def from_iterable(cls, iterables, /):
        self = cls()
        self._it = self._run(iterables)
        return self

    def _run(self, iterables):
        for iterable in iterables:
            for element in iterable:
                yield element


class compress(_Iterator):
    def __init__(self, data, selectors):
        self._it = (element for element, selected in zip(data, selectors) if selected)


class dropwhile(_Iterator):
    def __init__(self, predicate, iterable, /):
        self._it = self._run(predicate, iter(iterable))

    def _run(self, predicate, iterator):
        for element in iterator:
            if not predicate(element):
                yield element
                break
        for element in iterator:
            yield element


class takewhile(_Iterator):
    def __init__(self, predicate, iterable, /):
        self._it = self._run(predicate, iter(iterable))

    def _run(self, predicate, iterator):
        for element in iterator:
            if not predicate(element):
                return
            yield element


class filterfalse(_Iterator):
    def __init__(self, function, iterable, /):
        self._it = self._run(function, iter(iterable))

    def _run(self, function, iterator):
        for element in iterator:
            if not (element if function is None else function(element)):
                yield element


class _grouper(_Iterator):
    def __init__(self, parent, key):
        self._it = self._run(parent, key)

    def _run(self, parent, key):
        while parent._turn is self and parent._key == key:
            yield parent._value
            if not parent._advance():
                return


class groupby:
    def __init__(self, iterable, key=None):
        self._iterator = iter(iterable)
        self._function = key
        self._key = self._target = _none
        self._value = _none
        self._turn = None

    def __iter__(self):
        return self

    def _advance(self):
        try:
            self._value = next(self._iterator)
        except StopIteration:
            self._key = _none
            self._iterator = iter(())
            self._ended = True
            return False
        self._key = self._value if self._function is None else self._function(self._value)
        return True

    def __next__(self):
        self._turn = None
        if self._target is _none:
            if not self._advance():
                raise StopIteration
        else:
            while self._key is not _none and self._key == self._target:
                if not self._advance():
                    raise StopIteration
            if self._key is _none:
                raise StopIteration
        self._target = self._key
        self._turn = _grouper(self, self._key)
        return (self._key, self._turn)


class islice(_Iterator):
    def __init__(self, iterable, *args):
        bounds = slice(*args)
        start = 0 if bounds.start is None else bounds.start
        step = 1 if bounds.step is None else bounds.step
        stop = bounds.stop
        if stop is not None and (not isinstance(stop, int) or stop < 0):
            if len(args) == 1:
                raise ValueError('Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.')
            raise ValueError('Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.')
        if not isinstance(start, int) or start < 0:
            raise ValueError('Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.')
        if not isinstance(step, int) or step < 1:
            raise ValueError('Step for islice() must be a positive integer or None.')
        self._it = self._run(iter(iterable), start, stop, step)

    def _run(self, iterator, start, stop, step):
        at = 0
        while stop is None or at < stop:
            if at < start:
                wanted = start if stop is None else min(start, stop)
            else:
                wanted = at
            while at < wanted:
                try:
                    next(iterator)
                except StopIteration:
                    return
                at += 1
            if stop is not None and at >= stop:
                return
            try:
                element = next(iterator)
            except StopIteration:
                return
            at += 1
            yield element
            start = at + step - 1


class pairwise(_Iterator):
    def __init__(self, iterable, /):
        self._it = self._run(iter(iterable))

    def _run(self, iterator):
        before = _none
        for element in iterator:
            if before is not _none:
                yield before, element
            before = element


class starmap(_Iterator):
    def __init__(self, function, iterable, /):
        self._it = (function(*args) for args in iterable)


class zip_longest(_Iterator):
    def __init__(self, *iterables, fillvalue=None):
        self._it = self._run([iter(one) for one in iterables], fillvalue)

    def _run(self, iterators, fillvalue):
        active = len(iterators)
        if not active:
            return
        while True:
            values = []
            for at, iterator in enumerate(iterators):
                if iterator is None:
                    values.append(fillvalue)
                    continue
                try:
                    values.append(next(iterator))
                except StopIteration:
                    active -= 1
                    if not active:
                        return
                    iterators[at] = None
                    values.append(fillvalue)
            yield tuple(values)


class product(_Iterator):
    def __init__(self, *iterables, repeat=1):
        self._it = self._run([tuple(one) for one in iterables] * repeat)

    def _run(self, pools):
        if not all(pools):
            return
        indices = [0] * len(pools)
        while True:
            yield tuple([pool[index] for pool, index in zip(pools, indices)])
            at = len(pools) - 1
            while at >= 0:
                indices[at] += 1
                if indices[at] < len(pools[at]):
                    break
                indices[at] = 0
                at -= 1
            if at < 0:
                return


class permutations(_Iterator):
    def __init__(self, iterable, r=None):
        pool = tuple(iterable)
        self._it = self._run(pool, len(pool) if r is None else r)

    def _run(self, pool, r):
        n = len(pool)
        if r > n:
            return
        order = list(range(n))
        while True:
            yield tuple([pool[i] for i in order[:r]])
            order[r:] = order[:r - 1 - n:-1] if r < n else []
            at = n - 2
            while at >= 0 and order[at] > order[at + 1]:
                at -= 1
            if at < 0:
                return
            other = n - 1
            while order[other] < order[at]:
                other -= 1
            order[at], order[other] = order[other], order[at]
            order[at + 1:] = order[:at:-1]


class _choice(_Iterator):
    def __init__(self, iterable, r):
        if r < 0:
            raise ValueError('r must be non-negative')
        self._it = self._run(tuple(iterable), r)


class combinations(_choice):
    def _run(self, pool, r):
        n = len(pool)
        if r > n:
            return
        indices = list(range(r))
        while True:
            yield tuple([pool[i] for i in indices])
            at = r - 1
            while at >= 0 and indices[at] == at + n - r:
                at -= 1
            if at < 0:
                return
            indices[at] += 1
            for j in range(at + 1, r):
                indices[j] = indices[j - 1] + 1


class combinations_with_replacement(_choice):
    def _run(self, pool, r):
        n = len(pool)
        if not n and r:
            return
        indices = [0] * r
        while True:
            yield tuple([pool[i] for i in indices])
            at = r - 1
            while at >= 0 and indices[at] == n - 1:
                at -= 1
            if at < 0:
                return
            indices[at:] = [indices[at] + 1] * (r - at)


def tee(iterable, n=2, /):
    if n < 0:
        raise ValueError('n must be >= 0')
    iterator = iter(iterable)
    queues = [[] for _ in range(n)]

    def run(mine):
        while True:
            if not mine:
                try:
                    value = next(iterator)
                except StopIteration:
                    return
                for one in queues:
                    one.append(value)
            yield mine.pop(0)
    return tuple(run(one) for one in queues)
`

/** What `repeat._run` does, for a number of times that is known: `tuple(repeat(x, n))` stands in the constructor of every convolution. */
const repetition = fn('_repetition(owner)', (_m, [owner]) => {
  if (!(owner instanceof PyInstance)) return null
  const { attrs } = owner
  const left = attrs?.get('_left')
  if (attrs === undefined || typeof left !== 'number') return null
  return new PyIterator((m, self) => {
    const now = attrs.get('_left')
    if (now instanceof Unknown) {
      self.doubt = now
      return now
    }
    if (typeof now !== 'number' || now <= 0) return undefined
    m.touch(owner)
    attrs.set('_left', now - 1)
    return attrs.get('_object')
  })
})

export const itertoolsModule: NativeModule = { name: 'itertools', build: () => ({ _repetition: repetition }), source, missing: knownName('itertools') }
