"""Rare members of the checkpoint zoo: forms that nobody saves on purpose and everybody meets once, archives that other tools wrote again.

usage: python3 rare.py make FOLDER | judge FOLDER     as make.py, whose helpers it uses; writes rare-<torch>.oracle.json and rare-verdicts-<torch>.oracle.json
       python3 rare.py pack FOLDER FIXTURES            puts all of it into FIXTURES/checkpoints/rare.json.gz
"""
import collections, json, pathlib, struct, sys, types
shared = pathlib.Path(__file__).with_name('make.py').read_text()
exec(compile(shared.split("\n@case()\ndef state_dict(path)")[0], 'make.py', 'exec'))
exec(compile('def walk' + shared.split('\ndef walk')[1].split("\n\nif __name__")[0], 'make.py', 'exec'))


# Of what walk() leaves out, or names in another way than a reader of files does.
walk_plain = walk
def walk(value, name='', out=None, seen=()):
    return walk_plain(list(value) if isinstance(value, collections.deque) else value, name, out, seen)


class Special(nn.Parameter): pass
class Bag(dict): pass


def rewritten(path, obj, **how):
    """Saves and zips again as other tools do."""
    buffer = io.BytesIO()
    torch.save(obj, buffer)
    old = zipfile.ZipFile(io.BytesIO(buffer.getvalue()))
    name = how.get('name', lambda name: name)
    class Unseekable(io.RawIOBase):
        def __init__(self, to): self.to = to
        def writable(self): return True
        def write(self, data): return self.to.write(data)
    with open(path, 'wb') as file:
        file.write(how.get('junk', b''))
        with zipfile.ZipFile(Unseekable(file) if how.get('stream') else file, 'w', how.get('method', zipfile.ZIP_STORED)) as new:
            for info in old.infolist():
                entry = zipfile.ZipInfo(name(info.filename))
                entry.compress_type = how.get('method', zipfile.ZIP_STORED)
                if how.get('extra'): entry.extra = how['extra']
                with new.open(entry, 'w', force_zip64=how.get('wide', False)) as out: out.write(old.read(info))
            if how.get('folders'):
                new.writestr(zipfile.ZipInfo('archive/data/'), b'')
            new.comment = how.get('comment', b'')


plain = lambda: {'w': torch.arange(6.).reshape(2, 3), 'b': torch.ones(3, dtype=torch.float64)}

@case()
def zip_wide(path): rewritten(path, plain(), wide=True)
@case()
def zip_streamed(path): rewritten(path, plain(), stream=True)
@case()
def zip_streamed_deflated(path): rewritten(path, plain(), stream=True, method=zipfile.ZIP_DEFLATED)
@case()
def zip_commented(path): rewritten(path, plain(), comment=b'made by hand ' * 9)
@case()
def zip_comment_with_end(path): rewritten(path, plain(), comment=b'x' * 40 + b'PK\x05\x06' + b'\0' * 18)
@case()
def zip_behind_junk(path): rewritten(path, plain(), junk=b'#!/bin/sh\n' + b'junk' * 10)
@case()
def zip_extra_fields(path): rewritten(path, plain(), extra=struct.pack('<HHI', 0x5455, 4, 7) + struct.pack('<HH8s', 0xcafe, 8, b'abcdefgh'))
@case()
def zip_other_root(path): rewritten(path, plain(), name=lambda name: 'ein Ordner/' + name.split('/', 1)[1])
@case()
def zip_upper(path): rewritten(path, plain(), name=lambda name: name.replace('archive', 'Archive'))
@case()
def zip_upper_pickle(path): rewritten(path, plain(), name=lambda name: name.replace('data.pkl', 'DATA.PKL'))
@case()
def zip_folder_entries(path): rewritten(path, plain(), folders=True)
@case()
def zip_backslash(path): rewritten(path, plain(), name=lambda name: name.replace('/', '\\'))
@case()
def zip_absolute(path): rewritten(path, plain(), name=lambda name: '/' + name)
@case()
def zip_dotted(path): rewritten(path, plain(), name=lambda name: './' + name)
@case()
def zip_bzip2(path): rewritten(path, plain(), method=zipfile.ZIP_BZIP2)

