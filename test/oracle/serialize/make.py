"""Saves a few hundred dictionaries with the PyTorch that runs it and records their structure and the bytes of the file.

Usage: python make.py OUT.json [--zoo | --large]     (once per PyTorch; then combine.py OUT.json... )
The same seed gives the same cases under every version. --zoo adds real models; --large instead writes files of
several GiB, one at a time, into the folder that ORACLE_TMP names.
"""
import json, os, random, sys, tempfile, warnings
from collections import OrderedDict
import torch
from torch import nn

warnings.simplefilter('ignore')
VERSION = torch.__version__.split('+')[0].replace('1.13.0a0', '1.13.1')
LEGACY = ['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool', 'complex128', 'complex64']
NEW = ['uint16', 'uint32', 'uint64', 'complex32', 'float8_e4m3fn', 'float8_e5m2', 'float8_e4m3fnuz', 'float8_e5m2fnuz']
FILES = ['model.pt', 'a', 'resnet50-0676ba61.pth', 'a.b.c.pth', 'sub/dir.x/foo', 'weights', 'x' * 60 + '.ckpt', 'a b.pt', 'm.', 'archive.pt', '..pt', 'checkpoint-000123.bin',
         'mod\u00e8le.pt', '\u6a21\u578b.pt', '\U0001f525.pt']


def storage_of(tensor):
    if hasattr(tensor, 'untyped_storage'):
        s = tensor.untyped_storage()
        return s._cdata, s.nbytes()
    s = tensor.storage()
    if hasattr(s, 'nbytes'):
        inner = getattr(s, '_storage', s)
        return inner._cdata, s.nbytes()
    return s._cdata, s.size() * s.element_size()


def structure(dictionary):
    storages, entries = {}, []
    for name, tensor in dictionary.items():
        key, size = storage_of(tensor)
        index = storages.setdefault(key, len(storages))
        stride = list(tensor.stride())
        entries.append([name, list(tensor.shape), str(tensor.dtype)[6:], index, size, tensor.storage_offset(), stride, int(isinstance(tensor, nn.Parameter))])
    return entries


