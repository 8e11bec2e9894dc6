x = 1 ^ 2 & 3
x = 1 & 2 ^ 3
x = a ^ b ^ c & d & e ^ f
x = (a ^ b) & c
x = a & (b ^ c)
x = a | b & c ^ d | e
type(a).b = c
type(a, b, c).d[3].e = 4
type (self).f = lambda: 3
with (a as b): pass
with (a as b, c as d): pass
with (a, b): pass
with (a): pass
if (x := a if b else c): pass
def f(a: list[int] | None | str): pass
[*a.b(), *c.d]
x = *a.b(), 1
[*a[0](1).b + [3], 2]
for x in *a.b, 1: pass
{*a.b}
(a): int = 3
(a) = 4
for (a) in b: pass
for (a), b in c: pass
del (a), b
del (a)
del (a, b)
x = r'\\'
x = rb'a\\'
x = rf'{a}\\'
x = r'''a\\'''
x[*a.b] = 3
x[*a] = 3
return_ = lambda *a, **k: (yield)
(yield *a.b, 3)
*a.b, c = d
[*a.b, c] = d
print(*a.b or c)
print(*a if b else c)
print(a if b else c, *d.e[1:], **f.g)
x = a[b:=3] if c else d
x = not a ^ b & c
x = -a & b
x = a & -b ^ ~c
x ^= a & b
print("==", a(), *b.c())
print(a.b(), *c.d.e(), f=3, **g)
f(*a.b(), *c[1:])
x = [*a.b.c(d)[1:]], {*a.b()}, (*a.b(),)
{**a.b(), 'c': 1}
x = [*(a if b else c), *d]
x: list[int] | dict[str, int] | None = None
with (open('a')
      as b):
    pass
while (x := a() if b else c()) is not None: pass
x = a ^ b | c & d ^ e
type(a)(b).c = d
type = 3
type.b = 4
type(a)
with (a(), b(),): pass
with (a(b),): pass
with a() if b else c() as f: pass
with a if b else c as f, d as e: pass
with (a, b) as c: pass
with (a if b else c) as f: pass