@case()
def from_generator(path): torch.save(list(torch.full((i + 1,), float(i)) for i in range(4)), path)
@case()
def parameter_subclass(path): torch.save({'w': Special(torch.ones(3)), 'v': Special(torch.ones(2), requires_grad=False)}, path)
@case()
def hooks(path):
    w = torch.ones(3, requires_grad=True)
    w.register_hook(print)
    torch.save({'w': w}, path)
@case()
def deque_and_namespace(path): torch.save({'d': collections.deque([torch.ones(2)], maxlen=3), 'n': types.SimpleNamespace(w=torch.ones(3)), 's': {1, 2}, 'w': torch.ones(1)}, path)
@case()
def dict_subclass(path): torch.save(Bag(w=torch.ones(2), inner=Bag(v=torch.zeros(3))), path)
@case()
def defaultdict_of_tensors(path):
    made = collections.defaultdict(dict)
    made[0]['exp_avg'] = torch.ones(2)
    made[1]['exp_avg'] = torch.ones(3)
    torch.save({'state': made, 'param_groups': []}, path)
@case()
def ordered_with_metadata(path):
    state = nn.Sequential(nn.BatchNorm1d(3), nn.Linear(3, 2)).state_dict(prefix='module.')
    torch.save(state, path)
@case()
def named_pair_state(path): torch.save({'pair': Pair(torch.ones(2), {'x': torch.ones(1)}), 'many': (torch.ones(1), [torch.ones(2), (torch.ones(3),)])}, path)
@case()
def numpy_mix(path): torch.save({'f': np.float32(1.5), 'i': np.int64(7), 'b': np.bool_(True), 'a': np.arange(6).reshape(2, 3)[:, ::2], 'z': np.array(3.0), 'c': np.ones(2, np.complex64), 'o': np.array(['a', 'bc']), 'be': np.arange(3, dtype='>i4'), 'w': torch.ones(2)}, path)
@case()
def torch_objects(path): torch.save({'size': torch.ones(2, 3).size(), 'sizes': [torch.Size([1]), torch.Size([2, 3])], 'device': torch.device('cuda:3'), 'dtypes': [torch.float8_e4m3fn if hasattr(torch, 'float8_e4m3fn') else torch.half, torch.int32], 'w': torch.ones(1)}, path)
@case()
def complex_views(path):
    c = torch.complex(torch.arange(6.), torch.ones(6)).reshape(2, 3)
    torch.save({'c': c, 'conj': c.conj(), 'turned': c.t().conj(), 'row': c[1].conj()}, path)
@case()
def complex_parts(path):
    c = torch.complex(torch.arange(6.), torch.ones(6)).reshape(2, 3)
    torch.save({'real': torch.view_as_real(c), 'part': c.real, 'imag': c.imag[1], 'neg': c.conj().imag}, path)
@case()
def expanded_and_flat(path):
    base = torch.arange(4.)
    torch.save({'e': base.expand(3, 4), 'z': torch.zeros(1).expand(1000, 1000), 'one': torch.zeros(()).expand(5), 'windows': base.as_strided((3, 2), (1, 1)), 'same': base.as_strided((2, 2), (0, 1), 2), 'unfold': torch.arange(10.).unfold(0, 4, 2)}, path)
@case()
def zero_sized_views(path):
    base = torch.arange(12.).reshape(3, 4)
    torch.save({'a': base[:0], 'b': base[3:, 1:], 'c': torch.empty(0), 'd': torch.empty(0, 5, 0), 'e': torch.empty(0, dtype=torch.int16)[:0]}, path)
