"""Which weights torchvision really asks for: for DEFAULT, for pretrained=True and for no arguments at all. Writes torchvision-weights.oracle.json.

Usage: python torchvision-weights.py      (downloads nothing: the request itself is caught)
"""
import json, os, warnings
import torch, torchvision
from torchvision import models
from torchvision.models._api import WeightsEnum

warnings.simplefilter('ignore')


class Asked(Exception):
    pass


def caught(self, *args, **kwargs):
    raise Asked(type(self).__name__ + '.' + self.name)


WeightsEnum.get_state_dict = caught


def asks(**arguments):
    # Some models cannot be built on the meta device; those are built for real.
    for device in ('meta', 'cpu'):
        try:
            with torch.device(device): models.get_model(name, **arguments)
            return None
        except Asked as asked: return str(asked)
        except RuntimeError: continue
        except ValueError: return 'ValueError'
    return 'RuntimeError'


rows = {}
for name in models.list_models():
    plain = name[len('quantized_'):] if name.startswith('quantized_') else None
    rows[name] = {'default': asks(weights='DEFAULT', **({'quantize': True} if plain else {})), 'legacy': asks(pretrained=True, **({'quantize': True} if plain else {})), 'bare': asks()}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'torchvision-weights.oracle.json')
with open(path, 'w') as file: json.dump({'torchvision': torchvision.__version__, 'models': rows}, file, indent=0)
print(len(rows))
