"""Makes small Python programs at random over the language that the evaluator supports. Deterministic for a seed."""

import random

NAMES = ['a', 'b', 'c', 'd', 'e']


def literal(r, depth=0):
    kind = r.randrange(14 if depth < 2 else 9)
    if kind < 3:
        return str(r.choice([0, 1, -1, 2, 3, 7, 10, 255, -17, 2 ** 31, 2 ** 53, 2 ** 53 + 1, -2 ** 63, 10 ** 20, r.randrange(-1000, 1000)]))
    if kind < 5:
        return repr(r.choice([0.0, -0.0, 0.5, 1.5, 2.5, -2.5, 0.1, 1e16, 1e-5, 123456.789, 1e22, 1 / 3, float(r.randrange(-100, 100)) / 8, r.uniform(-1000, 1000)]))
    if kind < 7:
        return repr(r.choice(['', 'a', 'abc', 'Hello, World', 'x y z', "it's", 'tab\there', 'é', '日本', '😀!', 'AbC', '  pad ', '12', 'a-b-c', 'line\nline']))
    if kind == 7:
        return r.choice(['True', 'False', 'None'])
    if kind == 8:
        return r.choice(["b'ab'", '()', '[]', '{}', 'range(3)'])
    if kind == 9:
        return '[' + ', '.join(literal(r, depth + 1) for _ in range(r.randrange(4))) + ']'
    if kind == 10:
        items = [literal(r, depth + 1) for _ in range(r.randrange(4))]
        return '(' + ', '.join(items) + (',)' if len(items) == 1 else ')')
    if kind == 11:
        return '{' + ', '.join(f'{r.choice([repr(s) for s in "xyz"] + ["1", "2.0", "(1, 2)", "None", "True"])}: {literal(r, depth + 1)}' for _ in range(r.randrange(4))) + '}'
    return str(r.randrange(100))


def guarded(lines):
    body = '\n'.join('    ' + line for line in '\n'.join(lines).split('\n'))
    return f'try:\n{body}\nexcept Exception as error:\n    print(type(error).__name__)'


def operators(r):
    out = []
    for _ in range(8):
        x, y = literal(r), literal(r)
        op = r.choice(['+', '-', '*', '/', '//', '%', '&', '|', '^', '<', '<=', '==', '!=', '>', 'and', 'or', 'in', 'not in'])
        if op == '*' and ('10**20' in (x, y) or len(x) > 12 or len(y) > 12):
            op = '=='
        out.append(guarded([f'print({x} {op} {y})']))
    return '\n'.join(out)


def integers(r):
    out = []
    for _ in range(8):
        x = r.choice([r.randrange(-50, 50), r.randrange(-10 ** 18, 10 ** 18), r.randrange(-2 ** 80, 2 ** 80)])
        y = r.choice([r.randrange(-9, 9), r.randrange(-10 ** 9, 10 ** 9), 2 ** 53 + r.randrange(9), -2 ** 64])
        small = r.randrange(0, 70)
        out.append(guarded([r.choice([
            f'print(({x}) // ({y}), ({x}) % ({y}), divmod({x}, {y}))', f'print(({x}) / ({y}))', f'print(({x}) << {small}, ({x}) >> {small})', f'print(({x}) ** {r.randrange(6)}, pow({abs(x)}, {small}, {abs(y) + 1}))',
            f'print(~({x}), -({x}), abs({x}), ({x}).bit_length())', f'print(({x}) & ({y}), ({x}) | ({y}), ({x}) ^ ({y}))', f'print(hex({x}), bin({y}), oct({x}), float({x}))', f'print(round({x}, {-r.randrange(4)}), int("{x}"), int(str({y})))',
            f'print(({x}) * ({y}), ({x}) - ({y}), ({x}) == ({y}), ({x}) < ({y}))', f'print(hash({x}) == hash(float({y})), {x} == {float(y)!r}, {x} < {float(y)!r})',
        ])]))
    return '\n'.join(out)


