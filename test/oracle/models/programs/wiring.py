"""Generative, sparse and adapted models as people write them: mixtures of experts, U-Nets, GANs, VAEs, LoRA, EMA."""
import copy
import json
import math
from collections import OrderedDict, defaultdict
from dataclasses import asdict, dataclass, field, fields, replace
from enum import Enum
from functools import partial
from types import SimpleNamespace
from typing import Dict, List, Optional, Tuple, Union

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class _MoEConfig:
    dim: int = 64
    hidden: Optional[int] = None
    experts: int = 4
    shared: int = 1
    top_k: int = 2
    layers: int = 3
    dense_layers: Tuple[int, ...] = (0,)
    norm: str = 'rms'

    def __post_init__(self):
        if self.hidden is None:
            self.hidden = int(2 * (4 * self.dim) / 3)
            self.hidden = 16 * ((self.hidden + 15) // 16)


class _RMS(nn.Module):
    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps


class _Swiglu(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.w1, self.w2, self.w3 = (nn.Linear(a, b, bias=False) for a, b in ((dim, hidden), (hidden, dim), (dim, hidden)))


class _Gate(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.weight = nn.Parameter(torch.empty((cfg.experts, cfg.dim)))
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        self.register_buffer('expert_bias', torch.zeros(cfg.experts), persistent=True)
        self.register_buffer('load', torch.zeros(cfg.experts, dtype=torch.int64), persistent=False)


class _MoE(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.gate = _Gate(cfg)
        self.experts = nn.ModuleList([_Swiglu(cfg.dim, cfg.hidden // cfg.top_k) for _ in range(cfg.experts)])
        self.shared_experts = _Swiglu(cfg.dim, cfg.shared * cfg.hidden) if cfg.shared else None


class MoETransformer(nn.Module):
    def __init__(self, cfg: Optional[_MoEConfig] = None, **overrides):
        super().__init__()
        cfg = replace(cfg or _MoEConfig(), **overrides)
        norms = {'rms': _RMS, 'layer': nn.LayerNorm}
        self.embed = nn.Embedding(1000, cfg.dim)
        self.blocks = nn.ModuleDict()
        for i in range(cfg.layers):
            ffn = _Swiglu(cfg.dim, cfg.hidden) if i in cfg.dense_layers else _MoE(cfg)
            self.blocks[f'block_{i:02d}'] = nn.ModuleDict({'attn': nn.MultiheadAttention(cfg.dim, 4, bias=False, batch_first=True), 'ffn': ffn, 'norm': norms[cfg.norm](cfg.dim)})
        self.head = nn.Linear(cfg.dim, 1000, bias=False)
        self.head.weight = self.embed.weight


def moe_with_overrides():
    return MoETransformer(experts=6, layers=2, norm='layer', hidden=None)


class UNet(nn.Module):
    def __init__(self, channels=(3, 16, 32, 64), out_channels=2, bilinear=False):
        super().__init__()
        self.downs, self.ups, self.pool = nn.ModuleList(), nn.ModuleList(), nn.MaxPool2d(2)
        skips = []
        for a, b in zip(channels[:-1], channels[1:]):
            self.downs.append(self._double(a, b))
            skips.append(b)
        *skips, bottom = skips
        self.bottleneck = self._double(bottom, bottom * 2)
        current = bottom * 2
        for skip in [bottom] + skips[::-1]:
            self.ups.append(nn.ModuleList([nn.Upsample(scale_factor=2) if bilinear else nn.ConvTranspose2d(current, current // 2, 2, stride=2), self._double((current if bilinear else current // 2) + skip, skip)]))
            current = skip
        self.out = nn.Conv2d(current, out_channels, 1)

    @staticmethod
    def _double(a, b):
        return nn.Sequential(OrderedDict((f'{kind}{i}', layer) for i, (x, y) in enumerate([(a, b), (b, b)], 1) for kind, layer in (('conv', nn.Conv2d(x, y, 3, padding=1, bias=False)), ('bn', nn.BatchNorm2d(y)), ('relu', nn.ReLU(inplace=True)))))


def unet_bilinear():
    return UNet(bilinear=True)


class _ResBlock(nn.Module):
    def __init__(self, ch, out_ch=None, emb=None, up=False, down=False, use_conv=False, scale_shift=True):
        super().__init__()
        self.out_ch = out_ch or ch
        self.in_layers = nn.Sequential(nn.GroupNorm(8, ch), nn.SiLU(), nn.Conv2d(ch, self.out_ch, 3, padding=1))
        self.updown = up or down
        self.h_upd = nn.Upsample(scale_factor=2) if up else nn.AvgPool2d(2) if down else nn.Identity()
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(emb, 2 * self.out_ch if scale_shift else self.out_ch))
        self.out_layers = nn.Sequential(nn.GroupNorm(8, self.out_ch), nn.SiLU(), nn.Dropout(p=0.), _zero(nn.Conv2d(self.out_ch, self.out_ch, 3, padding=1)))
        if self.out_ch == ch:
            self.skip = nn.Identity()
        elif use_conv:
            self.skip = nn.Conv2d(ch, self.out_ch, 3, padding=1)
        else:
            self.skip = nn.Conv2d(ch, self.out_ch, 1)


def _zero(module):
    for p in module.parameters():
        p.detach().zero_()
    return module


class _Attention(nn.Module):
    def __init__(self, ch, heads=1, head_channels=-1):
        super().__init__()
        if head_channels == -1:
            self.heads = heads
        else:
            assert ch % head_channels == 0, f'{ch} channels'
            self.heads = ch // head_channels
        self.norm = nn.GroupNorm(8, ch)
        self.qkv = nn.Conv1d(ch, ch * 3, 1)
        self.proj = _zero(nn.Conv1d(ch, ch, 1))


@dataclass(frozen=True)
class _DiffusionConfig:
    image_size: int = 32
    model_channels: int = 16
    out_channels: int = 6
    num_res_blocks: int = 2
    channel_mult: Tuple[int, ...] = (1, 2, 4)
    attention_resolutions: str = '16,8'
    num_head_channels: int = 8
    num_classes: Optional[int] = None

    @property
    def attention_ds(self):
        return tuple(self.image_size // int(r) for r in self.attention_resolutions.split(','))


class DiffusionUNet(nn.Module):
    def __init__(self, cfg=_DiffusionConfig()):
        super().__init__()
        c = cfg.model_channels
        emb = c * 4
        self.time_embed = nn.Sequential(nn.Linear(c, emb), nn.SiLU(), nn.Linear(emb, emb))
        if cfg.num_classes is not None:
            self.label_emb = nn.Embedding(cfg.num_classes, emb)
        ch = input_ch = int(cfg.channel_mult[0] * c)
        self.input_blocks = nn.ModuleList([nn.Sequential(nn.Conv2d(3, ch, 3, padding=1))])
        chans, ds = [ch], 1
        for level, mult in enumerate(cfg.channel_mult):
            for _ in range(cfg.num_res_blocks):
                layers = [_ResBlock(ch, int(mult * c), emb)]
                ch = int(mult * c)
                if ds in cfg.attention_ds:
                    layers.append(_Attention(ch, head_channels=cfg.num_head_channels))
                self.input_blocks.append(nn.Sequential(*layers))
                chans.append(ch)
            if level != len(cfg.channel_mult) - 1:
                self.input_blocks.append(nn.Sequential(_ResBlock(ch, emb=emb, down=True)))
                chans.append(ch)
                ds *= 2
        self.middle = nn.Sequential(_ResBlock(ch, emb=emb), _Attention(ch, 1), _ResBlock(ch, emb=emb))
        self.output_blocks = nn.ModuleList([])
        for level, mult in list(enumerate(cfg.channel_mult))[::-1]:
            for i in range(cfg.num_res_blocks + 1):
                ich = chans.pop()
                layers = [_ResBlock(ch + ich, int(c * mult), emb)]
                ch = int(c * mult)
                if ds in cfg.attention_ds:
                    layers.append(_Attention(ch, head_channels=cfg.num_head_channels))
                if level and i == cfg.num_res_blocks:
                    layers.append(_ResBlock(ch, emb=emb, up=True))
                    ds //= 2
                self.output_blocks.append(nn.Sequential(*layers))
        self.out = nn.Sequential(nn.GroupNorm(8, ch), nn.SiLU(), _zero(nn.Conv2d(input_ch, cfg.out_channels, 3, padding=1)))


def diffusion_conditional():
    return DiffusionUNet(replace(_DiffusionConfig(), num_classes=10, attention_resolutions='32,16', channel_mult=(1, 1.5, 2)))


class GAN(nn.Module):
    def __init__(self, img_shape=(1, 28, 28), latent=32):
        super().__init__()

        def block(a, b, normalize=True):
            layers = [nn.Linear(a, b)]
            if normalize:
                layers.append(nn.BatchNorm1d(b, 0.8))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            return layers
        import numpy as np
        self.generator = nn.Sequential(*block(latent, 128, normalize=False), *block(128, 256), nn.Linear(256, int(np.prod(img_shape))), nn.Tanh())
        self.discriminator = nn.Sequential(nn.Linear(int(np.prod(img_shape)), 64), nn.LeakyReLU(0.2, inplace=True), nn.Linear(64, 1), nn.Sigmoid())
        self.apply(self._init)

    def _init(self, m):
        classname = m.__class__.__name__
        if classname.find('Linear') != -1:
            nn.init.normal_(m.weight.data, 0.0, 0.02)
        elif classname.find('BatchNorm') != -1:
            nn.init.normal_(m.weight.data, 1.0, 0.02)
            nn.init.constant_(m.bias.data, 0)


def spectral_discriminator():
    sn = nn.utils.spectral_norm
    return nn.Sequential(sn(nn.Conv2d(3, 8, 4, 2, 1)), nn.LeakyReLU(), sn(nn.Conv2d(8, 16, 4, 2, 1), n_power_iterations=2), nn.Flatten(), sn(nn.Linear(16 * 8 * 8, 1)))


class ConvVAE(nn.Module):
    def __init__(self, in_channels=3, latent_dim=20, hidden_dims: List = None, size=32):
        super().__init__()
        modules = []
        if hidden_dims is None:
            hidden_dims = [8, 16, 32]
        for h_dim in hidden_dims:
            modules.append(nn.Sequential(nn.Conv2d(in_channels, out_channels=h_dim, kernel_size=3, stride=2, padding=1), nn.BatchNorm2d(h_dim), nn.LeakyReLU()))
            in_channels = h_dim
        self.encoder = nn.Sequential(*modules)
        with torch.no_grad():
            flat = self.encoder(torch.zeros(1, 3, size, size))
            self.shape = flat.shape[1:]
            n = flat.flatten(1).shape[1]
        self.fc_mu = nn.Linear(n, latent_dim)
        self.fc_var = nn.Linear(n, latent_dim)
        self.decoder_input = nn.Linear(latent_dim, math.prod(self.shape))
        hidden_dims.reverse()
        self.decoder = nn.Sequential(*[nn.Sequential(nn.ConvTranspose2d(hidden_dims[i], hidden_dims[i + 1], 3, 2, 1, output_padding=1), nn.BatchNorm2d(hidden_dims[i + 1])) for i in range(len(hidden_dims) - 1)])


class VectorQuantizer(nn.Module):
    def __init__(self, n=32, d=8, decay=0.99):
        super().__init__()
        embed = torch.randn(d, n)
        self.register_buffer('embed', embed)
        self.register_buffer('cluster_size', torch.zeros(n))
        self.register_buffer('embed_avg', embed.clone())
        self.register_buffer('initted', torch.tensor([not True]))
        self.codebook = nn.Embedding(n, d)
        self.codebook.weight.data.uniform_(-1 / n, 1 / n)
        self.codebook.requires_grad_(False)


class _LoRALinear(nn.Module):
    def __init__(self, base: nn.Linear, r=4, alpha=8, dropout=0.0):
        super().__init__()
        self.base = base
        self.base.weight.requires_grad = False
        if base.bias is not None:
            self.base.bias.requires_grad_(False)
        self.lora_A = nn.Parameter(base.weight.new_zeros((r, base.in_features)))
        self.lora_B = nn.Parameter(base.weight.new_zeros((base.out_features, r)))
        self.drop = nn.Dropout(dropout) if dropout > 0. else (lambda x: x)
        self.scaling = alpha / r


def _inject(model, targets, **kw):
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.Linear) and any(name.endswith(t) for t in targets):
            parent = model.get_submodule(name.rpartition('.')[0])
            setattr(parent, name.rpartition('.')[2], _LoRALinear(module, **kw))
    return model


class _Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.attn = nn.ModuleDict(dict(q_proj=nn.Linear(d, d), k_proj=nn.Linear(d, d, bias=False), v_proj=nn.Linear(d, d)))
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))


def lora_by_name():
    model = nn.Sequential(OrderedDict(layers=nn.Sequential(*[_Block(16) for _ in range(3)]), head=nn.Linear(16, 2)))
    for p in model.parameters():
        p.requires_grad = False
    _inject(model, ['q_proj', 'v_proj'], r=2)
    for n, p in model.named_parameters():
        if 'head' in n or 'lora_' in n:
            p.requires_grad = True
    return model


def lora_then_merged():
    model = _inject(nn.Sequential(_Block(8)), ('q_proj', '2'), r=3, dropout=.1)

    def merge(parent):
        for name, child in parent.named_children():
            if isinstance(child, _LoRALinear):
                child.base.weight.data += (child.lora_B @ child.lora_A) * child.scaling
                setattr(parent, name, child.base)
            else:
                merge(child)
    merge(model)
    return model


def ema_copy():
    class EMA(nn.Module):
        def __init__(self, model, decay=0.999):
            super().__init__()
            self.online = model
            self.ema = copy.deepcopy(model).eval()
            for p in self.ema.parameters():
                p.requires_grad_(False)
            self.register_buffer('updates', torch.tensor(0))
    return EMA(nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)))


def byol():
    online = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 4))
    target = copy.deepcopy(online)
    target.load_state_dict(online.state_dict())
    [p.requires_grad_(False) for p in target.parameters()]
    return nn.ModuleDict({'online': online, 'target': target, 'predictor': nn.Linear(4, 4)})


def tied_autoencoder():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.enc = nn.Linear(10, 4)
            self.dec = nn.Linear(4, 10, bias=False)
            self.dec.weight = nn.Parameter(self.enc.weight.t())
            self.bias = nn.Parameter(torch.zeros(10))
    return Tied()


def really_tied():
    m = nn.ModuleDict(dict(wte=nn.Embedding(50, 8), lm_head=nn.Linear(8, 50, bias=False)))
    m.lm_head.weight = m['wte'].weight
    m.copy = copy.deepcopy(m.lm_head)
    return m


class _Act(str, Enum):
    RELU = 'relu'
    GELU = 'gelu'
    PRELU = 'prelu'

    @property
    def layer(self):
        return {'relu': nn.ReLU, 'gelu': nn.GELU, 'prelu': partial(nn.PReLU, num_parameters=3)}[self.value]


def enum_config():
    return nn.Sequential(*[a.layer() for a in _Act], nn.Linear(len(_Act), _Act('gelu').value.count('g') + 1))


_REGISTRY = {}


def _register(name=None, *, version=1):
    def wrap(cls):
        key = (name or cls.__name__.lower(), version)
        assert key not in _REGISTRY
        _REGISTRY[key] = cls
        cls.registered = key
        return cls
    return wrap


@_register('mlp')
class _RegA(nn.Module):
    def __init__(self, *widths):
        super().__init__()
        for i, (a, b) in enumerate(zip(widths, widths[1:])):
            self.add_module(f'fc{i + 1}', nn.Linear(a, b))


@_register('mlp', version=2)
class _RegB(_RegA):
    def __init__(self, *widths, norm=nn.LayerNorm):
        super().__init__(*widths)
        self.norm = norm(widths[-1])


def by_registry():
    return nn.ModuleList([cls(4, 5, 6) for (_, v), cls in sorted(_REGISTRY.items(), key=lambda kv: -kv[0][1])])


class _Meta(type):
    layers = {}

    def __new__(mcs, name, bases, ns, width=8):
        cls = super().__new__(mcs, name, bases, ns)
        cls.width = width
        mcs.layers[name] = cls
        return cls

    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)

    def __call__(cls, *args, **kwargs):
        obj = super().__call__(*args, **kwargs)
        obj.post()
        return obj


class MetaModel(nn.Module, metaclass=_Meta, width=12):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(self.width, 2)

    def post(self):
        self.b = nn.Linear(type(self).width * 2, len(_Meta.layers))


_JSON = '{"layers": [{"type": "Conv2d", "args": [3, 8, 3], "kwargs": {"bias": false}}, {"type": "BatchNorm2d", "args": [8]}, {"type": "ReLU"}, {"type": "Flatten"}, {"type": "LazyLinear", "args": [5]}], "size": [3, 9, 9]}'


def from_json():
    cfg = json.loads(_JSON)
    net = nn.Sequential(*[getattr(nn, l['type'])(*l.get('args', []), **l.get('kwargs', {})) for l in cfg['layers']])
    net(torch.zeros(2, *cfg['size']))
    return net


def argparse_style():
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument('--arch', choices=['a', 'b'], default='b')
    parser.add_argument('--widths', nargs='+', type=int, default=[8, 16])
    parser.add_argument('--no-bias', dest='bias', action='store_false')
    parser.add_argument('--mult', type=float, default=1.5)
    group = parser.add_mutually_exclusive_group()
    group.add_argument('--fast', action='store_true')
    args, rest = parser.parse_known_args(['--widths', '4', '6', '10', '--no-bias', '--other', '3'])
    args.widths = [int(w * args.mult) for w in args.widths]
    cfg = SimpleNamespace(**vars(args))
    return nn.Sequential(*(nn.Linear(a, b, bias=cfg.bias) for a, b in zip(cfg.widths, cfg.widths[1:])))


def hydra_style():
    def instantiate(node, **extra):
        if isinstance(node, dict) and '_target_' in node:
            import importlib
            module, _, name = node['_target_'].rpartition('.')
            kwargs = {k: instantiate(v) for k, v in node.items() if not k.startswith('_')}
            args = [instantiate(a) for a in node.get('_args_', [])]
            target = getattr(importlib.import_module(module), name)
            if node.get('_partial_'):
                return partial(target, *args, **{**kwargs, **extra})
            return target(*args, **{**kwargs, **extra})
        if isinstance(node, list):
            return [instantiate(n) for n in node]
        return node
    cfg = {'_target_': 'torch.nn.Sequential', '_args_': [{'_target_': 'torch.nn.Linear', 'in_features': 5, 'out_features': 6}, {'_target_': 'torch.nn.TransformerEncoderLayer', 'd_model': 6, 'nhead': 2, 'dim_feedforward': 12, 'activation': {'_target_': 'torch.nn.GELU'}}]}
    return instantiate(cfg)
