"""Models that are changed after their construction, wrapped, shared, or built in unusual ways."""
import copy, math, collections, functools, itertools
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import weight_norm, spectral_norm, parametrizations
from collections import OrderedDict

def a1():
    return nn.DataParallel(nn.Linear(3, 4))
def a2():
    m = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    return torch.compile(m)
def a3():
    m = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    return torch.optim.swa_utils.AveragedModel(m)
def a4():
    m = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    return m[:2]
def a5():
    m = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    m[0] = weight_norm(m[0])
    return m
class Prune(nn.Module):
    def __init__(self):
        super().__init__()
        import torch.nn.utils.prune as prune
        self.fc = nn.Linear(5, 6)
        prune.random_unstructured(self.fc, name='weight', amount=0.3)
class _Sym(nn.Module):
    def forward(self, X):
        return X.triu() + X.triu(1).transpose(-1, -2)
def a7():
    import torch.nn.utils.parametrize as P
    l = nn.Linear(4, 4)
    P.register_parametrization(l, 'weight', _Sym())
    return l
def a8():
    l = nn.Linear(4, 4)
    torch.nn.utils.parametrizations.weight_norm(l) if hasattr(torch.nn.utils.parametrizations, 'weight_norm') else None
    return l
def a9():
    m = nn.Sequential(*[nn.Linear(2**i, 2**(i+1)) for i in range(5)])
    for i, (n, p) in enumerate(m.named_parameters()):
        p.requires_grad = i % 2 == 0
    return m
class Sd(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
        self.b = nn.Linear(3, 3)
    def state_dict(self, *args, **kw):
        sd = super().state_dict(*args, **kw)
        return {k: v for k, v in sd.items() if not k.startswith('b')}
class Hook(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
        self._register_state_dict_hook(self._h)
    @staticmethod
    def _h(self, sd, prefix, meta):
        sd.pop(prefix + 'a.bias')
        return sd
class Save(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(3, 3))
    def _save_to_state_dict(self, destination, prefix, keep_vars):
        super()._save_to_state_dict(destination, prefix, keep_vars)
        destination[prefix + 'extra'] = torch.zeros(7)
class Extra(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(3, 3))
    def get_extra_state(self):
        return {'a': 1}
    def set_extra_state(self, s):
        pass
class Attr(nn.Module):
    def __setattr__(self, name, value):
        if name == 'skip':
            return
        super().__setattr__(name, value)
    def __init__(self):
        super().__init__()
        self.skip = nn.Linear(3, 3)
        self.keep = nn.Linear(2, 2)
class NotReg(nn.Module):
    def __init__(self):
        super().__init__()
        self.lst = [nn.Linear(3, 3)]
        self.d = {'a': nn.Linear(2, 2)}
        self.__dict__['hidden'] = nn.Linear(9, 9)
        object.__setattr__(self, 'hid2', nn.Linear(8, 8))
        self.fc = nn.Linear(1, 1)
class NoneP(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_parameter('x', None)
        self.register_buffer('y', None)
        self.fc = nn.Linear(2, 2)
        self.fc2 = None
        self.fc2 = nn.Linear(2, 3)
        self.fc.bias = None
class Del(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2)
        self.b = nn.Linear(3, 3)
        del self.a
        delattr(self, 'b')
        self.c = nn.Linear(4, 4)
        self.c = nn.Identity()
        setattr(self, 'l%d' % 3, nn.Linear(5, 5))
        self._modules['inj'] = nn.Linear(6, 6)
        self._parameters['q'] = nn.Parameter(torch.empty(3))
        self._buffers['r'] = torch.empty(4)
def b1():
    m = nn.ModuleDict({'a': nn.Linear(1, 2), 'b': nn.Linear(2, 3)})
    m.update({'c': nn.Linear(4, 4)}); m.pop('a')
    return m
def b2():
    m = nn.ModuleList([nn.Linear(1, 2)]); m += [nn.Linear(2, 3)]; m.insert(0, nn.Linear(7, 7)); m.extend(nn.ModuleList([nn.ReLU(), nn.Linear(2, 2)])); del m[1]
    return m
def b3():
    m = nn.Transformer(d_model=32, nhead=4, num_encoder_layers=2, num_decoder_layers=1, dim_feedforward=64)
    return m
def b4():
    enc = nn.TransformerEncoderLayer(16, 4, bias=False) if hasattr(nn, 'RMSNorm') else nn.TransformerEncoderLayer(16, 4)
    return nn.TransformerEncoder(enc, 3, norm=nn.LayerNorm(16))
def b5():
    m = nn.LSTM(10, 20, num_layers=2, bidirectional=True, proj_size=5)
    m.flatten_parameters()
    return m
def b6():
    return nn.Embedding.from_pretrained(torch.randn(10, 3), freeze=True)
def b7():
    m = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU()).eval()
    return torch.nn.utils.fusion.fuse_conv_bn_eval(m[0], m[1])
def b8():
    m = nn.Sequential(OrderedDict(conv=nn.Conv2d(3, 8, 3), bn=nn.BatchNorm2d(8), relu=nn.ReLU())).eval()
    return torch.ao.quantization.fuse_modules(m, ['conv', 'bn', 'relu'])
def b9():
    m = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 3))
    m[1].weight = nn.Parameter(m[0].weight.t())
    return m