def floats(r):
    out = []
    for _ in range(8):
        x = r.choice([r.uniform(-10, 10), r.uniform(-1e6, 1e6), r.randrange(-1000, 1000) / 8, r.uniform(-1, 1) * 10 ** r.randrange(-12, 25), 0.5, 2.5, 1e23])
        y = r.choice([r.uniform(-10, 10), float(r.randrange(1, 9)), 0.1, -3.0])
        out.append(guarded([r.choice([
            f'print({x!r} + {y!r}, {x!r} - {y!r}, {x!r} * {y!r})', f'print({x!r} / {y!r}, {x!r} // {y!r}, {x!r} % {y!r})', f'print(round({x!r}), round({x!r}, {r.randrange(-2, 5)}), int({x!r}))',
            f'print(repr({x!r}), str({x!r}), {x!r}.is_integer(), {x!r}.as_integer_ratio())', f'import math\nprint(math.floor({x!r}), math.ceil({x!r}), math.trunc({x!r}), math.isqrt(int(abs({x!r}))))',
            f'print(min({x!r}, {y!r}), max({x!r}, {y!r}), sum([{x!r}, {y!r}, {x!r}]), abs({x!r}))', f'print({x!r} < {y!r}, {x!r} == {y!r}, divmod({x!r}, {y!r}))', f'print(float("{x!r}"), float("  {y!r}  "), bool({x!r}))',
        ])]))
    return '\n'.join(out)


def formats(r):
    out = []
    for _ in range(8):
        spec = r.choice(['', '<', '>', '^', '*^', '0=']) + r.choice(['', '+', ' ']) + r.choice(['', '#']) + r.choice(['', '0']) + r.choice(['', '5', '12', '20']) + r.choice(['', ',', '_']) + r.choice(['', '.0', '.2', '.5', '.10']) + r.choice(['', 'd', 'f', 'e', 'g', '%', 's', 'x', 'b', 'G', 'E', 'X', 'o'])
        value = r.choice([str(r.randrange(-10 ** 6, 10 ** 6)), repr(r.uniform(-1000, 1000)), repr(r.uniform(-1, 1) * 10 ** r.randrange(-9, 20)), repr(r.choice(['abc', 'é', '😀'])), 'True', '2**70', '0.0', '1e16', 'float("inf")', 'float("nan")'])
        out.append(guarded([r.choice([f'print(repr(format({value}, {spec!r})))', f'print(repr(f"{{{value.replace(chr(34), chr(39))}:{spec}}}"))', f'print("[{{:{spec}}}]".format({value}))'])]))
    for _ in range(4):
        flags = r.choice(['', '-', '0', '+', ' ', '#']) + r.choice(['', '4', '10']) + r.choice(['', '.0', '.3'])
        code = r.choice('dfegsrxoiXGE')
        out.append(guarded([f'print("[%{flags}{code}|%%]" % ({r.choice([str(r.randrange(-999, 999)), repr(r.uniform(-99, 99)), repr("text")])},))']))
    return '\n'.join(out)


def strings(r):
    pool = ['', 'a', 'abcabc', 'Hello World', 'x,y,,z', '  both  ', 'ünïcode', 'tab\tand\nline', '😀a😀', 'camelCaseText', '123', 'a1b2', 'ẞß', 'MiXeD', "quote'd", 'under_score']
    out = []
    for _ in range(10):
        s, t, u = r.choice(pool), r.choice(pool + ['a', ',', ' ', 'b']), r.choice(['', '-', 'xx', 'a'])
        i, j, k = (r.choice([None, r.randrange(-8, 9)]) for _ in range(3))
        step = k if k != 0 else None
        call = r.choice([
            'upper()', 'lower()', 'title()', 'capitalize()', 'swapcase()', 'strip()', 'lstrip()', 'rstrip()', f'split()', f'split({t!r})', f'split({t!r}, 1)', f'rsplit({t!r}, 1)', 'splitlines()', f'partition({t!r})', f'rpartition({t!r})',
            f'replace({t!r}, {u!r})', f'replace({t!r}, {u!r}, 1)', f'find({t!r})', f'rfind({t!r})', f'index({t!r})', f'count({t!r})', f'startswith({t!r})', f'endswith(({t!r}, {u!r}))', f'join([{t!r}, {u!r}, "z"])', f'center(12, "*")', 'ljust(10)', 'rjust(10, "0")',
            'zfill(8)', 'isdigit()', 'isalpha()', 'isalnum()', 'isupper()', 'islower()', 'isspace()', 'isidentifier()', 'istitle()', f'removeprefix({t!r})', f'removesuffix({t!r})', f'strip({t!r})', 'encode()', 'casefold()', 'expandtabs(4)', f'rstrip({t!r})',
        ])
        out.append(guarded([r.choice([f'print(repr({s!r}.{call}))', f'print(repr({s!r}[{i if i is not None else ""}:{j if j is not None else ""}:{step if step is not None else ""}]), len({s!r}), {t!r} in {s!r})', f'print(repr({s!r} + {t!r}), {s!r} < {t!r}, repr({s!r} * 2), sorted({s!r}))'])]))
    return '\n'.join(out)


