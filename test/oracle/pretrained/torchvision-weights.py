"""Which weights torchvision really asks for: for DEFAULT, for pretrained=True and for no arguments at all. Writes torchvision-weights.oracle.json.

Usage: python torchvision-weights.py      (downloads nothing: the request itself is caught)
"""
import json, os, sys, warnings
import torch, torchvision
from torchvision import models
from torchvision.models import quantization
from torchvision.models._api import WeightsEnum

warnings.simplefilter('ignore')


class Asked(Exception):
    pass


def caught(self, *args, **kwargs):
    raise Asked(type(self).__name__ + '.' + self.name)


WeightsEnum.get_state_dict = caught
# The values of the parameters do not matter, and filling them takes minutes.
for function in ('uniform_', 'normal_', 'trunc_normal_', 'constant_', 'ones_', 'zeros_', 'kaiming_uniform_', 'kaiming_normal_', 'xavier_uniform_', 'xavier_normal_'):
    setattr(torch.nn.init, function, lambda tensor, *rest, **options: tensor)


for module in (quantization.googlenet, quantization.inception, quantization.mobilenetv2, quantization.mobilenetv3, quantization.resnet, quantization.shufflenetv2):
    module = sys.modules[module.__module__] if callable(module) else module
    if hasattr(module, 'quantize_model'): module.quantize_model = lambda *rest: None


def asks(**arguments):
    # RegNet computes its widths with tensors, so it cannot be built on the meta device.
    try:
        with torch.device('cpu' if name.startswith('regnet') else 'meta'): models.get_model(name, **arguments)
        return None
    except Asked as asked: return str(asked)
    except ValueError: return 'ValueError'


rows = {}
for name in models.list_models():
    plain = name[len('quantized_'):] if name.startswith('quantized_') else None
    rows[name] = {'default': asks(weights='DEFAULT', **({'quantize': True} if plain else {})), 'legacy': asks(pretrained=True, **({'quantize': True} if plain else {})), 'bare': asks()}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'torchvision-weights.oracle.json')
with open(path, 'w') as file: json.dump({'torchvision': torchvision.__version__, 'models': rows}, file, indent=0)
print(len(rows))
