"""Makes small Python programs full of undecided branches. The same seed makes the same programs."""

import random

HEADER = '''import random, os, contextlib, functools, itertools
class Box:
    k = 1
    def __init__(self, w):
        self.w = w
        self.items = [w]
    @property
    def odd(self):
        if COIN:
            raise AttributeError('odd')
        return self.w
class Loud:
    def __init__(self, answer):
        self.answer = answer
    def __enter__(self):
        return self
    def __exit__(self, kind, value, trace):
        global g
        g += 1
        return self.answer
a, b, c, g = 1, 2, 3, 4
xs, ys = [1, 2], [3]
d = {'k': 1}
o, p = Box(5), Box(6)
it = iter([10, 20, 30])
def numbers(n):
    yield n
    if n > 2:
        yield n + 1
    d['n'] = n
    yield n + 2
gen = numbers(3)
def keep(x, into=[]):
    into.append(x)
    return len(into)
def counter():
    n = 0
    def bump(by=1):
        nonlocal n
        n += by
        return n
    return bump
bump = counter()
@functools.lru_cache(None)
def cached(n):
    global g
    g += 10
    return n * 2
def setg(x):
    global g
    g = x
'''

FOOTER = '''r0 = a
r1 = b
r2 = c
r3 = g
r4 = tuple(xs)
r5 = tuple(ys)
r6 = tuple(d.items())
r7 = o.w
r8 = p.w
r9 = Box.k
r10 = tuple(it)
r11 = keep(0)
r12 = bump()
r13 = tuple(o.items)
r14 = 'k' in d
r15 = len(xs)
r16 = hasattr(o, 'extra')
r17 = tuple(p.items)
'''