def sequences(r):
    items = [literal(r, 1) for _ in range(r.randrange(7))]
    out = [f'x = [{", ".join(items)}]', f't = tuple(x)']
    for _ in range(10):
        i, j = r.randrange(-7, 8), r.randrange(-7, 8)
        k = r.choice([1, 2, -1, -2, 3])
        out.append(guarded([r.choice([
            f'print(x[{i}])', f'print(x[{i}:{j}], t[{i}:{j}:{k}], x[::{k}])', f'x[{i}:{j}] = [{literal(r, 2)}, {literal(r, 2)}]\nprint(x)', f'del x[{i}]\nprint(x)', f'x.insert({i}, {literal(r, 2)})\nprint(x)', f'print(x.pop({i}), x)', f'x.append({literal(r, 2)})\nprint(len(x), x)',
            f'x[::{abs(k)}] = range(len(x[::{abs(k)}]))\nprint(x)', f'x += [{literal(r, 2)}]\nprint(x * 2)', f'x.extend(t)\nx.reverse()\nprint(x)', f'print(x.index({literal(r, 2)}))', f'print(x.count({literal(r, 2)}), {literal(r, 2)} in x)',
            f'first, *rest = x\nprint(first, rest)', f'a, b, *c = t\nprint(a, b, c)', f'print([y for y in x if y], list(reversed(x)), list(enumerate(x, {i})))', 'print(sorted(x, key=str), sorted(x, key=repr, reverse=True))', 'print(x == list(t), x < list(t), t + t)', 'print(any(x), all(x), list(zip(x, t)), x.copy() is x)',
            f'del x[{i}:{j}:{abs(k)}]\nprint(x)', f'print(list(map(type, x)) == [type(v) for v in x], list(filter(None, x)))',
        ])]))
    return '\n'.join(out)


def dicts(r):
    keys = ["'a'", "'b'", "'c'", '1', '1.0', 'True', 'None', '(1, 2)', "'1'", '2.5', 'frozenset([1])']
    out = ['d = {' + ', '.join(f'{r.choice(keys)}: {literal(r, 2)}' for _ in range(r.randrange(5))) + '}']
    for _ in range(10):
        k, v = r.choice(keys), literal(r, 2)
        out.append(guarded([r.choice([
            f'd[{k}] = {v}\nprint(d)', f'print(d[{k}])', f'print(d.get({k}), d.get({k}, {v}))', f'print(d.pop({k}))', f'print(d.pop({k}, "none"), d)', f'print(d.setdefault({k}, {v}), d)', f'del d[{k}]\nprint(d)', f'd.update({{{k}: {v}}}, z={v})\nprint(d)',
            f'print({k} in d, len(d), list(d), list(d.values()))', f'print(list(d.items()), d == dict(d.items()))', f'print(d | {{{k}: {v}}})', f'd |= {{{k}: {v}}}\nprint(d)', 'print({str(k): k for k in d}, dict.fromkeys(d, 0))', 'print(d.popitem(), d)', 'print(list(reversed(d)), d.keys() & {"a", 1} == {k for k in d if k in ("a", 1)})',
            f'for k in d:\n    d[str(k) + "x"] = 1', f'print({{**d, {k}: {v}}}, dict(d, q=1))', 'print(d.keys(), d.values(), d.items())', 's = {k for k in d}\nprint(len(s), sorted(map(str, s)), s == set(d))', f's = set([{k}, 3]); s.add({k}); s.discard(3)\nprint(s, s | {{9}} >= s, s - s, {k} in s)',
        ])]))
    return '\n'.join(out)