@case()
def one_storage_many_types(path):
    base = torch.zeros(64, dtype=torch.uint8)
    torch.save([base.view(torch.int16), base.view(torch.int16)[3:].reshape(1, -1)], path)
@case()
def untyped_and_typed(path): torch.save({'u': torch.ones(5).untyped_storage() if hasattr(torch.Tensor, 'untyped_storage') else torch.ones(5).storage().untyped(), 'h': torch.ones(3, dtype=torch.half).storage(), 'w': torch.ones(2)}, path)
@case()
def resized_storage(path):
    w = torch.ones(8)
    (w.untyped_storage() if hasattr(w, 'untyped_storage') else w.storage().untyped()).resize_(64)
    torch.save({'w': w}, path)
@case()
def permuted(path): torch.save({'p': torch.arange(24.).reshape(2, 3, 4).permute(2, 0, 1), 'f': torch.arange(6.).reshape(2, 3).flip(0), 'cl3': torch.ones(1, 2, 3, 4, 5).to(memory_format=torch.channels_last_3d), 'step': torch.arange(20)[3::4], 'diag': torch.arange(16.).reshape(4, 4).diagonal(1)}, path)
@case()
def ones_in_shape(path): torch.save({'a': torch.arange(6.).reshape(1, 6, 1).transpose(0, 2), 'b': torch.ones(3, 1).expand(3, 7), 'c': torch.ones(1, 1, 1)[0]}, path)
@case()
def sparse_mix(path):
    m = torch.tensor([[0., 1.], [2., 0.]])
    torch.save({'coo': m.to_sparse(), 'loose': torch.sparse_coo_tensor([[0, 0], [1, 1]], [1., 2.], (2, 2)), 'csc': m.to_sparse_csc(), 'empty': torch.sparse_coo_tensor(size=(3, 4)), 'int': m.to(torch.int32).to_sparse_csr()}, path)
@case()
def quantized_views(path):
    q = torch.quantize_per_tensor(torch.arange(12.).reshape(3, 4), 0.1, 3, torch.quint8)
    c = torch.quantize_per_channel(torch.arange(12.).reshape(3, 4), torch.tensor([.1, .2, .3]), torch.tensor([0, 1, 2]), 0, torch.qint8)
    torch.save({'row': q[1], 't': q.t(), 'c': c, 'again': q}, path)
@case()
def packed_sequence(path): torch.save(nn.utils.rnn.pack_sequence([torch.ones(3, 2), torch.ones(1, 2)]), path)
@case()
def graph_module(path):
    import torch.fx
    torch.save(torch.fx.symbolic_trace(nn.Sequential(nn.Linear(2, 2), nn.ReLU())), path)
@case()
def optimizer_tensor_lr(path):
    model = nn.Linear(3, 2)
    optim = torch.optim.Adam(model.parameters(), lr=torch.tensor(.1), **({'capturable': True, 'foreach': False} if VERSION != '1.13' else {}))
    for p in model.parameters(): p.grad = torch.ones_like(p)
    try: optim.step()
    except Exception: pass
    torch.save({'model': model.state_dict(), 'opt': optim.state_dict()}, path)
@case()
def optimizer_named(path):
    model = nn.Linear(3, 2)
    optim = torch.optim.AdamW(model.named_parameters() if VERSION == '2.13' else model.parameters())
    model(torch.ones(1, 3)).sum().backward()
    optim.step()
    torch.save({'net': model.state_dict(), 'optim': optim.state_dict(), 'scaler': {'scale': 65536.0, 'growth_factor': 2.0, '_growth_tracker': 0}, 'rng': [torch.get_rng_state(), (3, (1, 2, 3), None)], 'args': {'lr': 1e-3, 'betas': (0.9, 0.999)}}, path)
