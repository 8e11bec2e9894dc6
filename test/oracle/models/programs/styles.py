"""Models in the styles of well-known families: configuration tables, registries, genotypes, recursion, ties, adapters."""
import math, copy, json, re, os, sys
from abc import ABC, abstractmethod
from collections import namedtuple, defaultdict, OrderedDict
from dataclasses import dataclass, field, asdict, replace
from enum import Enum, IntEnum
from functools import partial, lru_cache, wraps
from itertools import chain, product, repeat, accumulate
from typing import *
import torch
from torch import nn, Tensor
import torch.nn.functional as F
from torch.nn.parameter import Parameter

# YOLO style: parse a dict with eval
_cfg = {'nc': 80, 'depth': 0.33, 'width': 0.25, 'backbone': [[-1, 1, 'Conv', [64, 6, 2, 2]], [-1, 1, 'Conv', [128, 3, 2]], [-1, 3, 'C3', [128]], [-1, 1, 'SPPF', [1024, 5]]], 'head': [[-1, 1, 'nn.Upsample', [None, 2, 'nearest']], [[-1, 2], 1, 'Concat', [1]], [-1, 3, 'C3', [256, False]]]}
def _autopad(k, p=None, d=1):
    if d > 1: k = d * (k - 1) + 1 if isinstance(k, int) else [d * (x - 1) + 1 for x in k]
    if p is None: p = k // 2 if isinstance(k, int) else [x // 2 for x in k]
    return p