class Flow:
    """Random statements with every kind of control flow; a fuel counter ends every loop."""

    def __init__(self, r):
        self.r = r
        self.count = 0

    def block(self, depth, loop, function, indent):
        lines = []
        for _ in range(self.r.randrange(1, 4)):
            lines += self.statement(depth, loop, function, indent)
        return lines

    def statement(self, depth, loop, function, indent):
        r, pad = self.r, '    ' * indent
        self.count += 1
        n = self.count
        simple = [f'{pad}log({n})', f'{pad}v += {r.randrange(5)}', f'{pad}v = v * 3 % 17', f'{pad}log({n}, v)']
        if depth <= 0 or self.count > 60:
            kind = r.randrange(6)
        else:
            kind = r.randrange(16)
        if kind < 3:
            return [r.choice(simple)]
        if kind == 3 and loop:
            return [f'{pad}if v % {r.randrange(2, 4)} == 0: {r.choice(["break", "continue"])}']
        if kind == 4:
            return [f'{pad}if v % {r.randrange(2, 6)} == 1: raise {r.choice(["ValueError", "KeyError", "TypeError"])}({n})']
        if kind == 5 and function:
            return [f'{pad}if v % {r.randrange(2, 6)} == 0: return v + {n}']
        if kind in (6, 7):
            out = [f'{pad}if v % {r.randrange(2, 4)}:'] + self.block(depth - 1, loop, function, indent + 1)
            if r.random() < .4:
                out += [f'{pad}elif v > {r.randrange(9)}:'] + self.block(depth - 1, loop, function, indent + 1)
            if r.random() < .6:
                out += [f'{pad}else:'] + self.block(depth - 1, loop, function, indent + 1)
            return out
        if kind in (8, 9):
            out = [f'{pad}for i{n} in range({r.randrange(4)}):', f'{pad}    v += i{n}'] + self.block(depth - 1, True, function, indent + 1)
            if r.random() < .4:
                out += [f'{pad}else:'] + self.block(depth - 1, loop, function, indent + 1)
            return out
        if kind == 10:
            out = [f'{pad}w{n} = 0', f'{pad}while w{n} < {r.randrange(4)}:', f'{pad}    w{n} += 1'] + self.block(depth - 1, True, function, indent + 1)
            if r.random() < .3:
                out += [f'{pad}else:'] + self.block(depth - 1, loop, function, indent + 1)
            return out
        if kind in (11, 12, 13):
            out = [f'{pad}try:'] + self.block(depth - 1, loop, function, indent + 1)
            handlers = r.randrange(3)
            for error in r.sample(['ValueError', 'KeyError', '(TypeError, IndexError)', 'LookupError'], handlers):
                out += [f'{pad}except {error} as e:', f'{pad}    log({n}, repr(e))'] + self.block(depth - 1, loop, function, indent + 1)
                if r.random() < .2:
                    out += [f'{pad}    raise']
            if handlers and r.random() < .4:
                out += [f'{pad}else:'] + self.block(depth - 1, loop, function, indent + 1)
            if not handlers or r.random() < .5:
                out += [f'{pad}finally:'] + self.block(depth - 1, loop, function, indent + 1)
            return out
        if kind == 14:
            return [f'{pad}with Manager({n}, {r.choice(["True", "False"])}) as m{n}:'] + self.block(depth - 1, loop, function, indent + 1)
        return [r.choice(simple)]


PRELUDE = '''out = []
def log(*args):
    out.append(args if len(args) > 1 else args[0])
class Manager:
    def __init__(self, n, swallow): self.n, self.swallow = n, swallow
    def __enter__(self): log('enter', self.n); return self.n
    def __exit__(self, kind, value, tb):
        log('exit', self.n, kind.__name__ if kind else None)
        return self.swallow
'''


