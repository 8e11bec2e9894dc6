"""Quantizes a few hundred models with the PyTorch that runs it; records their layer trees and the bytes of the files.

Usage: python make.py OUT.json [--zoo]     (once per PyTorch; then combine.py OUT.json... )
Engines other than the default one are recorded as `dynamic-int8@ENGINE`. torchao is used where it is installed.
"""
import copy, json, os, random, sys, tempfile, warnings
import torch
from torch import nn

warnings.simplefilter('ignore')
try: import torch.ao.quantization as Q
except ImportError: import torch.quantization as Q
try:
    import torchao
    from torchao.quantization import Int8DynamicActivationInt8WeightConfig, Int8WeightOnlyConfig, quantize_
except ImportError: torchao = None

VERSION = torch.__version__.split('+')[0].replace('1.13.0a0', '1.13.1')
FILE = 'model.pt'


def public(cls):
    name = cls.__name__
    return 'torch.nn.' + name if getattr(nn, name, None) is cls else cls.__module__ + '.' + cls.__qualname__


def storage_of(t):
    if hasattr(t, 'untyped_storage'):
        s = t.untyped_storage()
        return s._cdata, s.nbytes() // t.element_size()
    s = t.storage()
    return getattr(s, '_storage', s)._cdata, s.size()


def tree(model):
    modules, tensors, storages, types, rows = {}, {}, {}, {}, []
    def tensor_of(t):
        if id(t) not in tensors:
            key, elements = storage_of(t)
            storage = storages.setdefault(key, len(storages))
            tensors[id(t)] = (len(rows), t)
            strides, stride = [], 1
            for length in reversed(t.shape):
                strides.insert(0, stride)
                stride *= max(length, 1)
            rows.append([storage, elements, t.storage_offset(), list(t.shape), 0 if strides == list(t.stride()) else list(t.stride()),
                         str(t.dtype)[6:], 'parameter' if isinstance(t, nn.Parameter) else 'buffer'])
        return tensors[id(t)][0]
    def node(name, m):
        number = modules.setdefault(id(m), len(modules))
        type_number = types.setdefault(type(m), len(types))
        own = [[n, tensor_of(p), 0] for n, p in m._parameters.items() if p is not None]
        own += [[n, tensor_of(b), 2 if n in m._non_persistent_buffers_set else 1] for n, b in m._buffers.items() if b is not None]
        return [number, name, type_number, m._version, own, [node(n, c) for n, c in m._modules.items() if c is not None]]
    root = node('', model)
    ancestry = [[public(c) for c in cls.__mro__ if issubclass(c, nn.Module)] for cls in types]
    return {'types': ancestry, 'tensors': rows, 'root': root}


def saved(state):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, FILE)
        torch.save(state, path)
        return os.path.getsize(path)


def attempt(out, name, make):
    try: out[name] = saved(make().state_dict())
    except Exception as error: out[name] = type(error).__name__


def static(model, engine):
    model = copy.deepcopy(model).eval()
    model.qconfig = Q.get_default_qconfig(engine)
    for m in model.modules():
        if isinstance(m, (nn.Embedding, nn.EmbeddingBag, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d, nn.PReLU)): m.qconfig = None
    return Q.convert(Q.prepare(model))


def ao(model, config):
    model = copy.deepcopy(model).eval()
    quantize_(model, config)
    return model


def record(cases, name, model):
    torch.backends.quantized.engine = default
    out = {}
    attempt(out, 'none', lambda: model)
    attempt(out, 'dynamic-int8', lambda: Q.quantize_dynamic(model))
    attempt(out, 'float16', lambda: copy.deepcopy(model).half())
    attempt(out, 'bfloat16', lambda: copy.deepcopy(model).bfloat16())
    attempt(out, 'static-int8', lambda: static(model, 'x86' if default in ('x86', 'onednn') and VERSION[0] == '2' else 'fbgemm'))
    attempt(out, 'embeddings', lambda: Q.quantize_dynamic(model, EMBEDDINGS))
    # A copy would give views storages of their own, which quantize_ itself does not.
    if torchao and name != 'Views':
        attempt(out, 'torchao-int8-weight', lambda: ao(model, Int8WeightOnlyConfig()))
        attempt(out, 'torchao-int8-dynamic', lambda: ao(model, Int8DynamicActivationInt8WeightConfig()))
    for engine in ('fbgemm', 'onednn', 'qnnpack'):
        if engine == default or engine not in torch.backends.quantized.supported_engines: continue
        torch.backends.quantized.engine = engine
        attempt(out, 'dynamic-int8@' + engine, lambda: Q.quantize_dynamic(model))
    torch.backends.quantized.engine = default
    cases.append(dict(case=name, bytes=out, **tree(model)))