COINS = ["random.random() > 0.5", "input() == 'y'", "random.random() >= 0.5"]
ERRORS = ['ValueError', 'KeyError', 'IndexError', 'RuntimeError', 'StopIteration', 'AttributeError', 'TypeError']


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.functions = 0
        self.lines = []

    def pick(self, options):
        return self.random.choice(options)

    def coin(self):
        return self.pick(COINS)

    def value(self):
        r = self.random.random()
        if r < 0.45:
            return str(self.random.randrange(9))
        if r < 0.8:
            return self.pick(['a', 'b', 'c', 'g', 'o.w', 'p.w', 'Box.k', 'len(xs)', 'len(ys)', 'd.get("k", 0)'])
        if r < 0.88:
            return f'{self.pick(["a", "b", "c"])} + {self.random.randrange(4)}'
        if r < 0.92:
            return f'({self.random.randrange(9)} if {self.coin()} else {self.random.randrange(9)})'
        if r < 0.96:
            return self.pick(['xs[0]', 'd["k"]', 'next(it, 7)', 'bump()', 'keep(1)', 'cached(2)', 'next(gen, 9)'])
        return self.pick(['sum(xs)', 'max(xs, default=0)', 'getattr(o, "odd", 0)', 'int(hasattr(o, "odd"))', 'len(d)', 'sum(1 for _ in ys)'])

    def test(self):
        r = self.random.random()
        if r < 0.75:
            return self.coin()
        if r < 0.85:
            return f'{self.pick(["a", "b", "c"])} > {self.random.randrange(5)}'
        if r < 0.9:
            return f'{self.coin()} and {self.pick(["xs.append(4)", "bump() > 1", "a > 1"])}'
        if r < 0.95:
            return f'{self.coin()} or {self.pick(["ys.append(5)", "bump() > 1", "b > 1"])}'
        return self.pick(['xs', '"k" in d', 'hasattr(o, "odd")', '0 < random.random() < bump()'])

    def simple(self, loop, function):
        options = [
            lambda: f'{self.pick(["a", "b", "c"])} = {self.value()}',
            lambda: f'{self.pick(["a", "b", "c"])} = {self.value()}',
            lambda: f'{self.pick(["a", "b", "c"])} += {self.value()}',
            lambda: f'{self.pick(["xs", "ys"])}.append({self.value()})',
            lambda: f'{self.pick(["xs", "ys"])}.pop()',
            lambda: f'd["{self.pick(["k", "m"])}"] = {self.value()}',
            lambda: 'd.pop("k", None)',
            lambda: 'del d["k"]',
            lambda: f'{self.pick(["o", "p"])}.w = {self.value()}',
            lambda: f'Box.k = {self.value()}',
            lambda: f'setg({self.value()})',
            lambda: f'bump({self.value()})',
            lambda: f'keep({self.value()})',
            lambda: f'xs[0] = {self.value()}',
            lambda: 'a, b = b, a',
            lambda: 'c = b; b = a; a = 5',
            lambda: 'del xs[0]',
            lambda: f'next(it, {self.value()})',
            lambda: 'next(it)',
            lambda: 'next(gen)',
            lambda: f'o.items.append({self.value()})',
            lambda: f'o.extra = {self.value()}',
            lambda: f't = xs if {self.coin()} else ys; t.append({self.value()})',
            lambda: f't = o if {self.coin()} else p; t.w = {self.value()}',
            lambda: f'[xs, ys][{self.coin()}].append({self.value()})',
            lambda: f'xs[{self.coin()}] = {self.value()}',
            lambda: f'd[{self.coin()}] = {self.value()}',
            lambda: f'{self.coin()} and ys.append({self.value()})',
            lambda: f'ys = [x for x in xs if {self.coin()}]' if not function else 'ys.extend([x for x in xs])',
            lambda: f'c = sum(x for x in xs if {self.coin()})',
            lambda: f'c = any({self.coin()} for _ in xs)',
            lambda: f'a = len([1 for x in xs if {self.test()}])',
            lambda: f'assert {self.coin()}',
            lambda: f'setattr(o, "w" if {self.coin()} else "extra", {self.value()})',
            lambda: f'o, p = (p, o) if {self.coin()} else (o, p)' if not function else 'o.w = 1',
            lambda: f'b = sorted(xs, key=lambda x: -x)[0]',
            lambda: f'xs.sort(reverse={self.coin()})',
            lambda: f'xs.insert(0 if {self.coin()} else 1, {self.value()})',
            lambda: f'ys.extend(numbers(2 if {self.coin()} else 3))',
            lambda: 'c = list(map(bump, [1, 2]))[0]',
            lambda: f'(xs if {self.coin()} else ys).clear()',
            lambda: f'f = o.items.append if {self.coin()} else p.items.append; f({self.value()})',
            lambda: f'a = {{0: 4, 1: 5}}.get({self.coin()}, 6)',
            lambda: f'a = [x for x in (1, 2, 3) if x > ({self.coin()})][-1]',
            lambda: f'b = dict(zip(["k", "m"], [1, 2])).get("k" if {self.coin()} else "z", 3)',
        ]
        if self.functions:
            options += [lambda: f'{self.pick(["a", "b", "c"])} = f{self.random.randrange(self.functions)}({self.value()})'] * 6
        options += [lambda: f'raise {self.pick(ERRORS)}'] * 2
        if loop:
            options += [lambda: 'break', lambda: 'continue'] * 2
        if function:
            options += [lambda: f'return {self.value()}'] * 3
        return self.pick(options)()

    def block(self, depth, indent, loop, function):
        for _ in range(self.random.randrange(1, 4 if depth < 2 else 3)):
            self.statement(depth, indent, loop, function)

    def put(self, indent, text):
        self.lines.append('    ' * indent + text)

    def statement(self, depth, indent, loop, function):
        r = self.random.random()
        if depth >= self.deepest or r < 0.4:
            self.put(indent, self.simple(loop, function))
            return
        inner = (depth + 1, indent + 1)
        if r < 0.62:
            self.put(indent, f'if {self.test()}:')
            self.block(*inner, loop, function)
            if self.random.random() < 0.25:
                self.put(indent, f'elif {self.test()}:')
                self.block(*inner, loop, function)
            if self.random.random() < 0.5:
                self.put(indent, 'else:')
                self.block(*inner, loop, function)
        elif r < 0.8:
            self.put(indent, 'try:')
            self.block(*inner, loop, function)
            kinds = self.random.randrange(3)
            if kinds < 2:
                types = self.pick([self.pick(ERRORS), f'({self.pick(ERRORS)}, {self.pick(ERRORS)})', 'Exception', 'LookupError', self.pick(ERRORS)])
                name = ' as e' if self.random.random() < 0.2 else ''
                self.put(indent, f'except {types}{name}:')
                self.block(*inner, loop, function)
                if self.random.random() < 0.2:
                    self.put(indent, f'except {self.pick(ERRORS)}:')
                    self.block(*inner, loop, function)
                if self.random.random() < 0.2:
                    self.put(indent, 'else:')
                    self.block(*inner, loop, function)
            if kinds > 0:
                self.put(indent, 'finally:')
                self.block(*inner, False if self.random.random() < 0.8 else loop, False if self.random.random() < 0.8 else function)
        elif r < 0.87:
            kind = self.pick([f'for i in range({self.random.randrange(1, 4)}):', 'for x in list(xs):', 'for x in it:', 'for x in numbers(2):', f'while {self.coin()}:', f'for i, x in enumerate(ys[:]):',
                              f'for x in numbers(2) if {self.coin()} else [1]:', f'for i in range(2 if {self.coin()} else 1):', 'for x in gen:', 'for k in list(d):', f'for x in xs[:{self.coin()}]:'])
            self.put(indent, kind)
            self.block(*inner, True, function)
            if self.random.random() < 0.15:
                self.put(indent, 'else:')
                self.block(*inner, loop, function)
        elif r < 0.93:
            context = self.pick(['contextlib.suppress(ValueError)', 'contextlib.suppress(Exception)', 'Loud(None)', 'Loud(True)', f'Loud({self.coin()})', 'contextlib.nullcontext()'])
            self.put(indent, f'with {context}:')
            self.block(*inner, loop, function)
        elif r < 0.96:
            self.put(indent, f'match {self.pick(["a", "b", "1 if " + self.coin() + " else 2", "xs", "d"])}:')
            self.put(indent + 1, f'case {self.pick(["1", "2", "[x, *_]", "{" + chr(34) + "k" + chr(34) + ": 1}"])}:')
            self.block(depth + 1, indent + 2, loop, function)
            self.put(indent + 1, 'case _:')
            self.block(depth + 1, indent + 2, loop, function)
        else:
            self.put(indent, 'class Local:')
            self.put(indent + 1, 'w = 1')
            self.put(indent + 1, f'if {self.coin()}:')
            self.put(indent + 2, 'w = 2')
            self.put(indent, 'a = Local.w')

    def function(self):
        kind = self.random.random()
        name = f'f{self.functions}'
        self.put(0, f'def {name}(n):')
        self.put(1, 'global a, b, c, g')
        self.block(1, 1, False, True)
        if kind < 0.8:
            self.put(1, f'return {self.pick(["n", "a", "n + 1"])}')
        self.functions += 1

    def program(self):
        self.deepest = self.random.randrange(1, 5)
        for _ in range(self.random.randrange(3)):
            self.function()
        for _ in range(self.random.randrange(1, 5)):
            self.statement(0, 0, False, False)
        return HEADER.replace('COIN', self.coin()) + '\n'.join(self.lines) + '\n' + FOOTER


def programs(seed, count):
    for i in range(count):
        yield f'{seed + i}', Maker(seed + i).program()
