"""Writes checkpoints that PyTorch reads but does not write here: big-endian ones, and ones whose records are deflated. For check-slim.py.

usage: python3 turned.py FOLDER
"""
import io, pathlib, sys, zipfile
import torch

folder = pathlib.Path(sys.argv[1])
torch.manual_seed(0)
base = torch.arange(40.).reshape(5, 8)
values = {
    'plain': torch.randn(30, 20), 'view': base[1:3], 'columns': base[:, ::2], 'turned': torch.randn(6, 7).t(), 'double': torch.randn(9, dtype=torch.float64), 'half': torch.randn(7).half(), 'brain': torch.randn(7).bfloat16(),
    'complex': torch.randn(5, dtype=torch.complex64), 'wide_complex': torch.randn(3, dtype=torch.complex128), 'long': torch.arange(6) - 3, 'int': torch.arange(4, dtype=torch.int32), 'short': torch.arange(5, dtype=torch.int16), 'byte': torch.arange(9, dtype=torch.uint8), 'flag': torch.tensor([True, False]),
    'quantized': torch.quantize_per_channel(torch.randn(2, 3), torch.tensor([.1, .2]), torch.tensor([0, 1]), 0, torch.qint8), 'quantized_wide': torch.quantize_per_tensor(torch.randn(3), .1, 0, torch.qint32), 'sparse': torch.eye(4).to_sparse(),
    'scalar': torch.tensor(2.5), 'empty': torch.zeros(0, 3),
}
values['tied'] = values['plain']
widths = {'Double': 8, 'Float': 4, 'Half': 2, 'BFloat16': 2, 'ComplexFloat': 4, 'ComplexDouble': 8, 'Long': 8, 'Int': 4, 'Short': 2, 'QInt32': 4}


def storage_widths():
    found = {}
    class Pickler(torch.serialization.pickle.Unpickler):
        def persistent_load(self, saved):
            found[saved[2]] = widths.get(saved[1].__name__.removesuffix('Storage') if hasattr(saved[1], '__name__') else '', 1)
            return torch.storage.TypedStorage(wrap_storage=torch.UntypedStorage(saved[4] * 16), dtype=torch.uint8, _internal=True)
        def find_class(self, module, name):
            if name.endswith('Storage'): return type(name, (), {})
            if name.startswith('_rebuild'): return lambda *a: None
            return super().find_class(module, name)
    return found, Pickler


buffer = io.BytesIO()
torch.save(values, buffer)
records = {info.filename: zipfile.ZipFile(buffer).read(info) for info in zipfile.ZipFile(buffer).infolist()}
found, Pickler = storage_widths()
Pickler(io.BytesIO(records['archive/data.pkl'])).load()


def swapped(data, width): return b''.join(data[at:at + width][::-1] for at in range(0, len(data), width)) if width > 1 else data


def write(name, edit, method):
    with zipfile.ZipFile(folder / name, 'w', method) as out:
        for record, data in records.items(): out.writestr(record, edit(record, data))


def big(record, data):
    if record == 'archive/byteorder': return b'big'
    return swapped(data, found[record.split('/')[-1]]) if record.startswith('archive/data/') else data


write('deflated.pt', lambda record, data: data, zipfile.ZIP_DEFLATED)
write('big.pt', big, zipfile.ZIP_STORED)
write('big-deflated.pt', big, zipfile.ZIP_DEFLATED)
for name in ('deflated', 'big', 'big-deflated'):
    loaded = torch.load(folder / f'{name}.pt', weights_only=True)
    assert all(torch.equal(loaded[key].to_dense() if key == 'sparse' else loaded[key], value.to_dense() if key == 'sparse' else value) for key, value in values.items()), name
print('3 files')