@case()
def averaged_by_function(path):
    model = nn.Linear(3, 2)
    average = torch.optim.swa_utils.AveragedModel(model, avg_fn=None, use_buffers=True)
    average.update_parameters(model)
    torch.save({'model': model.state_dict(), 'model_ema': {k: v for k, v in average.module.state_dict().items()}, 'ema_n': average.n_averaged}, path)
@case()
def ema_of_timm(path):
    import timm.utils
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
    ema = timm.utils.ModelEmaV2(model)
    torch.save({'state_dict': model.state_dict(), 'state_dict_ema': timm.utils.get_state_dict(ema), 'epoch': 1, 'arch': 'x', 'version': 2}, path)
@case()
def lightning_full(path):
    model = nn.Linear(2, 2)
    optim = torch.optim.SGD(model.parameters(), .1, momentum=.9)
    model(torch.ones(1, 2)).sum().backward()
    optim.step()
    torch.save({'epoch': 0, 'global_step': 1, 'pytorch-lightning_version': '2.1.0', 'state_dict': {f'model.{k}': v for k, v in model.state_dict().items()}, 'loops': {'fit_loop': {'state_dict': {}}}, 'callbacks': {"ModelCheckpoint{'monitor': None}": {'best_model_score': torch.tensor(.5), 'best_k_models': {}}}, 'optimizer_states': [optim.state_dict()], 'lr_schedulers': [], 'hparams_name': 'kwargs', 'hyper_parameters': {'lr': .1}}, path)
@case()
def scripted_constants(path):
    class Constants(nn.Module):
        def __init__(self):
            super().__init__()
            self.table = torch.arange(5)
            self.fc = nn.Linear(2, 3)
            self.register_buffer('seen', torch.zeros(2), persistent=False)
        def forward(self, x): return self.fc(x) + torch.ones(3) + self.table[0]
    torch.jit.save(torch.jit.script(Constants()), str(path))
    unplaced(path)
@case()
def scripted_half_tied(path):
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)).half()
    model[1].weight = model[0].weight
    torch.jit.save(torch.jit.script(model), str(path))
    unplaced(path)
@case('.pt2')
def exported_with_constants(path):
    class Constants(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 2)
            self.table = torch.arange(4.)
            self.register_buffer('hidden', torch.ones(4), persistent=False)
            self.register_buffer('shown', torch.ones(4, dtype=torch.float64))
        def forward(self, x): return self.fc(x * self.table + self.hidden) + self.shown.sum().to(x.dtype) + torch.tensor([1., 2.])
    torch.export.save(torch.export.export(Constants(), (torch.ones(1, 4),)), str(path))
    unplaced(path)
@case('.safetensors')
def safe_odd(path):
    from safetensors.torch import save_file
    save_file({'ü.weight': torch.ones(2), 'a"b\\c\n': torch.ones(1), 'zero': torch.empty(0, 3), 'scalar': torch.tensor(1.), 'h': torch.ones(2, dtype=torch.bfloat16), 'bool': torch.ones(3, dtype=torch.bool), '__meta': torch.ones(1)}, str(path), metadata={'format': 'pt', 'ключ': '"значение"\n', 'constructor': 'x', '__proto__': 'y'})
@case()
def legacy_everything(path):
    base = torch.arange(12.)
    torch.save({'a': base[2:6], 'b': base.half(), 'p': nn.Parameter(torch.ones(2)), 'c': torch.ones(2, dtype=torch.complex64).conj(), 'e': torch.empty(0), 's': torch.eye(2).to_sparse(), 'q': torch.quantize_per_tensor(torch.ones(3), .1, 0, torch.qint8)}, path, _use_new_zipfile_serialization=False)
@case()
def recursive(path):
    made = {'w': torch.ones(2)}
    made['self'] = made
    made['list'] = [made, torch.ones(1)]
    torch.save(made, path)