def control(r):
    flow = Flow(r)
    body = flow.block(4, False, True, 1)
    generator = r.random() < .3
    lines = ['def f(v):'] + body + ['    return v'] if not generator else ['def f(v):'] + [('    ' * ((len(l) - len(l.lstrip())) // 4) + 'yield v' if l.strip().startswith('log(') and r.random() < .7 else l) for l in body] + ['    yield v']
    call = 'list(f(v))' if generator else 'f(v)'
    return PRELUDE + '\n'.join(lines) + f'\nfor v in range(6):\n    out.clear()\n    try:\n        print({call})\n    except Exception as e:\n        print(repr(e))\n    print(out)\n'


def classes(r):
    out = ['trace = []']
    names = []
    for i in range(r.randrange(2, 7)):
        name = f'C{i}'
        bases = r.sample(names, min(len(names), r.randrange(3)))
        body = []
        if r.random() < .6:
            body.append(f"    def m(self):\n        trace.append('{name}')" + ('\n        return super().m() if hasattr(super(), "m") else None' if r.random() < .7 else ''))
        if r.random() < .4:
            body.append(f'    x = {i}')
        if r.random() < .3:
            body.append(f"    @property\n    def p(self): return '{name}', self.x if hasattr(self, 'x') else None")
        if r.random() < .3:
            body.append(f"    @classmethod\n    def k(cls): return cls.__name__, '{name}'")
        if r.random() < .25:
            body.append(f"    def __init__(self, *a):\n        self.a = a + ('{name}',)\n        super().__init__(*a[1:])" if False else f"    def __init__(self):\n        self.a = getattr(self, 'a', ()) + ('{name}',)\n        super().__init__()")
        if r.random() < .2:
            body.append(f"    def __getattr__(self, n): return '{name}.' + n if not n.startswith('__') else super().__getattribute__(n)")
        if r.random() < .2:
            body.append(f"    def __init_subclass__(cls, **kw):\n        trace.append(('sub', '{name}', cls.__name__))\n        super().__init_subclass__(**kw)")
        if r.random() < .2:
            body.append(f"    def __eq__(self, o): return type(o).__name__ > '{name}'\n    def __lt__(self, o): return '{name}' < type(o).__name__\n    __hash__ = object.__hash__")
        if r.random() < .2:
            body.append(f"    def __add__(self, o): return '{name}+'\n    def __radd__(self, o): return '+{name}'")
        if r.random() < .2:
            body.append(f"    def __len__(self): return {i}\n    def __getitem__(self, k): return k * {i} if isinstance(k, int) and k < {i} else (_ for _ in ()).throw(IndexError(k))")
        text = f"class {name}({', '.join(bases)}):\n" + ('\n'.join(body) or '    pass')
        out.append(f'try:\n' + '\n'.join('    ' + l for l in text.split('\n')) + f"\nexcept TypeError as e:\n    print('no {name}')\n    class {name}: pass")
        names.append(name)
    for name in names:
        out.append(f'print([c.__name__ for c in {name}.__mro__], trace); trace.clear()')
        for e in ('o.m()', 'trace', 'o.x', 'o.p', 'o.k()', 'o.a', 'o.zz', 'bool(o)', 'o + 1', '1 + o', 'list(o)', f'o == {r.choice(names)}()', f'o < {r.choice(names)}()', f'isinstance(o, {r.choice(names)})', "vars(o)"):
            if r.random() < .6:
                out.append(f'try:\n    o = {name}()\n    print({e!r}, {e})\nexcept Exception as e:\n    print(type(e).__name__)')
    return '\n'.join(out)


def arguments(r):
    names = ['a', 'b', 'c', 'd', 'e', 'f']
    parts, shown = [], []
    n = r.randrange(4)
    default = False
    slash = r.randrange(n + 1) if r.random() < .3 and n else None
    for i in range(n):
        default = default or r.random() < .3
        parts.append(names[i] + (f'={i * 10}' if default else ''))
        shown.append(names[i])
        if slash == i + 1:
            parts.append('/')
    star = r.random()
    if star < .3:
        parts.append('*args'); shown.append('args')
    elif star < .5:
        parts.append('*')
    if star < .5:
        for i in range(n, n + r.randrange(1 if star >= .3 else 0, 3)):
            parts.append(names[i] + (f'={i * 10}' if r.random() < .5 else ''))
            shown.append(names[i])
    if parts and parts[-1] == '*':
        parts.pop()
    if r.random() < .4:
        parts.append('**kw'); shown.append('kw')
    out = [f"def f({', '.join(parts)}):\n    return ({', '.join(shown)}{',' if shown else ''})"]
    for _ in range(8):
        args = [str(i) for i in range(r.randrange(5))]
        if r.random() < .3:
            args.append(f'*[{", ".join(str(i) for i in range(50, 50 + r.randrange(3)))}]')
        for name in r.sample(names, r.randrange(3)):
            args.append(f'{name}={r.randrange(100)}')
        if r.random() < .3:
            args.append("**{" + ', '.join(f"'{x}': {r.randrange(9)}" for x in r.sample(names, r.randrange(3))) + "}")
        out.append(f"try:\n    print(f({', '.join(args)}))\nexcept TypeError as e:\n    print(e)")
    return '\n'.join(out)


def generators(r):
    steps = []
    for i in range(r.randrange(2, 6)):
        steps.append(r.choice([f'    x = yield {i}\n    print("got", x)', f'    yield from sub({i})', f'    try:\n        yield {i}\n    except ValueError as e:\n        print("caught", e)\n        yield -{i}\n    finally:\n        print("finally", {i})', f'    for k in range({i}):\n        yield k * k', f'    r = yield from sub(1)\n    print("r", r)', f'    if {i} % 2: return {i}']))
    out = ['def sub(n):\n    for i in range(n):\n        try:\n            y = yield ("sub", i)\n            if y: print("sub got", y)\n        except KeyError:\n            print("sub key")\n    return n * 100', 'def g():\n' + '\n'.join(steps) + '\n    return "end"', 'it = g()']
    for _ in range(r.randrange(4, 10)):
        action = r.choice(['next(it)', 'it.send(5)', 'it.send("s")', 'it.throw(ValueError("v"))', 'it.throw(KeyError("k"))', 'next(it, "over")', 'next(it)', 'next(it)'])
        out.append(f'try:\n    print({action})\nexcept StopIteration as e:\n    print("stop", e.value)\nexcept Exception as e:\n    print(repr(e))')
    out.append(r.choice(['it.close()', 'print(list(it))', 'print(list(g()))', 'print([x for x in g() if x], dict(enumerate(g())))']))
    out.append(f'print(sum(x * y for x in range({r.randrange(5)}) for y in range(x) if (x + y) % 2), [[i * j for j in range(i)] for i in range({r.randrange(5)})], {{k: v for k, v in zip("abc", range(9))}})')
    return '\n'.join(out)


def closures(r):
    out = ['funcs = []', f'for i in range({r.randrange(1, 5)}):\n    funcs.append(lambda x, k=i: (x, k, i))', 'print([f(1) for f in funcs])']
    out.append(f'''def counter(start):
    n = start
    def inc(by={r.randrange(1, 4)}):
        nonlocal n
        n += by
        return n
    def get():
        return n
    return inc, get
inc, get = counter({r.randrange(10)})
print(inc(), inc(5), get(), inc(), get())''')
    out.append(f'''x = {r.randrange(9)}
def outer():
    x = 'outer'
    class A:
        y = x
        x = 'class'
        z = x
        def m(self): return x
        w = [x for _ in range(2)]
    def g():
        global x
        x = x + 1
        return x
    return A.y, A.x, A.z, A().m(), A.w, g(), x
try:
    print(outer(), x)
except Exception as e:
    print(type(e).__name__, e)''')
    out.append('''def late():
    try:
        print(v)
    except NameError as e:
        print(type(e).__name__)
    v = 1
    del v
    try:
        print(v)
    except UnboundLocalError as e:
        print(type(e).__name__)
late()
def default(items=[], *, d={}):
    items.append(len(items))
    d[len(d)] = items[-1]
    return list(items), dict(d)
print(default(), default(), default([9]), default(d={}))
if (n := len('abcd')) > 3: print(n, [y := 1, y ** 2], y)
print((lambda *a, **k: (a, k))(1, *[2], z=3, **{'w': 4}))''')
    r.shuffle(out[3:])
    return '\n'.join(out)


def matching(r):
    patterns = ['0', '-1', '1 | 2', '"a"', 'None', 'True', '[]', '[x]', '[x, y]', '[x, *rest]', '[*_, last]', '(1, x)', '{"k": v}', '{"k": 1, **rest}', '{}', 'int(n)', 'str() as s', 'P(x=0)', 'P(a, b)', 'P(x=a, y=[b, *_])', '[P(1, b), _]', 'float() | bool()', '{"a": [x, {"b": y}]}']
    subjects = ['0', '1', '2', '-1', '"a"', '"b"', 'None', 'True', '[]', '[1]', '[1, 2]', '(1, 2, 3)', '{"k": 1}', '{"k": 5, "z": 0}', '{}', '2.5', 'P(0, 3)', 'P(1, [2, 3])', '[P(1, 9), 0]', '{"a": [1, {"b": 2}]}', 'range(2)', 'b"ab"']
    chosen = r.sample(patterns, 6)
    body = []
    for p in chosen:
        guard = r.choice(['', '', ' if len(str(v)) > 2'])
        body.append(f'        case {p}{guard}: return {p!r}, sorted((k, w) for k, w in locals().items() if k != "v")' if True else '')
    return 'class P:\n    __match_args__ = ("x", "y")\n    def __init__(self, x, y): self.x, self.y = x, y\n    def __repr__(self): return f"P({self.x}, {self.y})"\ndef f(v):\n    match v:\n' + '\n'.join(body) + f'\n        case _: return "default"\nfor s in [{", ".join(r.sample(subjects, 12))}]:\n    try:\n        print(s, f(s))\n    except TypeError as e:\n        print("type error")\n'


def library(r):
    i, j = r.randrange(1, 6), r.randrange(1, 4)
    word = r.choice(['mississippi', 'hello', 'abracadabra', ''])
    return '\n'.join(guarded([p]) for p in r.sample([
        f'import itertools\nprint(list(itertools.islice(itertools.cycle("ab"), {i})), list(itertools.accumulate(range({i}))), list(itertools.combinations(range({i}), {j})))',
        f'import itertools\nprint(list(itertools.product("ab", repeat={j}))[:5], list(itertools.permutations(range({min(i, 4)}), 2)), list(itertools.zip_longest("abc", range({j}), fillvalue="-")))',
        f'import itertools\nprint([(k, list(g)) for k, g in itertools.groupby({word!r})], list(itertools.takewhile(lambda x: x < {i}, range(9))), list(itertools.pairwise(range({i}))))',
        f'import itertools\na, b = itertools.tee(range({i}))\nprint(next(a, None), list(b), list(a), list(itertools.chain([1], "ab")), list(itertools.starmap(pow, [(2, {i})])))',
        f'from collections import Counter\nc = Counter({word!r})\nprint(c.most_common({j}), c["s"], sorted(c.elements()), c + Counter("so"))',
        f'from collections import defaultdict, OrderedDict, deque\nd = defaultdict(list)\nfor ch in {word!r}: d[ch].append(len(d))\nprint(dict(d), OrderedDict(a=1, b={i}))\nq = deque(range({i}), maxlen=3); q.appendleft(9); q.rotate(1); print(q, q.pop())',
        f'from collections import namedtuple\nP = namedtuple("P", "x y z", defaults=({i},))\np = P({j}, 2)\nprint(p, p._replace(x=5), p._asdict(), P._fields, p == ({j}, 2, {i}), p[1:], *p)\nP(1)',
        f'import functools\nprint(functools.reduce(lambda a, b: a * b, range(1, {i + 2})), functools.partial(int, base=2)("1{i % 2}1"))\n@functools.lru_cache(maxsize={j})\ndef f(x): print("call", x); return x * 2\nprint([f(x % 3) for x in range({i})], f.cache_info())',
        f'from dataclasses import dataclass, field, replace, asdict\n@dataclass(order=True{r.choice(["", ", frozen=True"])})\nclass D:\n    a: int\n    b: str = "q"\n    c: list = field(default_factory=list, compare=False)\nd = D({i})\nprint(d, d == D({i}), d < D({i + 1}), replace(d, b="z"), asdict(d))\nd.a = 3\nprint(d)',
        f'from enum import Enum, IntEnum, Flag, auto\nclass E(Enum):\n    A = {i}\n    B = auto()\n    C = {i}\nprint(list(E), E.A is E.C, E({i}), E["B"].value, E.A.name, repr(E.B), str(E.A), E.B in E)\nclass N(IntEnum):\n    X = 1\n    Y = {i + 1}\nprint(N.X + 1, N.Y > N.X, f"{{N.Y}}", sorted(N), N.X == 1)\nE(99)',
        f'from enum import Flag, auto\nclass F(Flag):\n    R = auto()\n    W = auto()\n    X = auto()\nx = F.R | F.X\nprint(x, F.W in x, x & F.R, list(x), bool(x & F.W), ~x, F({i % 8}))',
        f'import contextlib\n@contextlib.contextmanager\ndef cm(x):\n    print("in", x)\n    try: yield x * 2\n    except ValueError as e: print("err", e)\n    finally: print("out")\nwith cm({i}) as v: print(v)\nwith cm(1): raise ValueError("b")\nwith contextlib.suppress(KeyError): {{}}[1]\nwith cm(2): raise KeyError(3)',
        f'import copy\nx = [1, [2, {{"a": ({i},)}}]]\nx.append(x[1])\ny, z = copy.copy(x), copy.deepcopy(x)\nx[1].append({j})\nprint(x, y, z, z[1] is z[2], y[1] is x[1])',
        f'import json\nprint(json.dumps({{"a": [1, 2.5, None, True, "é"], "b": {{}}}}, indent={r.choice(["None", "2"])}, sort_keys=True), json.loads(\'[1, 1.0, "x", {{"k": null}}, -{i}e{j}]\'))',
        f'import re\nm = re.search(r"(\\w)(?P<two>\\w)", {word!r})\nprint(m and m.groups(), re.sub(r"([aeiou])", r"<\\1>", {word!r}), re.split("s+", {word!r}), re.findall("[a-m]+", {word!r}))',
        f'import operator, math\nprint(operator.itemgetter(1, 0)("xyz"), operator.attrgetter("real")({i}), math.comb({i + 3}, {j}), math.gcd({i * 12}, {j * 18}), math.factorial({i}), math.prod(range(1, {i})))',
        f'from typing import NamedTuple, Optional\nclass T(NamedTuple):\n    a: int\n    b: str = "x"\n    def f(self): return self.a * 2\nt = T({i})\nprint(t, t.f(), t._replace(b="y"), T.__annotations__ == {{"a": int, "b": str}}, Optional[int])',
        f'from functools import singledispatch, total_ordering, cached_property\n@singledispatch\ndef f(x): return "obj"\n@f.register\ndef _(x: int): return "int"\n@f.register(list)\ndef _(x): return "list"\nprint(f({i}), f([]), f("s"), f(True))\n@total_ordering\nclass V:\n    def __init__(self, v): self.v = v\n    def __eq__(self, o): return self.v == o.v\n    def __lt__(self, o): return self.v < o.v\nprint(V(1) <= V({i}), V(3) >= V({j}), V(2) > V(2))',
        f'import inspect\ndef f(a, /, b, *c, d={i}, **e): pass\ns = inspect.signature(f)\nprint([(p.name, int(p.kind), p.default is p.empty) for p in s.parameters.values()], s.bind(1, 2, 3, d=4).arguments)',
        f'import string, textwrap, bisect, heapq\nh = [5, 1, {i}, {j}, 9]\nheapq.heapify(h)\nprint([heapq.heappop(h) for _ in range(3)], bisect.bisect([1, 3, 5], {i}), string.ascii_lowercase[:{i}], repr(textwrap.dedent("  a\\n    b")))',
    ], 5))


def descriptors(r):
    return f'''class Typed:
    def __set_name__(self, owner, name): self.name = '_' + name; print('named', owner.__name__, name)
    def __get__(self, obj, cls=None): return self if obj is None else getattr(obj, self.name, {r.randrange(9)})
    def __set__(self, obj, value):
        if not isinstance(value, int): raise TypeError('int wanted')
        setattr(obj, self.name, value)
class NonData:
    def __get__(self, obj, cls=None): return ('nondata', cls.__name__)
class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        ns['tag'] = kw.get('tag', name.lower())
        return super().__new__(m, name, bases, ns)
    def __init__(c, name, bases, ns, **kw): super().__init__(name, bases, ns)
    def __call__(c, *a, **k):
        print('making', c.__name__)
        return super().__call__(*a, **k)
    def __getattr__(c, name): return 'meta.' + name if not name.startswith('__') else (_ for _ in ()).throw(AttributeError(name))
    def __len__(c): return {r.randrange(5)}
class A(metaclass=Meta, tag={r.choice(["'t'", '3'])}):
    t = Typed()
    n = NonData()
    __slots__ = {r.choice(["('_t', 'z')", "('_t', 'z', '__dict__')"])}
    def __new__(cls, *a):
        self = super().__new__(cls)
        print('new', a)
        return self
    def __init__(self, *a): self.t = a[0] if a else 1
    def __delattr__(self, name): print('del', name); super().__delattr__(name)
class B(A):
    def __setattr__(self, name, value): print('set', name); super().__setattr__(name, value)
    def __getattribute__(self, name):
        if name == 'secret': return 'found'
        return super().__getattribute__(name)
for cls in (A, B):
    x = cls({r.randrange(9)})
    for e in ('x.t', 'x.n', 'cls.n', 'cls.tag', 'cls.other', 'len(cls)', 'x.secret', 'x.z', 'type(cls.t).__name__', 'x.__class__.__name__'):
        try: print(e, eval_(e) if False else {{'x.t': lambda: x.t, 'x.n': lambda: x.n, 'cls.n': lambda: cls.n, 'cls.tag': lambda: cls.tag, 'cls.other': lambda: cls.other, 'len(cls)': lambda: len(cls), 'x.secret': lambda: x.secret, 'x.z': lambda: x.z, 'type(cls.t).__name__': lambda: type(cls.t).__name__, 'x.__class__.__name__': lambda: x.__class__.__name__}}[e]())
        except Exception as error: print(e, type(error).__name__)
    for name, value in (('t', 5), ('t', 's'), ('n', 1), ('q', 2), ('z', 3)):
        try: setattr(x, name, value); print(name, getattr(x, name))
        except Exception as error: print(name, type(error).__name__)
    try: del x.z; print(x.z)
    except Exception as error: print(type(error).__name__)
'''


KINDS = [(operators, 6), (integers, 6), (floats, 6), (formats, 6), (strings, 6), (sequences, 6), (dicts, 6), (control, 14), (classes, 8), (arguments, 6), (generators, 7), (closures, 3), (matching, 4), (library, 10), (descriptors, 1)]


def program(seed):
    r = random.Random(seed)
    kind = r.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
    return kind.__name__, kind(r)