class _Conv(nn.Module):
    default_act = nn.SiLU()
    def __init__(self, c1, c2, k=1, s=1, p=None, g=1, d=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(c1, c2, k, s, _autopad(k, p, d), groups=g, dilation=d, bias=False)
        self.bn = nn.BatchNorm2d(c2)
        self.act = self.default_act if act is True else act if isinstance(act, nn.Module) else nn.Identity()
class _Bneck(nn.Module):
    def __init__(self, c1, c2, shortcut=True, g=1, k=(3, 3), e=0.5):
        super().__init__()
        c_ = int(c2 * e)
        self.cv1 = _Conv(c1, c_, k[0], 1); self.cv2 = _Conv(c_, c2, k[1], 1, g=g); self.add = shortcut and c1 == c2
class _C3(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, g=1, e=0.5):
        super().__init__()
        c_ = int(c2 * e)
        self.cv1 = _Conv(c1, c_, 1, 1); self.cv2 = _Conv(c1, c_, 1, 1); self.cv3 = _Conv(2 * c_, c2, 1)
        self.m = nn.Sequential(*(_Bneck(c_, c_, shortcut, g, k=((1, 1), (3, 3)), e=1.0) for _ in range(n)))
class _SPPF(nn.Module):
    def __init__(self, c1, c2, k=5):
        super().__init__()
        c_ = c1 // 2
        self.cv1 = _Conv(c1, c_, 1, 1); self.cv2 = _Conv(c_ * 4, c2, 1, 1); self.m = nn.MaxPool2d(k, 1, k // 2)
class _Concat(nn.Module):
    def __init__(self, dimension=1):
        super().__init__(); self.d = dimension
def _parse(d, ch):
    layers, save, c2 = [], [], ch[-1]
    for i, (f, n, m, args) in enumerate(d['backbone'] + d['head']):
        m = {'Conv': _Conv, 'C3': _C3, 'SPPF': _SPPF, 'Concat': _Concat}.get(m) or getattr(nn, m[3:])
        n = n_ = max(round(n * d['depth']), 1) if n > 1 else n
        if m in {_Conv, _C3, _SPPF}:
            c1, c2 = ch[f], args[0]
            c2 = math.ceil(c2 * d['width'] / 8) * 8
            args = [c1, c2, *args[1:]]
            if m in {_C3}:
                args.insert(2, n); n = 1
        elif m is _Concat:
            c2 = sum(ch[x] for x in f)
        else:
            c2 = ch[f]
        m_ = nn.Sequential(*(m(*args) for _ in range(n))) if n > 1 else m(*args)
        t = str(m)[8:-2].replace('__main__.', '')
        np = sum(x.numel() for x in m_.parameters())
        m_.i, m_.f, m_.type, m_.np = i, f, t, np
        save.extend(x % i for x in ([f] if isinstance(f, int) else f) if x != -1)
        layers.append(m_)
        if i == 0: ch = []
        ch.append(c2)
    return nn.Sequential(*layers), sorted(save)
class Yolo(nn.Module):
    def __init__(self, cfg=_cfg, ch=3, nc=None):
        super().__init__()
        self.yaml = copy.deepcopy(cfg)
        if nc and nc != self.yaml['nc']: self.yaml['nc'] = nc
        self.model, self.save = _parse(self.yaml, ch=[ch])
        self.register_buffer('stride', torch.tensor([8.0, 16, 32]))
        self.anchors = [[10, 13, 16, 30], [30, 61]]
        a = torch.tensor(self.anchors[:1]).float().view(1, -1, 2)
        self.register_buffer('anchor_grid', a.clone().view(1, 1, -1, 1, 1, 2))

# Mamba style
class Mamba(nn.Module):
    def __init__(self, d_model=48, d_state=16, d_conv=4, expand=2, dt_rank='auto', dt_min=0.001, dt_max=0.1, conv_bias=True, bias=False, device=None, dtype=None):
        factory_kwargs = {'device': device, 'dtype': dtype}
        super().__init__()
        self.d_inner = int(expand * d_model)
        self.dt_rank = math.ceil(d_model / 16) if dt_rank == 'auto' else dt_rank
        self.in_proj = nn.Linear(d_model, self.d_inner * 2, bias=bias, **factory_kwargs)
        self.conv1d = nn.Conv1d(self.d_inner, self.d_inner, bias=conv_bias, kernel_size=d_conv, groups=self.d_inner, padding=d_conv - 1, **factory_kwargs)
        self.x_proj = nn.Linear(self.d_inner, self.dt_rank + d_state * 2, bias=False, **factory_kwargs)
        self.dt_proj = nn.Linear(self.dt_rank, self.d_inner, bias=True, **factory_kwargs)
        dt_init_std = self.dt_rank ** -0.5
        nn.init.uniform_(self.dt_proj.weight, -dt_init_std, dt_init_std)
        dt = torch.exp(torch.rand(self.d_inner, **factory_kwargs) * (math.log(dt_max) - math.log(dt_min)) + math.log(dt_min)).clamp(min=1e-4)
        inv_dt = dt + torch.log(-torch.expm1(-dt))
        with torch.no_grad():
            self.dt_proj.bias.copy_(inv_dt)
        self.dt_proj.bias._no_reinit = True
        A = torch.arange(1, d_state + 1, dtype=torch.float32, device=device).repeat(self.d_inner, 1).contiguous()
        self.A_log = nn.Parameter(torch.log(A)); self.A_log._no_weight_decay = True
        self.D = nn.Parameter(torch.ones(self.d_inner, device=device))
        self.out_proj = nn.Linear(self.d_inner, d_model, bias=bias, **factory_kwargs)

# RWKV style: parameters from numpy-less loops
class Rwkv(nn.Module):
    def __init__(self, n_embd=16, n_layer=4, layer_id=1):
        super().__init__()
        with torch.no_grad():
            r = layer_id / (n_layer - 1)
            decay = torch.ones(n_embd)
            for h in range(n_embd): decay[h] = -5 + 8 * (h / (n_embd - 1)) ** (0.7 + 1.3 * r)
            self.time_decay = nn.Parameter(decay)
            zigzag = torch.tensor([(i + 1) % 3 - 1 for i in range(n_embd)]) * 0.5
            self.time_first = nn.Parameter(torch.ones(n_embd) * math.log(0.3) + zigzag)
            x = torch.ones(1, 1, n_embd)
            for i in range(n_embd): x[0, 0, i] = i / n_embd
            self.mix = nn.Parameter(torch.pow(x, 1 - r))
        self.time_shift = nn.ZeroPad2d((0, 0, 1, -1))
        for n in 'krv': setattr(self, f'{n}_proj', nn.Linear(n_embd, n_embd, bias=False))

# StyleGAN2-ish
class _EqualLinear(nn.Module):
    def __init__(self, i, o, bias=True, bias_init=0, lr_mul=1):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i).div_(lr_mul))
        if bias: self.bias = nn.Parameter(torch.zeros(o).fill_(bias_init))
        else: self.bias = None
        self.scale = (1 / math.sqrt(i)) * lr_mul
def _make_kernel(k):
    k = torch.tensor(k, dtype=torch.float32)
    if k.ndim == 1: k = k[None, :] * k[:, None]
    k /= k.sum()
    return k
class _Up(nn.Module):
    def __init__(self, kernel, factor=2):
        super().__init__()
        kernel = _make_kernel(kernel) * (factor ** 2)
        self.register_buffer('kernel', kernel)