@case()
def tensor_keys(path): torch.save({torch.tensor(1): torch.ones(2), 'w': torch.ones(1)}, path)
@case()
def keys_alike(path): torch.save({1: torch.ones(1), '1': torch.ones(2), True: torch.ones(3), 1.5: torch.ones(4), (1,): torch.ones(5), b'x': torch.ones(6), frozenset(): torch.ones(7), None: torch.ones(8), -1: torch.ones(9), 2**70: torch.ones(10), 'a\nb': torch.ones(11), "it's": {"it's": torch.ones(1), ("it's", 'a"b', '\\', 'é', '\t'): torch.ones(2)}, float('nan'): torch.ones(2), 1j: torch.ones(3), 1e16: torch.ones(1), 1e-5: torch.ones(2), 123456789.125: torch.ones(1)}, path)
@case()
def attributes_of_tensor(path):
    w = torch.ones(2)
    w.scale = torch.ones(3)
    w.note = 'x'
    p = nn.Parameter(torch.ones(2))
    p.tp = {'mask': torch.zeros(4)}
    torch.save({'w': w, 'p': p}, path)
@case()
def protocol_1_zip(path): torch.save(plain(), path, pickle_protocol=1)
@case()
def wide_integers(path): torch.save({'n': [2**31, -2**31, 2**63, -2**63 - 1, 2**200], 'w': torch.ones(1), 'step': 2**40}, path)
@case()
def named_layers(path): torch.save(nn.ModuleDict({'a': nn.Linear(2, 2), 'b': nn.ParameterDict({'x': nn.Parameter(torch.ones(2))})}), path)
@case()
def rnn_module(path): torch.save(nn.LSTM(2, 3, num_layers=2, bidirectional=True, proj_size=2), path)
@case()
def spectral(path): torch.save(nn.utils.spectral_norm(nn.Linear(3, 2)), path)
@case()
def pruned(path):
    import torch.nn.utils.prune as prune
    layer = nn.Linear(3, 2)
    prune.l1_unstructured(layer, 'weight', amount=2)
    torch.save({'module': layer, 'state': layer.state_dict()}, path)


def without_memory(folder):
    """torch 1.13 to 2.6 keep sparse tensors of a file that was refused, and complain of them at the next one."""
    load = torch.load
    def clean(*more, **options):
        getattr(torch._utils, '_sparse_tensors_to_validate', []).clear()
        return load(*more, **options)
    torch.load = clean


def refused(folder):
    """Archives that torch does not open: nothing but its verdict is told."""
    for name in [name for name in cases if name in ('zip_comment_with_end', 'zip_behind_junk', 'zip_backslash', 'zip_absolute', 'zip_dotted', 'zip_bzip2')]: cases.pop(name)[1](folder / f'{VERSION}-{name}.pt')


def pack(folder, fixtures):
    import base64, gzip
    files = {path.name: base64.b64encode(path.read_bytes()).decode() for path in sorted(folder.iterdir()) if path.suffix != '.json'}
    told = lambda pattern: {path.name.split('-')[-1].split('.oracle')[0]: json.loads(path.read_text()) for path in sorted(folder.glob(pattern))}
    out = {'tensors': told('rare-[0-9]*.oracle.json'), 'verdicts': told('rare-verdicts-*.oracle.json'), 'files': files}
    with gzip.GzipFile(fixtures / 'checkpoints' / 'rare.json.gz', 'wb', mtime=0) as file: file.write(json.dumps(out, separators=(',', ':')).encode())


if __name__ == '__main__':
    folder = pathlib.Path(sys.argv[2])
    if sys.argv[1] == 'pack': pack(folder, pathlib.Path(sys.argv[3]))
    else:
        if sys.argv[1] == 'make': refused(folder)
        else: without_memory(folder)
        {'make': make, 'judge': judge}[sys.argv[1]](folder)
        name = f'{VERSION}.oracle.json' if sys.argv[1] == 'make' else f'verdicts-{VERSION}.oracle.json'
        (folder / name).rename(folder / f'rare-{name}')
