"""Sizes that a dummy forward, torch or math computes."""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class CnnWithDummy(nn.Module):
    def __init__(self, shape=(1, 28, 28)):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(shape[0], 8, 5, stride=2), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True), nn.Conv2d(8, 16, (3, 2), padding='same'), nn.BatchNorm2d(16))
        n = self._get_conv_output(shape)
        self.fc = nn.Linear(n, 10)

    def _get_conv_output(self, shape):
        with torch.no_grad():
            x = torch.autograd.Variable(torch.rand(1, *shape))
            x = self._forward_features(x)
            return int(np.prod(x.size()))

    def _forward_features(self, x):
        x = F.relu(self.features(x))
        return F.adaptive_avg_pool2d(F.max_pool2d(x, 2), (None, 2))


class AtariDqn(nn.Module):
    def __init__(self, obs=(4, 84, 84), actions=6, dueling=True):
        super().__init__()
        self.cnn = nn.Sequential(nn.Conv2d(obs[0], 32, 8, 4), nn.ReLU(), nn.Conv2d(32, 64, 4, 2), nn.ReLU(), nn.Conv2d(64, 64, 3, 1), nn.ReLU(), nn.Flatten())
        with torch.no_grad():
            n_flatten = self.cnn(torch.as_tensor(np.zeros(obs)[None]).float()).shape[1]
        self.linear = nn.Sequential(nn.Linear(n_flatten, 512), nn.ReLU())
        self.adv, self.val = nn.Linear(512, actions), nn.Linear(512, 1) if dueling else None


class ConvSizeByHand(nn.Module):
    def __init__(self, h=40, w=90):
        super().__init__()

        def out(size, k=5, s=2):
            return (size - (k - 1) - 1) // s + 1
        cw, ch = out(out(out(w))), out(out(out(h)))
        self.convs = nn.ModuleList(nn.Conv2d(i, o, 5, 2) for i, o in [(3, 4), (4, 8), (8, 8)])
        self.head = nn.Linear(cw * ch * 8, 2)


class Wave(nn.Module):
    def __init__(self, length=1000, depth=4):
        super().__init__()
        x = torch.zeros(2, 1, length)
        self.blocks = nn.ModuleList()
        c = 1
        for i in range(depth):
            block = nn.Sequential(nn.Conv1d(c, 2 ** (i + 2), 9, dilation=i + 1), nn.GLU(dim=1), nn.AvgPool1d(3, 2, count_include_pad=False))
            x = block(x)
            c = x.shape[1]
            self.blocks.append(block)
        b, c, l = x.shape
        self.rnn = nn.GRU(c, 7, num_layers=2, bidirectional=True, batch_first=True)
        y, h = self.rnn(x.transpose(1, 2))
        self.head = nn.Linear(y.size(-1) * l, h.shape[0])