class Style(nn.Module):
    def __init__(self, size=32, style_dim=16, n_mlp=2, channel_multiplier=2, blur_kernel=[1, 3, 3, 1]):
        super().__init__()
        self.style = nn.Sequential(*[_EqualLinear(style_dim, style_dim, lr_mul=0.01) for _ in range(n_mlp)])
        self.channels = {4: 64, 8: 64, 16: 32, 32: 16 * channel_multiplier}
        self.input = nn.Parameter(torch.randn(1, self.channels[4], 4, 4))
        self.log_size = int(math.log(size, 2)); self.num_layers = (self.log_size - 2) * 2 + 1
        self.convs = nn.ModuleList(); self.noises = nn.Module(); self.ups = nn.ModuleList()
        in_c = self.channels[4]
        for layer_idx in range(self.num_layers):
            res = (layer_idx + 5) // 2
            self.noises.register_buffer(f'noise_{layer_idx}', torch.randn(1, 1, 2 ** res, 2 ** res))
        for i in range(3, self.log_size + 1):
            out = self.channels[2 ** i]
            self.convs.append(nn.Conv2d(in_c, out, 3)); self.convs.append(nn.Conv2d(out, out, 3)); self.ups.append(_Up(blur_kernel)); in_c = out
        self.n_latent = self.log_size * 2 - 2

# registry + decorators + config classes
_REG = {}
def _register(name=None):
    def deco(cls):
        @wraps(cls)
        def make(*a, **k): return cls(*a, **k)
        _REG[name or cls.__name__.lower()] = cls
        return cls
    return deco
@dataclass
class _BC:
    dims: Tuple[int, ...] = (8, 16, 32)
    act: str = 'gelu'
    drop: float = 0.1
    extra: Dict[str, Any] = field(default_factory=dict)
    @property
    def last(self): return self.dims[-1]
@dataclass
class _MC(_BC):
    heads: int = 4
    n_classes: Optional[int] = None
    def __post_init__(self): self.n_classes = self.n_classes or len(self.dims) * 10
@_register('tiny')
class Tiny(nn.Module):
    config_class = _MC
    ACT = {'gelu': nn.GELU, 'prelu': partial(nn.PReLU, num_parameters=3)}
    def __init__(self, config: Optional[_MC] = None, **overrides):
        super().__init__()
        self.cfg = replace(config or self.config_class(), **overrides)
        c = self.cfg
        mk = lambda i, o: nn.Sequential(OrderedDict([(f'lin', nn.Linear(i, o)), ('act', self.ACT[c.act]()), ('drop', nn.Dropout(c.drop))]))
        self.blocks = nn.ModuleList(map(mk, c.dims[:-1], c.dims[1:]))
        self.head = nn.Linear(c.last, c.n_classes) if c.n_classes > 0 else nn.Identity()
def f1(): return _REG['tiny'](act='prelu', dims=tuple(range(3, 9, 2)))
def f2(): return Tiny(_MC(**{k: v for k, v in asdict(_MC(heads=2)).items() if k != 'extra'}), n_classes=0)