def record(out, name, dictionary, file):
    with tempfile.TemporaryDirectory(dir=os.environ.get('ORACLE_TMP')) as folder:
        path = os.path.join(folder, file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            torch.save(dictionary, path)
        except Exception as error:
            out.append({'case': name, 'file': file, 'refused': str(error)[:80]})
            return
        metadata = getattr(dictionary, '_metadata', None)
        form = 'state-dict' if metadata is not None else 'ordered' if isinstance(dictionary, OrderedDict) else 'plain'
        versions = [[k, v['version']] for k, v in metadata.items()] if metadata is not None else []
        assert metadata is None or all(list(v) == ['version'] for v in metadata.values()), name
        out.append({'case': name, 'file': file, 'form': form, 'entries': structure(dictionary), 'versions': versions, 'bytes': os.path.getsize(path)})


def dtype_of(rng):
    return getattr(torch, rng.choice(LEGACY)) if rng.random() < .4 else torch.float32


def word(rng):
    kind = rng.random()
    letters = 'abcdefghijklmnopqrstuvwxyz_'
    if kind < .6: return ''.join(rng.choice(letters) for _ in range(rng.randint(2, 12)))
    if kind < .7: return str(rng.randint(0, 12))
    if kind < .8: return rng.choice(letters)
    if kind < .85: return rng.choice(['\u00e9', '\u00fc\u00df', '\u6a21\u578b', '\u03b1', '\U0001f525', 'na\u00efve'])
    if kind < .9: return ''.join(rng.choice(letters) for _ in range(rng.randint(100, 400)))
    return rng.choice(['weight', 'bias', 'version', 'storage', 'cpu', '_metadata', 'training_', 'conv1', 'fc', 'features'])


def shape_of(rng):
    dims = rng.choice([0, 1, 1, 1, 2, 2, 2, 3, 4, 5])
    return [rng.choice([0, 1, 1, 2, 3, 5, 7]) if dims > 1 and rng.random() < .8 else rng.choice([1, 3, 255, 256, 257, 300, 65535, 65536, 70000] if dims == 1 else [1, 2, 3, 255, 256, 300]) for _ in range(dims)]


def make_tensor(rng):
    shape = shape_of(rng)
    total = 1
    for s in shape: total *= s
    if total > 3000000: shape = shape[:2]
    dtype = dtype_of(rng)
    kind = rng.random()
    t = torch.zeros(shape, dtype=dtype)
    if kind < .1 and len(shape) > 1: t = t.transpose(0, 1)
    elif kind < .15 and len(shape): t = t[: max(1, shape[0] // 2)]
    elif kind < .2 and len(shape) and shape[0] > 1: t = t[1:]
    elif kind < .23: t = t.unsqueeze(0).expand([3] + shape)
    elif kind < .26: t = t.unsqueeze(0)
    elif kind < .28 and len(shape) == 4: t = t.contiguous(memory_format=torch.channels_last)
    return t


class Custom(nn.Module):
    pass


class Versioned(nn.Module):
    _version = 300


def random_module(rng, pool, depth, root=False):
    module = rng.choice([Custom, Custom, Custom, Versioned, nn.Sequential])()
    for _ in range(rng.randint(0, 4)):
        name = word(rng)
        if root and name in ('storage', 'cpu', 'version', '_metadata'): name += '_'
        if hasattr(module, name) or '.' in name: continue
        kind = rng.random()
        if kind < .15 and pool:
            module.register_parameter(name, rng.choice(pool))
        elif kind < .2 and pool:
            base = rng.choice(pool)
            module.register_buffer(name, base.detach().reshape(-1)[:1] if base.is_contiguous() and base.numel() else base.detach())
        elif kind < .6:
            tensor = make_tensor(rng)
            parameter = nn.Parameter(tensor, requires_grad=(tensor.is_floating_point() or tensor.is_complex()) and rng.random() < .7)
            pool.append(parameter)
            module.register_parameter(name, parameter)
        else:
            module.register_buffer(name, make_tensor(rng), persistent=rng.random() < .8)
    if depth > 0:
        for _ in range(rng.randint(0, 4)):
            name = word(rng)
            if hasattr(module, name) or '.' in name: continue
            kind = rng.random()
            if kind < .6: child = random_module(rng, pool, depth - 1)
            elif kind < .7: child = nn.Linear(rng.randint(1, 40), rng.randint(1, 300), bias=rng.random() < .5)
            elif kind < .8: child = nn.BatchNorm2d(rng.randint(1, 300))
            elif kind < .85: child = nn.Conv2d(2, rng.randint(1, 20), 3)
            elif kind < .9: child = nn.LSTM(3, 4, 2)
            elif kind < .95: child = nn.MultiheadAttention(8, 2)
            else: child = nn.InstanceNorm1d(4, affine=True, track_running_stats=True)
            module.add_module(name, child)
    return module


def bushy(width, depth):
    module = nn.Sequential()
    for i in range(width):
        inner = nn.Linear(1, 1)
        for _ in range(depth): inner = nn.Sequential(inner)
        module.add_module(str(i), inner)
    return module


class Many(nn.Module):
    def __init__(self, count, prefix='p'):
        super().__init__()
        for i in range(count): self.register_parameter(prefix + str(i), nn.Parameter(torch.zeros(1)))


def large(out):
    GIB = 1 << 30
    for name, sizes in (('numel', [(1 << 31) - 1]), ('numel2', [1 << 31]), ('past', [5 * GIB, 10, 20]), ('offset', [3 * GIB, 2 * GIB, 7, 9]), ('edge', [(1 << 32) - 1, 5]), ('edge2', [(1 << 32) - 2, 5]), ('two', [5 * GIB, 5 * GIB, 1])):
        record(out, 'large-' + name, {'t%d' % i: torch.empty(s, dtype=torch.uint8) for i, s in enumerate(sizes)}, 'l.pt')


def small(out):
    torch.manual_seed(0)
    rng = random.Random(20)
    for n in range(200):
        module = random_module(rng, [], rng.randint(0, 4), root=True)
        state = module.state_dict()
        record(out, 'random-%d' % n, state, FILES[n % len(FILES)])
        if n % 4 == 0:
            record(out, 'ordered-%d' % n, OrderedDict(state), 'model.pt')
            record(out, 'plain-%d' % n, dict(state), 'model.pt')
            record(out, 'half-%d' % n, {k: v.half() if v.is_floating_point() else v for k, v in state.items()}, 'half.pt')
        if n % 10 == 0:
            record(out, 'keep-vars-%d' % n, dict(module.state_dict(keep_vars=True)), 'model.pt')
    record(out, 'empty', Custom().state_dict(), 'model.pt')
    record(out, 'empty-dict', {}, 'model.pt')
    for file in FILES:
        record(out, 'linear', nn.Linear(2, 3).state_dict(), file)
    for count in (1, 2, 30, 31, 32, 33, 255, 256, 999, 1000, 1001, 1002, 2000, 2001):
        record(out, 'many-%d' % count, Many(count).state_dict(), 'model.pt')
        record(out, 'many-dict-%d' % count, dict(Many(count).state_dict()), 'model.pt')
    for count in (1, 9, 10, 11, 99, 100, 101, 499, 500, 501, 999, 1000, 1001):
        record(out, 'children-%d' % count, bushy(count, 1).state_dict(), 'model.pt')
    record(out, 'deep', bushy(2, 60).state_dict(), 'model.pt')
    record(out, 'keys-20000', Many(20000, 'layer_').state_dict(), 'model.pt')
    for size in (254, 255, 256, 65535, 65536, 65537, 1 << 20, 1 << 24, (1 << 31) // 8):
        for dtype in ('uint8', 'float32'):
            if dtype == 'uint8' or size < 1 << 25: record(out, 'size-%d-%s' % (size, dtype), {'t': torch.zeros(size, dtype=getattr(torch, dtype))}, 's.pt')
    for dtype in LEGACY + NEW:
        if hasattr(torch, dtype):
            record(out, 'dtype-' + dtype, {'t': torch.empty((2, 3), dtype=getattr(torch, dtype)), 'u': torch.empty((), dtype=getattr(torch, dtype))}, 'd.pt')
    for words in (['a.b', 'x.storage', 'x.cpu', 'x.version'], ['a', 'b', 'c'], ['\u00e9', '\u6a21.\u578b', 'a.\U0001f525']):
        record(out, 'words', OrderedDict((w, torch.zeros(2)) for w in words), 'w.pt')
    shared = nn.Parameter(torch.zeros(4, 4))
    record(out, 'same-object', {'a': shared, 'b': shared, 'c': shared.data, 'd': shared.detach()}, 'w.pt')
    if '--zoo' in sys.argv:
        import torchvision
        for name in ('resnet18', 'mobilenet_v3_small', 'densenet121', 'googlenet', 'vit_b_16', 'swin_t', 'efficientnet_b0', 'shufflenet_v2_x0_5', 'squeezenet1_0', 'convnext_tiny'):
            record(out, 'zoo-' + name, torchvision.models.get_model(name, weights=None).state_dict(), name + '.pth')


def main():
    out = []
    (large if '--large' in sys.argv else small)(out)
    with open(sys.argv[1], 'w') as file:
        json.dump({'torch': VERSION, 'python': sys.version.split()[0], 'cases': out}, file, separators=(',', ':'))
    print(VERSION, len(out), sum('refused' in c for c in out))


main()