EMBEDDINGS = {t: Q.default_dynamic_qconfig for t in (nn.Linear, nn.LSTM, nn.GRU, nn.LSTMCell, nn.RNNCell, nn.GRUCell)}
EMBEDDINGS.update({t: Q.float_qparams_weight_only_qconfig for t in (nn.Embedding, nn.EmbeddingBag)})
default = torch.backends.quantized.engine


class MyLinear(nn.Linear):
    pass


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(50, 16)
        self.body = nn.Linear(16, 16)
        self.head = nn.Linear(16, 50, bias=False)
        self.head.weight = self.emb.weight


class SharedBias(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 4), nn.Linear(4, 4), nn.LayerNorm(4)
        self.b.bias = self.a.bias
        self.c.bias = self.a.bias


class Views(nn.Module):
    def __init__(self):
        super().__init__()
        big = torch.randn(10, 8)
        self.first = nn.Linear(8, 4)
        self.first.weight = nn.Parameter(big[:4])
        self.second = nn.Parameter(big[4:])
        self.third = nn.Parameter(big[:, 0])
        self.register_buffer('fourth', big[0])
        self.register_buffer('fifth', self.fourth[2:])


class Tagger(nn.Module):
    def __init__(self, words, dim, hidden, layers, two, tags):
        super().__init__()
        self.embedding = nn.Embedding(words, dim)
        self.lstm = nn.LSTM(dim, hidden, layers, bidirectional=two)
        self.drop = nn.Dropout(.1)
        self.tag = nn.Linear(hidden * (2 if two else 1), tags)


class Small(nn.Module):
    """A small GPT with bare parameters."""
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(100, 32)
        self.pos = nn.Parameter(torch.zeros(1, 20, 32))
        self.blocks = nn.ModuleList(nn.ModuleDict({'ln': nn.LayerNorm(32), 'attn': nn.Linear(32, 96), 'proj': nn.Linear(32, 32), 'mlp': nn.Sequential(nn.Linear(32, 128), nn.GELU(), nn.Linear(128, 32))}) for _ in range(3))
        self.head = MyLinear(32, 100, bias=False)
        self.register_buffer('mask', torch.ones(20, 20).tril().bool(), persistent=False)


def leaf(rng):
    n = lambda: rng.choice([1, 2, 3, 5, 8, 17, 64, 255, 256, 300])
    b = lambda: rng.random() < .7
    return rng.choice([
        lambda: nn.Linear(n(), n(), bias=b()), lambda: nn.Linear(n(), n()), lambda: MyLinear(n(), n()),
        lambda: nn.Conv2d(n(), rng.choice([1, 8, 64]), 3, bias=b()), lambda: nn.Conv1d(4, 8, 3, groups=2), lambda: nn.Conv3d(2, 4, 1), lambda: nn.ConvTranspose2d(3, 5, 2),
        lambda: nn.BatchNorm1d(n()), lambda: nn.BatchNorm2d(n(), affine=b(), track_running_stats=b()), lambda: nn.LayerNorm(n()), lambda: nn.GroupNorm(2, 8), lambda: nn.InstanceNorm2d(4, affine=b()),
        lambda: nn.Embedding(n(), n()), lambda: nn.EmbeddingBag(n(), n()), lambda: nn.LSTM(n(), rng.choice([1, 7, 40]), rng.choice([1, 2, 3]), bidirectional=b()),
        lambda: nn.GRU(n(), rng.choice([2, 33]), rng.choice([1, 2]), bidirectional=b()), lambda: nn.RNN(n(), 4), lambda: nn.LSTMCell(n(), 9), lambda: nn.GRUCell(n(), 9), lambda: nn.RNNCell(n(), 9),
        lambda: nn.MultiheadAttention(16, 2, bias=b()), lambda: nn.MultiheadAttention(16, 4, kdim=8, vdim=6), lambda: nn.ReLU(), lambda: nn.Dropout(.5), lambda: nn.Bilinear(2, 3, 4), lambda: nn.PReLU(), lambda: nn.Hardswish(),
        lambda: nn.TransformerEncoderLayer(16, 2, 32), lambda: nn.TransformerDecoderLayer(16, 2, 32, batch_first=True)])()