# genotype namedtuple DARTS
_Geno = namedtuple('Geno', 'normal concat')
_G = _Geno(normal=[('sep_conv_3x3', 0), ('skip_connect', 1), ('dil_conv_5x5', 0), ('max_pool_3x3', 2)], concat=range(2, 4))
_OPS = {'none': lambda C, s: nn.Identity(), 'skip_connect': lambda C, s: nn.Identity() if s == 1 else nn.Conv2d(C, C, 1), 'sep_conv_3x3': lambda C, s: nn.Sequential(nn.Conv2d(C, C, 3, s, 1, groups=C, bias=False), nn.Conv2d(C, C, 1)), 'dil_conv_5x5': lambda C, s: nn.Conv2d(C, C, 5, s, 4, dilation=2), 'max_pool_3x3': lambda C, s: nn.Sequential(nn.MaxPool2d(3, s, 1), nn.BatchNorm2d(C, affine=False))}
class Darts(nn.Module):
    def __init__(self, C=8, layers=6, g=_G):
        super().__init__()
        self.cells = nn.ModuleList(); red = False
        for i in range(layers):
            if i in [layers // 3, 2 * layers // 3]: C *= 2; red = True
            else: red = False
            names, idx = zip(*g.normal)
            ops = nn.ModuleList()
            for name, index in zip(names, idx):
                ops += [_OPS[name](C, 2 if red and index < 2 else 1)]
            self.cells += [ops]
        self.mult = len(g.concat); self.fc = nn.Linear(C * self.mult, 10)

# EfficientNet string decoder
class Eff(nn.Module):
    S = ['r1_k3_s11_e1_i32_o16_se0.25', 'r2_k3_s22_e6_i16_o24_se0.25_noskip']
    def __init__(self, w=1.1, d=1.2):
        super().__init__()
        self.blocks = nn.ModuleList([])
        for s in self.S:
            o = {}
            for op in s.split('_'):
                sp = re.split(r'(\d.*)', op)
                if len(sp) >= 2: o[sp[0]] = sp[1]
            i, out = self.rf(int(o['i']), w), self.rf(int(o['o']), w)
            for _ in range(int(math.ceil(d * int(o['r'])))):
                mid = i * int(o['e'])
                self.blocks.append(nn.Sequential(nn.Conv2d(i, mid, 1, bias=False), nn.BatchNorm2d(mid, momentum=0.01, eps=1e-3), nn.Conv2d(mid, max(1, int(i * float(o['se']))), int(o['k']), stride=(int(o['s'][0]),)), nn.Conv2d(mid, out, 1)))
                i = out
    @staticmethod
    def rf(f, m, div=8):
        f *= m; n = max(div, int(f + div / 2) // div * div)
        if n < 0.9 * f: n += div
        return int(n)

# Swin window attention
class Swin(nn.Module):
    def __init__(self, dim=24, window_size=(7, 7), num_heads=3, depths=[2, 2], drop_path_rate=0.1):
        super().__init__()
        dpr = [x.item() for x in torch.linspace(0, drop_path_rate, sum(depths))]
        self.dp = [dpr[sum(depths[:i]):sum(depths[:i + 1])] for i in range(len(depths))]
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window_size[0] - 1) * (2 * window_size[1] - 1), num_heads))
        coords_h = torch.arange(window_size[0]); coords_w = torch.arange(window_size[1])
        coords = torch.stack(torch.meshgrid([coords_h, coords_w])); cf = torch.flatten(coords, 1)
        rc = (cf[:, :, None] - cf[:, None, :]).permute(1, 2, 0).contiguous()
        rc[:, :, 0] += window_size[0] - 1; rc[:, :, 1] += window_size[1] - 1; rc[:, :, 0] *= 2 * window_size[1] - 1
        self.register_buffer('relative_position_index', rc.sum(-1))
        nn.init.trunc_normal_(self.relative_position_bias_table, std=.02)
        H = W = 14; img_mask = torch.zeros((1, H, W, 1)); cnt = 0
        for h in (slice(0, -7), slice(-7, -3), slice(-3, None)):
            for w in (slice(0, -7), slice(-7, -3), slice(-3, None)):
                img_mask[:, h, w, :] = cnt; cnt += 1
        mw = img_mask.view(1, H // 7, 7, W // 7, 7, 1).permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, 7, 7, 1).view(-1, 49)
        am = mw.unsqueeze(1) - mw.unsqueeze(2)
        self.register_buffer('attn_mask', am.masked_fill(am != 0, float(-100.0)).masked_fill(am == 0, float(0.0)))
        if any(d > 0 for d in dpr): self.head = nn.Linear(dim * 2 ** (len(depths) - 1), 5)

class _Base(ABC, nn.Module):
    def __init__(self, **kw):
        super().__init__()
        for k, v in kw.items(): setattr(self, k, v)
        self._build()
        self.apply(self._init)
    @abstractmethod
    def _build(self): ...
    def _init(self, m):
        if isinstance(m, nn.Linear):
            nn.init.xavier_uniform_(m.weight)
            if m.bias is not None: nn.init.zeros_(m.bias)
class Impl(_Base):
    depth: int = 3
    def _build(self):
        for i in range(self.depth): self.add_module(f'l{i}', nn.Linear(4, 4, bias=bool(i % 2)))
        self.register_buffer('pos', torch.arange(self.depth).expand((1, -1)))
        self.register_buffer('tid', torch.zeros(self.pos.size(), dtype=torch.long), persistent=False)
def f3(): return Impl(depth=5, emb=nn.Embedding(3, 4))

# UNet recursion, ResNet w/ block.expansion, tied LM
class UBlock(nn.Module):
    def __init__(self, outer=4, inner=8, sub=None, depth=3):
        super().__init__()
        if depth > 0: sub = UBlock(inner, inner * 2, depth=depth - 1)
        down, up = [nn.Conv2d(outer, inner, 4, 2, 1)], [nn.ConvTranspose2d(inner * (2 if sub else 1), outer, 4, 2, 1), nn.Tanh()]
        model = down + ([sub] if sub is not None else []) + up
        self.model = nn.Sequential(*model)
class LM(nn.Module):
    def __init__(self, V=100, d=16, n=2):
        super().__init__()
        self.transformer = nn.ModuleDict(dict(wte=nn.Embedding(V, d), wpe=nn.Embedding(32, d), h=nn.ModuleList([nn.ModuleDict({'attn': nn.MultiheadAttention(d, 4, batch_first=True), 'mlp': nn.ModuleDict({'a': nn.Linear(d, 4 * d), 'b': nn.Linear(4 * d, d)})}) for _ in range(n)]), ln_f=nn.LayerNorm(d)))
        self.lm_head = nn.Linear(d, V, bias=False)
        self.transformer.wte.weight = self.lm_head.weight
        for pn, p in self.named_parameters():
            if pn.endswith('b.weight'): torch.nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * n))
        self.n_params = sum(p.numel() for p in self.parameters()) - self.transformer.wpe.weight.numel()
        self.check = nn.Linear(self.n_params % 97, 1)
