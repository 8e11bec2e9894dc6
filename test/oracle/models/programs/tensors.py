"""Buffers made by tensor functions: their shapes, types and storages."""
import torch, torch.nn as nn
def _mk(**k):
    m = nn.Module()
    for n, v in k.items(): m.register_buffer(n, v)
    return m
def a1(): return _mk(c=torch.zeros(3, dtype=torch.complex64).conj())
def a2(): return _mk(c=torch.zeros(3, dtype=torch.complex64).real)
def a3(): return _mk(c=torch.real(torch.zeros(3, dtype=torch.complex64)).clone())
def a4(): return _mk(c=torch.view_as_real(torch.zeros(3, dtype=torch.complex64)))
def a5(): return _mk(c=torch.view_as_complex(torch.zeros(3, 2)))
def a6(): return _mk(c=torch.complex(torch.zeros(3), torch.zeros(3)).abs())
def a7(): return _mk(c=torch.zeros(3, 4).view(torch.int32), d=torch.zeros(3, 4, dtype=torch.int64).view(torch.int32))
def a8(): return _mk(c=torch.arange(0, 1, 0.1), d=torch.arange(5, dtype=torch.float16), e=torch.arange(1, 10, 3.0))
def a9(): return _mk(c=torch.zeros(4) + 1, d=torch.zeros(4, dtype=torch.int64) / 2, e=torch.ones(3, dtype=torch.int32) * 1.5, f=torch.ones(2, dtype=torch.half) + torch.ones(2), g=torch.ones(2, dtype=torch.half) * 2.0)
def b1(): return _mk(c=torch.ones(3, 4).sum(0), d=torch.ones(3, dtype=torch.bool).sum(), e=torch.ones(3, 4).mean(1, keepdim=True), f=torch.ones(3, 4).argmax(1), g=torch.ones(3, 4).max(1)[0])
def b2(): return _mk(c=torch.stack([torch.ones(3)] * 4, dim=1), d=torch.cat([torch.ones(2, dtype=torch.int64), torch.ones(3)]), e=torch.hstack([torch.ones(3), torch.ones(2)]), f=torch.vstack([torch.ones(3), torch.ones(3)]))
def b3(): return _mk(c=torch.ones(2, 3, 4).permute(2, 0, 1), d=torch.ones(2, 3, 4).transpose(0, 1).contiguous(), e=torch.ones(6).reshape(2, -1), f=torch.ones(2, 1, 3).squeeze(), g=torch.ones(3).repeat(2, 2), h=torch.ones(2, 3).flatten())
def b4(): return _mk(c=torch.outer(torch.ones(3), torch.ones(5)), d=torch.ones(3, 4) @ torch.ones(4, 2), e=torch.eye(4), f=torch.diag(torch.ones(3)), g=torch.ones(3, 3).triu().bool())
def b5(): return _mk(c=torch.ones(10)[2:8:2], d=torch.ones(4, 4)[..., 0], e=torch.ones(4, 4)[None, :, 1], f=torch.ones(4, 4)[torch.ones(4, dtype=torch.bool)], g=torch.ones(4)[[0, 1]], h=torch.ones(2, 3)[1])
def b6():
    x = torch.ones(4, 4); x[0] = 2; x[1, :2].fill_(3); x.t_(); y = x.masked_fill(x > 1, 0); return _mk(x=x, y=y)
def b7():
    a, b = torch.ones(6, 2).chunk(2); c, d, e = torch.ones(6).split([1, 2, 3]); f = torch.ones(3, 2).unbind(0); return _mk(a=a, b=b, c=c, e=e, f=f[1])
def b8(): return _mk(c=torch.tensor([[1, 2], [3, 4.0]]), d=torch.tensor(True), e=torch.tensor([1 + 2j]), f=torch.tensor([]), g=torch.as_tensor([1, 2], dtype=torch.uint8), h=torch.tensor(range(5)), i=torch.Tensor(2, 3), j=torch.LongTensor([1, 2]), k=torch.FloatTensor(3), l=torch.BoolTensor([True]))
def b9():
    import numpy as np
    return _mk(c=torch.tensor(np.zeros((3, 4))), d=torch.from_numpy(np.arange(5)), e=torch.as_tensor(np.ones(3, dtype=np.float32)), f=torch.tensor(np.sqrt(2.0)), g=torch.tensor(np.array([1, 2, 3])))
def c1(): return _mk(c=torch.fft.rfft(torch.ones(16)), d=torch.hann_window(10), e=torch.fft.fftfreq(8))
def c2():
    ys, xs = torch.meshgrid(torch.arange(3), torch.arange(4)); return _mk(y=ys, x=xs, s=torch.stack([ys, xs], -1).view(-1, 2).float())
def c3():
    inv = 1.0 / (10000 ** (torch.arange(0, 16, 2).float() / 16)); t = torch.arange(32, dtype=torch.float32); fr = torch.einsum('i,j->ij', t, inv); emb = torch.cat((fr, fr), dim=-1); return _mk(inv=inv, cos=emb.cos()[None, None], sin=emb.sin()[None, None].to(torch.bfloat16))
