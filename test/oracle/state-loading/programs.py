"""Programs that load checkpoints, for make.py: in each way that people write it."""

NET = '''
import argparse
import os
from collections import OrderedDict
from pathlib import Path
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, hidden=6, classes=3):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, hidden), nn.ReLU(), nn.Linear(hidden, hidden))
        self.head = nn.Linear(hidden, classes)


class Norms(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(5)
        self.plain = nn.LayerNorm(5)


class Tied(nn.Module):
    def __init__(self, tie=True):
        super().__init__()
        self.embed = nn.Embedding(8, 4)
        self.out = nn.Linear(4, 8, bias=False)
        if tie:
            self.out.weight = self.embed.weight

'''

LOAD = 'torch.load("net.pt")'


def _from(expression, model='Net()', after=''):
    return f'model = {model}\nmodel.load_state_dict({expression}{after})\n'


PROGRAMS = [
    ('fits', _from(LOAD)),
    ('fits, keywords', _from('torch.load("net.pt", map_location="cpu")', after=', strict=True')),
    ('wider', _from(LOAD, 'Net(hidden=7)')),
    ('wider, names not asked for', _from(LOAD, 'Net(hidden=7)', ', strict=False')),
    ('names not asked for by position', _from('torch.load("headless.pt")', after=', False')),
    ('more classes', _from(LOAD, 'Net(classes=5)')),
    ('file without head', _from('torch.load("headless.pt")')),
    ('file with more', _from('torch.load("extra.pt")')),
    ('file with more, not strict', _from('torch.load("extra.pt")', after=', strict=False')),
    ('parallel prefix', _from('torch.load("parallel.pt")')),
    ('parallel prefix cut off', 'state = torch.load("parallel.pt")\nmodel = Net()\nmodel.load_state_dict({k[len("module."):]: v for k, v in state.items()})\n'),
    ('parallel prefix replaced', 'state = torch.load("parallel.pt")\nmodel = Net()\nmodel.load_state_dict({k.replace("module.", ""): v for k, v in state.items()})\n'),
    ('parallel prefix, loop', 'state = torch.load("parallel.pt")\nclean = OrderedDict()\nfor k, v in state.items():\n    name = k[7:] if k.startswith("module.") else k\n    clean[name] = v\nmodel = Net()\nmodel.load_state_dict(clean)\n'),
    ('parallel prefix cut too short', 'state = torch.load("parallel.pt")\nmodel = Net()\nmodel.load_state_dict({k[6:]: v for k, v in state.items()})\n'),
    ('into DataParallel', _from('torch.load("parallel.pt")', 'nn.DataParallel(Net())')),
    ('plain into DataParallel', _from(LOAD, 'nn.DataParallel(Net())')),
    ('plain into the module of DataParallel', 'model = nn.DataParallel(Net())\nmodel.module.load_state_dict(torch.load("net.pt"))\n'),
    ('whole training state', _from('torch.load("training.pt")')),
    ('training state, its key', _from('torch.load("training.pt")["state_dict"]')),
    ('training state, its key, wider', _from('torch.load("training.pt")["state_dict"]', 'Net(8)')),
    ('training state, get', 'ckpt = torch.load("training.pt", map_location=torch.device("cpu"))\nstate = ckpt.get("state_dict", ckpt)\nmodel = Net()\nmodel.load_state_dict(state)\n'),
    ('model key or all', 'ckpt = torch.load("model_key.pt")\nstate = ckpt["model"] if "model" in ckpt else ckpt\nmodel = Net(classes=4)\nmodel.load_state_dict(state)\n'),
    ('configuration from the file', 'ckpt = torch.load("model_key.pt")\nmodel = Net(ckpt["config"]["hidden"])\nmodel.load_state_dict(ckpt["model"])\n'),
    ('configuration not from the file', 'ckpt = torch.load("model_key.pt")\nmodel = Net(ckpt["config"]["hidden"] + 1)\nmodel.load_state_dict(ckpt["model"])\n'),
    ('width from the tensors', 'state = torch.load("wide.pt")\nmodel = Net(state["body.0.weight"].shape[0])\nmodel.load_state_dict(state)\n'),
    ('head left out', 'state = torch.load("net.pt")\ndel state["head.weight"], state["head.bias"]\nmodel = Net(classes=9)\nmodel.load_state_dict(state, strict=False)\n'),
    ('head popped, strict', 'state = torch.load("net.pt")\nstate.pop("head.weight")\nmodel = Net()\nmodel.load_state_dict(state)\n'),
    ('what fits only', 'state = torch.load("wide.pt")\nmodel = Net()\nown = model.state_dict()\nfits = {k: v for k, v in state.items() if k in own and v.shape == own[k].shape}\nown.update(fits)\nmodel.load_state_dict(own)\n'),
    ('what has the name only', 'state = torch.load("wide.pt")\nmodel = Net()\nown = model.state_dict()\nown.update({k: v for k, v in state.items() if k in own})\nmodel.load_state_dict(own)\n'),
    ('a part of the model', 'model = Net()\nmodel.body.load_state_dict({k[5:]: v for k, v in torch.load("net.pt").items() if k.startswith("body.")})\n'),
    ('a part of the model, whole file', 'model = Net()\nmodel.body.load_state_dict(torch.load("net.pt"))\n'),
    ('new head before', 'model = Net()\nmodel.head = nn.Linear(6, 10)\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('new head after', 'model = Net()\nmodel.load_state_dict(torch.load("net.pt"))\nmodel.head = nn.Linear(6, 10)\n'),
    ('batch norm', _from('torch.load("norms.pt")', 'Norms()')),
    ('batch norm of old files', _from('torch.load("norms_old.pt")', 'Norms()')),
    ('batch norm, names lost', _from('OrderedDict((k, v) for k, v in torch.load("norms.pt").items() if "num_batches" not in k)', 'Norms()')),
    ('batch norm, counter deleted', 'state = torch.load("norms.pt")\ndel state["norm.num_batches_tracked"]\nmodel = Norms()\nmodel.load_state_dict(state)\n'),
    ('group norm for batch norm', 'model = Norms()\nmodel.norm = nn.GroupNorm(1, 5)\nmodel.load_state_dict(torch.load("norms.pt"))\n'),
    ('batch norm without statistics', 'model = Norms()\nmodel.norm = nn.BatchNorm1d(5, track_running_stats=False)\nmodel.load_state_dict(torch.load("norms.pt"))\n'),
    ('instance norm', 'model = Norms()\nmodel.norm = nn.InstanceNorm1d(5, affine=True)\nmodel.load_state_dict(torch.load("norms_old.pt"))\n'),
    ('scalar of old files', 'class Scale(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.scale = nn.Parameter(torch.tensor(1.0))\nmodel = Scale()\nmodel.load_state_dict(torch.load("scale.pt"))\n'),
    ('tied', _from('torch.load("tied.pt")', 'Tied()')),
    ('tied file, model not tied', _from('torch.load("tied.pt")', 'Tied(tie=False)')),
    ('tied, half of the names', _from('{"embed.weight": torch.load("tied.pt")["embed.weight"]}', 'Tied()')),
    ('buffer that is not saved', 'class More(Net):\n    def __init__(self):\n        super().__init__()\n        self.register_buffer("mask", torch.zeros(3), persistent=False)\nmodel = More()\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('buffer that is saved', 'class More(Net):\n    def __init__(self):\n        super().__init__()\n        self.register_buffer("mask", torch.zeros(3))\nmodel = More()\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('expected to fail', 'model = Net(9)\ntry:\n    model.load_state_dict(torch.load("net.pt"))\nexcept RuntimeError:\n    pass\n'),
    ('expected to fail, elsewhere', 'def attempt(model):\n    model.load_state_dict(torch.load("net.pt"))\ntry:\n    attempt(Net(9))\nexcept Exception as error:\n    print(error)\n'),
    ('saved first', 'model = Net(9)\ntorch.save(model.state_dict(), "fresh.pt")\nmodel.load_state_dict(torch.load("fresh.pt"))\n'),
    ('override of _load_from_state_dict', 'class Old(nn.Linear):\n    def _load_from_state_dict(self, state, prefix, *args):\n        state[prefix + "weight"] = state[prefix + "weight"][:, :2]\n        super()._load_from_state_dict(state, prefix, *args)\nmodel = Net()\nmodel.head = Old(2, 3)\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('override of load_state_dict', 'class Mine(Net):\n    def load_state_dict(self, state, strict=True):\n        return super().load_state_dict({k[7:]: v for k, v in state.items()}, strict)\nmodel = Mine()\nmodel.load_state_dict(torch.load("parallel.pt"))\n'),
    ('hook that renames', 'def rename(state, prefix, *args):\n    for key in list(state):\n        state[key.replace("module.", "")] = state.pop(key)\nmodel = Net()\nmodel._register_load_state_dict_pre_hook(rename)\nmodel.load_state_dict(torch.load("parallel.pt"))\n'),
    ('weight norm', 'model = Net()\nmodel.head = nn.utils.weight_norm(model.head)\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('spectral norm', 'model = Net()\nmodel.head = nn.utils.spectral_norm(model.head)\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('parametrized', 'model = Net()\nmodel.head = nn.utils.parametrizations.orthogonal(model.head)\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('half', 'model = Net().half()\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('in a loop', 'for hidden in (6, 7):\n    model = Net(hidden)\n    model.load_state_dict(torch.load("net.pt" if hidden == 6 else "wide.pt"))\n'),
    ('only when there', 'model = Net(5)\nif os.path.exists("net.pt"):\n    model.load_state_dict(torch.load("net.pt"))\n'),
    ('only when not there', 'model = Net(5)\nif not os.path.exists("net.pt"):\n    model.load_state_dict(torch.load("net.pt"))\n'),
    ('path from parts', 'model = Net(5)\nmodel.load_state_dict(torch.load(os.path.join(".", "net" + ".pt")))\n'),
    ('pathlib', 'model = Net(5)\nmodel.load_state_dict(torch.load(Path(".") / "net.pt"))\n'),
    ('in a function', 'def load(path):\n    model = Net(5)\n    model.load_state_dict(torch.load(path))\n    return model.eval()\nload("net.pt")\n'),
    ('in main', 'def main():\n    model = Net(5)\n    model.to("cpu").load_state_dict(torch.load("net.pt"))\n\nif __name__ == "__main__":\n    main()\n'),
    ('ternary on the class', 'kind = "wide"\nmodel = Net(7) if kind == "wide" else Net()\nmodel.load_state_dict(torch.load(f"{kind}.pt"))\n'),
    ('result is used', 'model = Net()\nmissing, unexpected = model.load_state_dict(torch.load("extra.pt"), strict=False)\nassert unexpected == ["extra"], unexpected\nresult = model.load_state_dict(torch.load("headless.pt"), strict=False)\nassert result.missing_keys == ["head.weight", "head.bias"]\n'),
    ('list of layers', 'model = nn.ModuleList([nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 6)])\nmodel.load_state_dict({k[5:]: v for k, v in torch.load("net.pt").items() if k.startswith("body")})\n'),
    ('list of layers, one more', 'model = nn.ModuleList([nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 6), nn.Linear(6, 6)])\nmodel.load_state_dict({k[5:]: v for k, v in torch.load("net.pt").items() if k.startswith("body")})\n'),
    ('sequential by name', 'model = nn.Sequential(OrderedDict(body=nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 6)), head=nn.Linear(6, 3)))\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('no such layer', 'model = nn.Sequential()\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('from a random number', 'import random\nmodel = Net(random.randint(6, 6))\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('copied first', 'import copy\nmodel = copy.deepcopy(Net(5))\nmodel.load_state_dict(torch.load("net.pt"))\n'),
    ('between models', 'a, b = Net(), Net(7)\na.load_state_dict(torch.load("net.pt"))\nb.load_state_dict(a.state_dict())\n'),
    ('transposed', 'state = torch.load("net.pt")\nstate["body.0.weight"] = state["body.0.weight"].t()\nmodel = Net()\nmodel.load_state_dict(state)\n'),
    ('grown', 'state = torch.load("net.pt")\nstate["head.weight"] = torch.cat([state["head.weight"], torch.zeros(1, 6)])\nstate["head.bias"] = torch.cat([state["head.bias"], torch.zeros(1)])\nmodel = Net(classes=4)\nmodel.load_state_dict(state)\n'),
    ('weights only, path in a variable', 'path = Path("x").parent / "net.pt"\ndevice = torch.device("cpu")\nmodel = Net(5).to(device)\nmodel.load_state_dict(torch.load(path, map_location=device, weights_only=True))\n'),
    ('path joined and spelled', 'folder, step = ".", 3\nmodel = Net(5)\nmodel.load_state_dict(torch.load(os.path.join(folder, f"net{\'\' if step else step}.pt")))\n'),
    ('path as text', 'model = Net(5)\nmodel.load_state_dict(torch.load(str(Path("x").with_name("net.pt"))))\n'),
    ('an open file', 'model = Net(5)\nwith open("net.pt", "rb") as f:\n    model.load_state_dict(torch.load(f))\n'),
    ('removeprefix', 'state = torch.load("parallel.pt")\nmodel = Net(5)\nmodel.load_state_dict({k.removeprefix("module."): v for k, v in state.items()})\n'),
    ('state_dict or model key', 'ckpt = torch.load("training.pt")\nfor key in ("model", "state_dict"):\n    if key in ckpt:\n        ckpt = ckpt[key]\n        break\nmodel = Net(5)\nmodel.load_state_dict(ckpt)\n'),
    ('key that is not there', 'ckpt = torch.load("training.pt")\nmodel = Net(5)\nmodel.load_state_dict(ckpt["model"])\n'),
    ('renamed one by one', 'state = torch.load("net.pt")\nfor key in list(state.keys()):\n    if key.startswith("head"):\n        state[key.replace("head", "fc")] = state.pop(key)\nmodel = Net()\nmodel.load_state_dict(state, strict=True)\n'),
    ('by position of names', 'state = torch.load("wide.pt")\nmodel = Net()\nmodel.load_state_dict(dict(zip(model.state_dict().keys(), state.values())))\n'),
    ('assigned with copy_', 'state = torch.load("wide.pt")\nmodel = Net()\nfor name, value in model.state_dict().items():\n    if value.shape == state[name].shape:\n        value.copy_(state[name])\n'),
    ('in a class', 'class Predictor:\n    def __init__(self, path):\n        self.model = Net(5)\n        self.model.load_state_dict(torch.load(path, map_location="cpu"))\n        self.model.eval()\n\nPredictor("net.pt")\n'),
    ('from_pretrained of its own', 'class Mine(Net):\n    @classmethod\n    def from_pretrained(cls, path, **kwargs):\n        model = cls(**kwargs)\n        model.load_state_dict(torch.load(path))\n        return model\n\nMine.from_pretrained("net.pt", hidden=5)\n'),
    ('command line', 'parser = argparse.ArgumentParser()\nparser.add_argument("--hidden", type=int, default=6)\nargs = parser.parse_args([])\nmodel = Net(args.hidden + 1)\nmodel.load_state_dict(torch.load("net.pt"))\n'),
]

SAFETENSORS = [
    ('safetensors', 'from safetensors.torch import load_file\nmodel = Net(5)\nmodel.load_state_dict(load_file("net.safetensors"))\n'),
    ('safetensors fits', 'from safetensors.torch import load_file\nmodel = Net()\nmodel.load_state_dict(load_file("net.safetensors", device="cpu"))\n'),
    ('safetensors load_model', 'from safetensors.torch import load_model\nload_model(Net(5), "net.safetensors")\n'),
    ('safetensors load_model fits', 'import safetensors.torch as st\nmodel = Net()\nmissing, unexpected = st.load_model(model, "net.safetensors")\nassert not missing and not unexpected\n'),
    ('safetensors load_model of another class', 'from safetensors.torch import load_model\nload_model(Norms(), "net.safetensors")\n'),
    ('safetensors load_model of another class, not strict', 'from safetensors.torch import load_model\nload_model(Norms(), "net.safetensors", strict=False)\n'),
    ('safetensors load_model, tied', 'from safetensors.torch import load_model\nload_model(Tied(), "tied.safetensors")\n'),
    ('safetensors load_model, not tied', 'from safetensors.torch import load_model\nload_model(Tied(tie=False), "tied.safetensors")\n'),
    ('safetensors load_model, saved first', 'from safetensors.torch import load_model, save_model\nmodel = Net(5)\nsave_model(model, "out.safetensors")\nload_model(model, "out.safetensors")\n'),
    ('safetensors open', 'from safetensors import safe_open\nmodel = Net(5)\nwith safe_open("net.safetensors", framework="pt", device="cpu") as f:\n    model.load_state_dict({k: f.get_tensor(k) for k in f.keys()})\n'),
]
try:
    import safetensors.torch  # noqa: F401
    PROGRAMS += SAFETENSORS
except ImportError:
    pass