class Experts(nn.Module):
    def __init__(self, E=4, d=8):
        super().__init__()
        e = nn.Linear(d, d)
        self.experts = nn.ModuleList(copy.deepcopy(e) for _ in range(E))
        self.same = nn.ModuleList([e] * E)
        self.stack = nn.Parameter(torch.stack([x.weight.detach().clone() for x in self.experts]))
        self.gate = nn.Linear(d, E, bias=False)
        for p in chain(self.experts[0].parameters(), self.gate.parameters()): p.requires_grad_(False)
class Lora(nn.Module):
    def __init__(self, base=None, r=4):
        super().__init__()
        self.base = base or nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2))
        for name, m in list(self.base.named_modules()):
            if isinstance(m, nn.Linear):
                m.requires_grad_(False)
                parent, _, child = name.rpartition('.')
                p = self.base.get_submodule(parent) if parent else self.base
                w = nn.Module(); w.orig = m; w.A = nn.Parameter(torch.empty(r, m.in_features)); w.B = nn.Parameter(m.weight.new_zeros((m.out_features, r)))
                setattr(p, child, w)
class Fourier(nn.Module):
    def __init__(self, d=3, m=8, scale=10.):
        super().__init__()
        self.register_buffer('B', torch.randn((m, d)) * scale)
        freqs = 2.0 ** torch.linspace(0., 5, steps=6); self.register_buffer('freqs', freqs, persistent=True)
        self.w = nn.ParameterList([nn.Parameter(torch.empty(d, i)) for i in (1, 2)])
        self.w0 = nn.Parameter(self.w[0].data.clone().requires_grad_()); self.t = nn.Parameter(torch.tensor(0.07).log()); self.ls = nn.Parameter(torch.ones([]) * np_log(1 / 0.07))
def np_log(x): return math.log(x)
class Tcn(nn.Module):
    def __init__(self, chans=(4, 8, 8), k=3):
        super().__init__()
        L = []
        for i, (a, b) in enumerate(zip(chans, chans[1:])):
            d = 2 ** i
            L += [nn.utils.weight_norm(nn.Conv1d(a, b, k, padding=(k - 1) * d, dilation=d)), nn.ReLU(), nn.Conv1d(a, b, 1) if a != b else None]
        self.net = nn.Sequential(*filter(None, L))
class Env(nn.Module):
    def __init__(self):
        super().__init__()
        n = int(os.environ.get('SURELY_NOT_SET_X', '8')) if False else 8
        self.fc = nn.Linear(n, len(json.loads('{"a": [1, 2, 3]}')['a']))
        self.k = nn.Linear(2, 2)
        self.v = nn.Linear(3, 3) if sys.version_info >= (3, 6) else None
        self.tv = nn.Linear(4, 4) if tuple(int(x) for x in torch.__version__.split('+')[0].split('a')[0].split('.')[:2]) >= (1, 10) else nn.Linear(5, 5)
        assert torch.is_tensor(self.fc.weight) and self.fc.weight.shape == (3, 8) and self.fc.weight.size(-1) == 8, 'x'
class Slice(nn.Module):
    def __init__(self):
        super().__init__()
        b = nn.Sequential(*[nn.Linear(i, i + 1) for i in range(1, 8)])
        self.s1, self.s2, *self.rest = b[:2], b[2:5], b[5], b[6]
        self.rr = nn.ModuleList(list(b.children())[:-1:2])
        *_, self.last = b
        self.n = nn.Sequential(*[copy.deepcopy(m) for m in reversed(b) if m.in_features % 2])