def c4():
    fr = 1.0 / (10000.0 ** (torch.arange(0, 8, 2)[: 4].float() / 8)); t = torch.arange(16); f = torch.outer(t, fr).float(); return _mk(cis=torch.polar(torch.ones_like(f), f))
def c5(): return _mk(c=torch.randint(0, 5, (3,)), d=torch.randperm(6), f=torch.rand(2, 3).round().long(), g=torch.multinomial(torch.ones(5), 3), h=torch.nonzero(torch.tensor([1, 0, 2])))
def c6(): return _mk(c=torch.linspace(0, 1, 5).pow(2), d=torch.logspace(0, 1, 5), e=torch.full((2,), 7), f=torch.full((2,), 7.0), g=torch.full((), True), h=torch.empty(3, 2).fill_(1), i=torch.zeros_like(torch.ones(2, dtype=torch.int8)), j=torch.ones(3).new_zeros(4, 2), k=torch.ones(3).type(torch.int16), l=torch.ones(3).type_as(torch.ones(1).half()))
def c7():
    rel = torch.arange(7)[:, None] - torch.arange(7)[None, :]; co = torch.stack(torch.meshgrid([torch.arange(7), torch.arange(7)])); cf = torch.flatten(co, 1); r = cf[:, :, None] - cf[:, None, :]; r = r.permute(1, 2, 0).contiguous(); r[:, :, 0] += 6; r[:, :, 1] += 6; r[:, :, 0] *= 13; return _mk(rel=rel, idx=r.sum(-1))
def c8():
    w = torch.ones(8, 3, 5); q, k = torch.linalg.qr(torch.ones(4, 4)); return _mk(p=nn.functional.pad(w, (1, 1)), i=nn.functional.interpolate(w, size=10), s=w.softmax(-1))
def c9(): return _mk(a=torch.ones(3).expand(4, 3), b=torch.broadcast_to(torch.ones(1, 2), (5, 2)).clone(), c=torch.ones(4, 4).unfold(0, 2, 1), d=torch.as_strided(torch.ones(10), (2, 2), (1, 2)), e=torch.tril_indices(4, 4), f=torch.combinations(torch.arange(4)), g=torch.cartesian_prod(torch.arange(2), torch.arange(3)), h=torch.bucketize(torch.ones(3), torch.arange(3.)), i=torch.cumsum(torch.ones(3, dtype=torch.int32), 0), j=torch.roll(torch.arange(5), 1), k=torch.flip(torch.arange(5), [0]), l=torch.kron(torch.eye(2), torch.ones(2, 2)), m=torch.tile(torch.ones(2), (3,)), n=torch.where(torch.ones(3) > 0, torch.ones(3), torch.zeros(3)), o=torch.ones(3) > 2, p=torch.sort(torch.ones(3))[1], q=torch.topk(torch.ones(5), 2)[0], r=torch.clamp(torch.arange(5), 1, 3), s=torch.ones(2, dtype=torch.int8) ** 2, t=-torch.ones(2), u=~torch.ones(2, dtype=torch.bool), v=torch.ones(2, dtype=torch.int32) // 2, w=torch.ones(2) % 2, x=torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 4, 5)))
def d1():
    y, x = torch.meshgrid(torch.arange(300), torch.arange(5), indexing='xy'); a, b, c = torch.meshgrid(torch.arange(2), torch.arange(3), torch.arange(10)[::2], indexing='xy'); d, = torch.meshgrid(torch.arange(3)); return _mk(y=y, x=x, a=a, b=b, c=c, d=d, e=torch.meshgrid(torch.tensor(1), torch.arange(3))[0], f=torch.meshgrid(torch.arange(1), torch.arange(3))[1])
def d2(): return _mk(r=torch.flatten(torch.meshgrid([torch.arange(3), torch.arange(4)])[0]), s=torch.arange(12).view(3, 4).t().reshape(-1), t=torch.arange(12).view(3, 4).t().contiguous(), u=torch.arange(12).view(3, 4)[:, 1:3].flatten(), v=torch.arange(12).view(3, 4).t() * 2, w=torch.arange(12).view(3, 4).t().clone(), x=torch.zeros_like(torch.ones(3, 4).t()), y=torch.ones(4, 3).t().float(), z=torch.ones(4, 3).t().double())
def d3():
    x = torch.ones(5, 3)[:, :2]; return _mk(a=x.clone(), b=x + 1, c=x.float(), d=x.half(), e=x.contiguous(), f=x.expand(2, 5, 2).clone(), g=torch.zeros_like(x), h=x.t().half(), i=torch.ones(1, 3).expand(4, 3).half(), j=torch.ones(1, 3).expand(4, 3) * 2, k=torch.ones(2, 3, 4).permute(2, 0, 1).half(), l=torch.ones(2, 3, 4).permute(2, 0, 1) + torch.ones(4, 2, 3), m=torch.ones(4, 3).t() + torch.ones(3, 4), n=torch.ones(2, 3).T.sum(0), o=torch.ones(4, 3).t().exp(), q=torch.ones(4, 3).t()[None].repeat(1, 1, 1), r=torch.ones(6, 4)[::2].exp(), s=torch.ones(3, 1, 2).expand(3, 4, 2).exp(), t=torch.ones(3, 4)[:, None].expand(3, 5, 4).double())