def c1():
    m = nn.Sequential(nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False))
    m[1].weight = m[0].weight
    return copy.deepcopy(m)
def c2():
    m = nn.Linear(4, 4)
    m2 = nn.Linear(4, 4)
    m2.load_state_dict(m.state_dict())
    m2.weight.data = torch.zeros(4, 9)
    return m2
def c3():
    torch.set_default_dtype(torch.float64)
    try:
        return nn.Linear(3, 3)
    finally:
        torch.set_default_dtype(torch.float32)
def c4():
    with torch.device('cpu'):
        m = nn.Linear(3, 3)
    return m.to(torch.bfloat16)
def c5():
    m = nn.Sequential(nn.BatchNorm2d(4), nn.Linear(2, 2)).half()
    return m.float().double()
def c6():
    m = nn.ParameterList([nn.Parameter(torch.ones(i, 2)) for i in range(1, 4)])
    m.append(torch.ones(5)); m.append(3.0)
    return m
def c7():
    return nn.ParameterDict({'a': nn.Parameter(torch.ones(2)), 'b': torch.ones(3)})
def c8():
    m = nn.Linear(3, 3)
    m.register_forward_hook(lambda *a: None)
    m.apply(lambda x: setattr(x, 'extra', nn.Linear(1, 1)) if not isinstance(x, nn.ReLU) and not hasattr(x, 'extra') and x.in_features == 3 else None)
    return m
class Shared(nn.Module):
    fc = nn.Linear(10, 10)
    w = nn.Parameter(torch.zeros(3))
    def __init__(self):
        super().__init__()
        self.x = self.fc
        self.y = Shared.w
        self.z = nn.Parameter(self.y)
        self.zz = self.x.weight