class Dims3d(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv3d(1, 4, (3, 5, 5), (1, 2, 2), padding=(1, 2, 2))
        self.pool = nn.MaxPool3d((1, 2, 2))
        out = self.pool(self.conv(torch.randn(1, 1, 8, 33, 33)))
        self.proj = nn.Linear(out.numel() // out.size(0), 3)
        self.deconv = nn.ConvTranspose3d(4, 2, 3, stride=2, output_padding=1, padding=1)
        d = self.deconv(out)
        self.norm = nn.LayerNorm(list(d.shape[1:]))


class Patch(nn.Module):
    def __init__(self, img=224, patch=16, dim=48):
        super().__init__()
        img = (img, img) if isinstance(img, int) else img
        self.proj = nn.Conv2d(3, dim, patch, patch)
        self.grid = tuple(s // patch for s in img)
        n = math.prod(self.grid)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.randn(1, n + 1, dim) * .02)
        nn.init.trunc_normal_(self.pos, std=.02)
        self.register_buffer('index', torch.arange(n).unsqueeze(0).expand(2, -1))
        coords = torch.stack(torch.meshgrid(torch.arange(self.grid[0]), torch.arange(self.grid[1]), indexing='ij')).flatten(1)
        self.register_buffer('rel', (coords[:, :, None] - coords[:, None, :]).permute(1, 2, 0).sum(-1), persistent=False)


def logs():
    depth = math.ceil(math.log2(100))
    bits = (1000 - 1).bit_length()
    return nn.ModuleList([nn.Linear(2 ** i, 2 ** (i + 1)) for i in range(depth)] + [nn.Linear(bits, int(math.log2(1 << 20)))])


def numpy_widths():
    widths = np.linspace(16, 64, 4).astype(int)
    more = np.cumsum([1, 2, 3]).tolist()
    return nn.Sequential(*[nn.Linear(int(a), int(b)) for a, b in zip(widths[:-1], widths[1:])], nn.Linear(more[-1], int(np.ceil(7 / 2))))


def numpy_round():
    w = np.round(np.array([0.5, 1.5, 2.4]) * 8) / 8 * 8
    return nn.Linear(int(w.max()), int(w.sum()))


def regnet_widths():
    w_a, w_0, w_m, d, q = 36.44, 49, 2.49, 17, 8
    ws_cont = np.arange(d) * w_a + w_0
    ks = np.round(np.log(ws_cont / w_0) / np.log(w_m))
    ws = w_0 * np.power(w_m, ks)
    ws = (np.round(np.divide(ws, q)) * q).astype(int)
    stages, depths = np.unique(ws, return_counts=True)
    return nn.ModuleList([nn.Linear(int(w), int(dd)) for w, dd in zip(stages.tolist(), depths.tolist())])


def torch_widths():
    widths = torch.linspace(8, 32, 4).int().tolist()
    dpr = [x.item() for x in torch.linspace(0, 0.1, 5)]
    return nn.Sequential(*[nn.Linear(w, w) for w in widths], nn.Dropout(dpr[-1]), nn.Linear(torch.Size([2, 3, 4]).numel(), torch.tensor([3, 4]).prod().item()))


def shape_arithmetic():
    x = torch.zeros(2, 3, 8, 8)
    n, c, h, w = x.size()
    y = x.view(n, c, -1).permute(0, 2, 1).reshape(n * h, -1)
    z = torch.cat([y, y[:, :5]], dim=-1)
    q, k, v = torch.chunk(torch.zeros(4, 9), 3, dim=-1)
    return nn.ModuleList([nn.Linear(y.shape[-1], z.size(1)), nn.Linear(q.shape[1], (k @ v.t()).shape[0]), nn.Linear(F.unfold(x, 3).shape[1], F.pixel_shuffle(torch.zeros(1, 8, 2, 2), 2).shape[1])])


class FlattenByFunction(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 6, 5)
        self.b = nn.Conv2d(6, 16, 5)
        self.pool = nn.MaxPool2d(2, 2)
        x = torch.randn(32, 32).view(-1, 1, 32, 32).repeat(1, 3, 1, 1)
        self._to_linear = None
        self.convs(x)
        self.fc1 = nn.Linear(self._to_linear, 120)

    def convs(self, x):
        x = self.pool(F.relu(self.a(x)))
        x = self.pool(F.relu(self.b(x)))
        if self._to_linear is None:
            self._to_linear = x[0].shape[0] * x[0].shape[1] * x[0].shape[2]
        return x


def lazy_after_dry_run():
    net = nn.Sequential(nn.LazyConv2d(8, 3), nn.LazyBatchNorm2d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(10))
    net(torch.randn(2, 3, 12, 12))
    return net


def lazy_not_run():
    return nn.Sequential(nn.LazyLinear(4), nn.Linear(4, 2))


def lazy_transformer_dry_run():
    net = nn.Sequential(nn.LazyConv1d(12, 3, padding=1), nn.Flatten(1), nn.LazyLinear(3, bias=False))
    net.eval()
    with torch.no_grad():
        _ = net(torch.zeros(1, 5, 20))
    return net


def hook_sizes():
    sizes = []
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Conv2d(2, 5, 3, stride=2))
    handles = [m.register_forward_hook(lambda mod, inp, out: sizes.append(out.shape[1:])) for m in net]
    net(torch.zeros(1, 1, 20, 20))
    for h in handles:
        h.remove()
    return nn.ModuleList([nn.Linear(s.numel(), s[0]) for s in sizes])


def transformer_shapes():
    enc = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, 32, batch_first=True), 2)
    out = enc(torch.zeros(2, 7, 16))
    return nn.ModuleList([enc, nn.Linear(out.flatten(1).shape[1], 3)])


def interpolated():
    p = torch.randn(1, 14 * 14, 8)
    p = p.reshape(1, 14, 14, 8).permute(0, 3, 1, 2)
    p = F.interpolate(p, size=(20, 20), mode='bicubic', align_corners=False)
    p = p.permute(0, 2, 3, 1).flatten(1, 2)
    m = nn.Module()
    m.pos = nn.Parameter(p, requires_grad=False)
    return m


def einsum_shape():
    a = torch.einsum('bhid,bhjd->bhij', torch.zeros(1, 2, 3, 4), torch.zeros(1, 2, 5, 4))
    return nn.Linear(a.shape[-1], a.shape[-2])


def positional_encoding():
    class PE(nn.Module):
        def __init__(self, d_model=20, max_len=50):
            super().__init__()
            pe = torch.zeros(max_len, d_model)
            position = torch.arange(0, max_len, dtype=torch.float).unsqueeze(1)
            div_term = torch.exp(torch.arange(0, d_model, 2).float() * (-math.log(10000.0) / d_model))
            pe[:, 0::2] = torch.sin(position * div_term)
            pe[:, 1::2] = torch.cos(position * div_term)
            self.register_buffer('pe', pe.unsqueeze(0).transpose(0, 1))
    return PE()


def numpy_sinusoid():
    def angle(pos, i, d):
        return pos / np.power(10000, 2 * (i // 2) / d)
    table = np.array([[angle(p, i, 6) for i in range(6)] for p in range(10)])
    table[:, 0::2] = np.sin(table[:, 0::2])
    m = nn.Module()
    m.register_buffer('table', torch.FloatTensor(table).unsqueeze(0))
    return m


def anchors():
    base = np.array([1, 1, 16, 16]) - 1
    ratios = np.array([0.5, 1, 2])
    scales = 2 ** np.arange(3, 6)
    a = np.vstack([np.hstack((base[:2] * r, base[2:] * s)) for r in ratios for s in scales])
    m = nn.Conv2d(8, a.shape[0] * a.shape[1], 1)
    m.register_buffer('anchors', torch.from_numpy(a))
    return m
