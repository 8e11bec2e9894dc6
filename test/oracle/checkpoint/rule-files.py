"""Makes the checkpoints that the rules' examples load: just large enough to be worth a finding.

usage: python3 rule-files.py FOLDER     (FOLDER is test/fixtures/checkpoints/rules; needs PyTorch 2.6 or newer)
"""
import decimal, pathlib, sys, zipfile
import torch
from torch import nn

folder = pathlib.Path(sys.argv[1])
weights = lambda: torch.arange(17_000, dtype=torch.float32).reshape(170, 100)
state = lambda: {'fc.weight': weights(), 'fc.bias': torch.zeros(170)}


def save(name, value, **more): torch.save(value, folder / name, **more)


save('lean.pt', state())
save('optimizer.pt', {'model': state(), 'optimizer': {'state': {0: {'exp_avg': weights() + 1, 'exp_avg_sq': weights() + 2}}, 'param_groups': [{'lr': 0.1, 'params': [0]}]}, 'epoch': 3})
save('ema.pt', {'state_dict': state(), 'state_dict_ema': {k: v + 1 for k, v in state().items()}})
save('view.pt', {'rows': torch.arange(40_000, dtype=torch.float32).reshape(400, 100)[:4]})
save('duplicates.pt', {'embed.weight': weights(), 'head.weight': weights()})
save('double.pt', {k: v.double() for k, v in state().items()})
save('legacy.pt', state(), _use_new_zipfile_serialization=False)
save('module.pt', nn.Sequential(nn.Linear(4, 3)))
save('needs.pt', {'state': state(), 'best': decimal.Decimal('1.5')})


# A file from a CUDA machine: the same bytes with another location.
def relocated(name, source):
    old = zipfile.ZipFile(folder / source)
    writer = torch._C.PyTorchFileWriter(str(folder / name))
    root = old.namelist()[0].split('/')[0] + '/'
    for info in old.infolist():
        data = old.read(info)
        local = info.filename[len(root):]
        if local == 'data.pkl': data = data.replace(b'X\x03\x00\x00\x00cpu', b'X\x06\x00\x00\x00cuda:0')
        if local not in ('.data/serialization_id', 'version'): writer.write_record(local, data, len(data))
    writer.write_end_of_file()


relocated('cuda.pt', 'lean.pt')


class Evil:
    def __reduce__(self): return (print, ('this file runs code',))


save('dangerous.pt', {'state': state(), 'hook': Evil()})