class Buf(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer('t', torch.arange(10).float() / 3)
        self.register_buffer('b', torch.tril(torch.ones(8, 8)).view(1, 1, 8, 8) == 0)
        self.register_buffer('n', torch.tensor([1, 2, 3]), persistent=False)
        self.register_buffer('c', torch.zeros(2, dtype=torch.complex64))
        self.register_buffer('p', torch.polar(torch.ones(4, 2), torch.zeros(4, 2)))
        self.t = torch.zeros(3)
        pe = torch.zeros(20, 6)
        pos = torch.arange(0, 20).unsqueeze(1)
        div = torch.exp(torch.arange(0, 6, 2) * -(math.log(10000.0) / 6))
        pe[:, 0::2] = torch.sin(pos * div); pe[:, 1::2] = torch.cos(pos * div)
        self.register_buffer('pe', pe.unsqueeze(0).transpose(0, 1))
        self.register_buffer('mg', torch.stack(torch.meshgrid(torch.arange(3), torch.arange(4), indexing='ij')).flatten(1))
        self.register_buffer('oh', F.one_hot(torch.arange(5), 7))
        self.register_buffer('cat', torch.cat([torch.ones(2, 3), torch.ones(4, 3)], 0)[1:, None])
        self.register_buffer('ix', torch.ones(4, 5)[torch.tensor([0, 2])])
        self.register_buffer('mask', torch.triu(torch.full((4, 4), float('-inf')), diagonal=1))
        self.register_buffer('lin', torch.linspace(0, 1, 9)[None].expand(3, -1))
        self.register_buffer('np', torch.from_numpy(__import__('numpy').hanning(5)).float())
        self.register_buffer('num', torch.tensor(3.5))
        self.register_buffer('e', torch.einsum('ij,jk->ik', torch.ones(2, 3), torch.ones(3, 5)))
class _Meta(type):
    def __call__(cls, *a, **k):
        o = super().__call__(*a, **k)
        o.post()
        return o
class WithMeta(nn.Module, metaclass=_Meta):
    def __init__(self, n=4):
        super().__init__()
        self.n = n
    def post(self):
        self.fc = nn.Linear(self.n, self.n)
class New(nn.Module):
    def __new__(cls, *a, **k):
        o = super().__new__(cls)
        return o
    def __init__(self, n=3):
        nn.Module.__init__(self)
        self.add_module('x', nn.Linear(n, n))
class _Slots:
    __slots__ = ('d', 'h')
    def __init__(self, d, h):
        self.d, self.h = d, h
def c9(cfg=_Slots(4, 2)):
    return nn.MultiheadAttention(cfg.d * cfg.h, cfg.h, kdim=3, vdim=5, add_bias_kv=True)
def d1():
    return functools.reduce(lambda s, l: nn.Sequential(s, l), [nn.Linear(i, i + 1) for i in range(1, 4)])
def d2():
    m = nn.Sequential()
    for i, (a, b) in enumerate(itertools.pairwise([3, 4, 5]) if hasattr(itertools, 'pairwise') else zip([3, 4], [4, 5])):
        m.add_module(f'l{i}', nn.Linear(a, b))
        m.append(nn.GELU())
    return m
def d3():
    m = nn.GRU(4, 8, 2, batch_first=True, bias=False, bidirectional=True)
    for n in [n for n, _ in m.named_parameters() if 'hh' in n]:
        delattr(m, n); m.register_parameter(n + '_raw', nn.Parameter(torch.zeros(2)))
    return m
def d4():
    base = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    out = nn.Module()
    for n, c in base.named_children():
        setattr(out, 'm' + n, c)
    out.again = base[0]
    return out
def d5():
    m = nn.Bilinear(3, 4, 5); m2 = nn.PReLU(7); m3 = nn.AdaptiveLogSoftmaxWithLoss(16, 100, cutoffs=[10, 30], div_value=2.0, head_bias=True)
    return nn.ModuleList([m, m2, m3, nn.EmbeddingBag(5, 6, mode='sum'), nn.Conv1d(4, 8, 3, groups=2, padding_mode='circular'), nn.ConvTranspose3d(2, 4, 3, groups=2, bias=False), nn.GroupNorm(2, 8, affine=False), nn.InstanceNorm2d(5, affine=True, track_running_stats=True), nn.BatchNorm1d(3, track_running_stats=False), nn.LayerNorm([3, 4], elementwise_affine=True), nn.SyncBatchNorm(3), nn.LazyBatchNorm1d() if False else nn.LocalResponseNorm(2)])
def d6():
    m = nn.Sequential(nn.Linear(3,4), nn.BatchNorm1d(4))
    m = nn.SyncBatchNorm.convert_sync_batchnorm(m)
    return m
def d7():
    m = nn.Linear(4, 4)
    return spectral_norm(m)
def d8():
    return parametrizations.spectral_norm(nn.Conv2d(3, 5, 3))
def d9():
    return torch.jit.script(nn.Linear(3, 4))
def e1():
    return torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(3, 4)), {nn.Linear}, dtype=torch.qint8)
def e2():
    m = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 4)); m.requires_grad_(False); m[1].weight.requires_grad = True
    return m
def e3():
    m = nn.Linear(3, 4)
    m.weight.data = m.weight.data.half()
    return m
def e4():
    m = nn.Linear(3, 4).to('meta')
    return m
def e5():
    m = nn.LazyLinear(5); m(torch.zeros(2, 7)); return m
def e6():
    return torch.nn.utils.skip_init(nn.Linear, 5, 6)
def e7():
    return torch.fx.symbolic_trace(nn.Sequential(nn.Linear(2, 3), nn.ReLU()))
def e8():
    m = nn.Sequential(nn.Linear(2, 3), nn.ReLU()); m.train(False); m.zero_grad(); m.share_memory(); m.name = 'x'
    m.to_empty(device='cpu')
    return m
class Prop(nn.Module):
    def __init__(self, dims=(3, 4, 5)):
        super().__init__()
        self.dims = dims
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(self.dims, self.dims[1:]))
        self.head = nn.Linear(self.out, self.out // 2)
    @property
    def out(self):
        return self.layers[-1].out_features
    @classmethod
    def big(cls, *, k=2):
        return cls(tuple(d * k for d in (3, 4, 5)))
    @functools.cached_property
    def cp(self):
        return 5
class Mixin:
    def build(self):
        self.mixed = nn.Linear(self.cp, 1)
class Child(Mixin, Prop):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.build()
def e9():
    m = Child(dims=[1, 2]); m.mixed.bias.data = torch.zeros(99); return m