def random_model(rng, depth):
    kids = []
    for _ in range(rng.randint(1, 5)):
        kids.append(random_model(rng, depth - 1) if depth > 0 and rng.random() < .4 else leaf(rng))
        if rng.random() < .08: kids.append(rng.choice(kids))
    if rng.random() < .7: return nn.Sequential(*kids)
    return nn.ModuleList(kids)


def main():
    torch.manual_seed(0)
    cases = []
    rng = random.Random(4)
    for make in [
        lambda: nn.Linear(10, 10), lambda: nn.Linear(1000, 1000), lambda: nn.Linear(3, 70000, bias=False), lambda: MyLinear(10, 10), lambda: nn.LSTM(256, 64), lambda: nn.LSTM(256, 64, 2, bidirectional=True),
        lambda: nn.LSTM(16, 16, bias=False), lambda: nn.LSTM(32, 64, proj_size=16), lambda: nn.LSTM(32, 64, 2, proj_size=16, bidirectional=True), lambda: nn.GRU(256, 64), lambda: nn.GRU(8, 8, 3, batch_first=True, dropout=.1), lambda: nn.RNN(8, 8), lambda: nn.LSTMCell(30, 20),
        lambda: nn.GRUCell(30, 20), lambda: nn.RNNCell(30, 20), lambda: nn.LSTMCell(3, 3, bias=False), lambda: nn.Embedding(100, 64), lambda: nn.EmbeddingBag(100, 64), lambda: nn.MultiheadAttention(64, 8),
        lambda: nn.TransformerEncoderLayer(64, 8), lambda: nn.Transformer(32, 4, 2, 2, 64), lambda: nn.Conv2d(3, 64, 7), lambda: nn.BatchNorm2d(64), lambda: nn.LayerNorm(64)]:
        model = make()
        record(cases, 'single', nn.Sequential(model))
        record(cases, 'root', model)
    one, block = nn.Linear(8, 8), nn.Sequential(nn.Linear(8, 8), nn.LSTM(8, 8))
    record(cases, 'shared-same-parent', nn.Sequential(one, nn.ReLU(), one))
    record(cases, 'shared-parents', nn.ModuleList([nn.Sequential(one), nn.Sequential(one, nn.Linear(8, 2))]))
    record(cases, 'shared-block', nn.Sequential(block, block))
    record(cases, 'shared-block-parents', nn.ModuleList([nn.Sequential(block), nn.Sequential(block)]))
    twice = nn.Sequential(one, one)
    record(cases, 'shared-twice', nn.ModuleList([nn.Sequential(twice), nn.Sequential(twice)]))
    for cls in (Tied, SharedBias, Views, Small): record(cases, cls.__name__, cls())
    record(cases, 'double', nn.Sequential(nn.Linear(4, 4).double()))
    record(cases, 'half', nn.Sequential(nn.Linear(4, 4).half(), nn.Conv2d(2, 2, 1)))
    record(cases, 'frozen', nn.Sequential(nn.Linear(4, 4).requires_grad_(False)))
    for args in ((100, 16, 24, 1, False, 5), (300, 20, 30, 2, True, 9), (1000, 64, 64, 3, True, 17)): record(cases, 'tagger', Tagger(*args))
    for n in range(160): record(cases, 'random-%d' % n, random_model(rng, rng.randint(0, 3)))
    record(cases, 'many', nn.Sequential(*[nn.Linear(2, 3) for _ in range(600)]))
    record(cases, 'many-cells', nn.Sequential(*[nn.LSTMCell(2, 3) for _ in range(120)]))
    if '--zoo' in sys.argv:
        import torchvision
        for name in ('alexnet', 'resnet18', 'mobilenet_v2', 'mobilenet_v3_small', 'densenet121', 'googlenet', 'vit_b_16', 'swin_t', 'efficientnet_b0', 'shufflenet_v2_x0_5', 'squeezenet1_0', 'convnext_tiny'):
            record(cases, 'zoo-' + name, torchvision.models.get_model(name, weights=None))
    with open(sys.argv[1], 'w') as file:
        json.dump({'torch': VERSION, 'engine': default, 'torchao': torchao.__version__ if torchao else None, 'cases': cases}, file, separators=(',', ':'))
    print(VERSION, default, len(cases))


main()
