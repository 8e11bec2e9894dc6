"""Records what saving tied weights does: whether safetensors refuses, and how many bytes copies cost (results/saves-VERSION.oracle.json).

Usage: python make.py
"""
import contextlib
import io
import json
import os
import sys
import tempfile

import torch
import torch.nn as nn

HEAD = '''
import copy
import torch
import torch.nn as nn
from collections import OrderedDict
from safetensors.torch import save, save_file, save_model


class Tied(nn.Module):
    def __init__(self, tie=True):
        super().__init__()
        self.embed = nn.Embedding(400, 16)
        self.body = nn.Linear(16, 16)
        self.out = nn.Linear(16, 400, bias=False)
        if tie:
            self.out.weight = self.embed.weight


model = Tied()
'''

PROGRAMS = [
    ('state_dict', 'torch.save(model.state_dict(), "m.pt")\n'),
    ('halves', 'torch.save({k: v.half() for k, v in model.state_dict().items()}, "m.pt")\n'),
    ('clones', 'torch.save({k: v.clone() for k, v in model.state_dict().items()}, "m.pt")\n'),
    ('on the processor already', 'torch.save({k: v.cpu() for k, v in model.state_dict().items()}, "m.pt")\n'),
    ('detached', 'torch.save({k: v.detach().cpu().contiguous() for k, v in model.state_dict().items()}, "m.pt")\n'),
    ('float already', 'torch.save({k: v.float() for k, v in model.state_dict().items()}, "m.pt")\n'),
    ('to bfloat16', 'torch.save(OrderedDict((k, v.to(torch.bfloat16)) for k, v in model.state_dict().items()), "m.pt")\n'),
    ('in a checkpoint', 'torch.save({"epoch": 1, "model": {k: v.detach().clone() for k, v in model.state_dict().items()}}, "m.pt")\n'),
    ('the model is cast', 'torch.save(model.half().state_dict(), "m.pt")\n'),
    ('deep copy', 'torch.save(copy.deepcopy(model.state_dict()), "m.pt")\n'),
    ('not tied', 'model = Tied(tie=False)\ntorch.save({k: v.half() for k, v in model.state_dict().items()}, "m.pt")\n'),
    ('best and last', 'best = {k: v.clone() for k, v in model.named_parameters()}\ntorch.save({"best": best, "last": dict(model.named_parameters())}, "m.pt")\n'),
    ('safetensors', 'save_file(model.state_dict(), "m.safetensors")\n'),
    ('safetensors, bytes', 'save(model.state_dict())\n'),
    ('safetensors, not tied', 'save_file(Tied(tie=False).state_dict(), "m.safetensors")\n'),
    ('safetensors, clones', 'save_file({k: v.clone() for k, v in model.state_dict().items()}, "m.safetensors")\n'),
    ('safetensors, one name left out', 'state = model.state_dict()\ndel state["out.weight"]\nsave_file(state, "m.safetensors")\n'),
    ('safetensors, model', 'save_model(model, "m.safetensors")\n'),
    ('safetensors, parts of one tensor', 'whole = torch.zeros(8, 4)\nsave_file({"a": whole[:4], "b": whole[4:]}, "m.safetensors")\n'),
    ('safetensors, overlapping parts', 'whole = torch.zeros(8, 4)\nsave_file({"a": whole[:5], "b": whole[4:]}, "m.safetensors")\n'),
    ('safetensors, expected', 'try:\n    save_file(model.state_dict(), "m.safetensors")\nexcept RuntimeError:\n    save_model(model, "m.safetensors")\n'),
    ('safetensors, shared layer', 'layer = nn.Linear(4, 4)\nsave_file(nn.Sequential(layer, nn.ReLU(), layer).state_dict(), "m.safetensors")\n'),
]


def tensor_bytes(path):
    """Bytes of all storages of a torch.save file, each once."""
    import zipfile
    with zipfile.ZipFile(path) as archive:
        return sum(one.file_size for one in archive.infolist() if '/data/' in one.filename)


def unique_bytes(value):
    """Bytes that would do if equal tensors of one dictionary shared a storage."""
    seen, total = set(), 0
    for one in value.values():
        if isinstance(one, dict):
            total += unique_bytes(one)
        elif torch.is_tensor(one):
            key = (one.dtype, tuple(one.shape), one.contiguous().view(torch.uint8).numpy().tobytes())
            if key not in seen:
                seen.add(key)
                total += one.untyped_storage().nbytes()
    return total


results = []
for name, program in PROGRAMS:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        torch.manual_seed(0)
        result = {'name': name, 'program': program, 'refused': False, 'extra': 0}
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(HEAD + program, 'program.py', 'exec'), {'__name__': '__main__'})
            if os.path.exists('m.pt'):
                result['extra'] = tensor_bytes('m.pt') - unique_bytes(torch.load('m.pt', weights_only=False))
        except RuntimeError as error:
            assert 'share memory' in str(error), error
            result['refused'] = True
        os.chdir('/')
    results.append(result)
version = torch.__version__.split('+')[0]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'results', f'saves-{version}.oracle.json')
with open(path, 'w') as f:
    json.dump({'torch': version, 'head': HEAD, 'programs': results}, f, indent=1)
    f.write('\n')
for one in results:
    print(one['name'], one['refused'], one['extra'])
sys.exit()
