"""Makes the checkpoint zoo: small files of every format and tensor form, and what a real PyTorch says about them.

usage: python3 make.py make FOLDER     writes <torch>-<case>.* files and <torch>.oracle.json with names, types, shapes, strides and bytes
       python3 make.py judge FOLDER    writes verdicts-<torch>.oracle.json: what torch.load(weights_only=True) and get_unsafe_globals_in_checkpoint say of every file
Run `make` with each PyTorch, then `judge` with each. The files go to test/fixtures/checkpoints/good. Never judge files from elsewhere.
"""
import collections, copy, dataclasses, datetime, functools, io, json, pathlib, pickle, struct, sys, warnings, zipfile
warnings.filterwarnings('ignore')
import numpy as np
import torch
from torch import nn

VERSION = '.'.join(torch.__version__.split('+')[0].split('a')[0].split('.')[:2])
NEW = tuple(map(int, VERSION.split('.'))) >= (2, 6)
cases = {}


def case(extension='.pt'):
    def wrap(function):
        cases[function.__name__] = (extension, function)
        return function
    return wrap


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)
        self.bn = nn.BatchNorm1d(3)
        self.register_buffer('table', torch.arange(4.), persistent=True)
        self.register_buffer('scratch', torch.zeros(5), persistent=False)
        self.act = functools.partial(torch.relu)

    def forward(self, x):
        return self.bn(self.fc(x)) + self.table[:3]


@dataclasses.dataclass
class Config:
    width: int = 3
    weights: object = None


Pair = collections.namedtuple('Pair', 'left right')


class Tagged(torch.Tensor):
    pass


def unplaced(path):
    """Replaces the places of source files on this machine, length by length, in an archive that torch wrote."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    places = (str(pathlib.Path(torch.__file__).parent.parent), str(pathlib.Path(__file__).resolve().parent))
    def clean(data):
        for place in places:
            for form in (place.encode(), json.dumps(place).strip('"').encode()): data = data.replace(form, b'/python'.ljust(len(form), b'_')[:len(form)])
        return data
    if '/' not in old.namelist()[0]:  # torch.export before 2.8 has no folder, which torch's own writer refuses
        with zipfile.ZipFile(path, 'w') as new:
            for info in old.infolist(): new.writestr(info.filename, clean(old.read(info)))
        return
    root = old.namelist()[0].split('/')[0] + '/'
    writer = torch._C.PyTorchFileWriter(str(path))
    for info in old.infolist():
        data = clean(old.read(info))
        name = info.filename[len(root):]
        if name not in ('.data/serialization_id', 'version'): writer.write_record(name, data, len(data))
    writer.write_end_of_file()


def net():
    torch.manual_seed(0)
    return Net()


def trained(optimizer, **more):
    model = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2, bias=False))
    optim = optimizer(model.parameters(), lr=0.1, **more)
    model(torch.ones(2, 4)).sum().backward()
    optim.step()
    return model, optim


@case()
def state_dict(path): torch.save(net().state_dict(), path)
@case()
def state_dict_buffer(path):
    buffer = io.BytesIO()
    torch.save(net().state_dict(), buffer)
    path.write_bytes(buffer.getvalue())
@case()
def legacy_state_dict(path): torch.save(net().state_dict(), path, _use_new_zipfile_serialization=False)
@case()
def legacy_views(path):
    big = torch.arange(24.).reshape(4, 6)
    torch.save({'head': big[:2], 'tail': big[2:], 'columns': big[:, ::2], 'turned': big.t()}, path, _use_new_zipfile_serialization=False)
@case()
def legacy_bare(path): torch.save(torch.arange(5), path, _use_new_zipfile_serialization=False)
@case()
def legacy_module(path):
    torch.serialization.get_source_lines_and_file = lambda kind: (['class %s: pass\n' % kind.__name__], 1, 'net.py')
    torch.save(nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.BatchNorm1d(2)), path, _use_new_zipfile_serialization=False)
@case()
def legacy_protocol_4(path): torch.save({'a': torch.ones(3)}, path, _use_new_zipfile_serialization=False, pickle_protocol=4)
@case()
def legacy_trailing(path):
    torch.save({'a': torch.ones(3)}, path, _use_new_zipfile_serialization=False)
    path.write_bytes(path.read_bytes() + b'left over')
@case()
def view_head(path): torch.save({'head': torch.arange(4000.).reshape(100, 40)[:2]}, path)
@case()
def views_strided(path):
    big = torch.arange(240, dtype=torch.int16).reshape(12, 20)
    torch.save({'columns': big[:, ::3], 'block': big[2:5, 4:9], 'turned': big.t(), 'spread': torch.ones(1).expand(3, 4), 'diagonal': big.diagonal(), 'cut': big[1:, 1:].t()}, path)
@case()
def shared_storage(path):
    base = torch.arange(10.)
    torch.save({'a': base[:4], 'b': base[6:], 'c': base[3:7].view(2, 2)}, path)
@case()
def tied(path):
    weight = torch.randn(5, 4)
    torch.save(collections.OrderedDict([('embed.weight', weight), ('head.weight', weight), ('head.bias', torch.zeros(5))]), path)
@case()
def duplicates(path):
    weight = torch.arange(64.)
    torch.save({'a': weight, 'b': weight.clone(), 'c': weight + 1}, path)
@case()
def sparse_coo(path): torch.save({'coo': (torch.eye(4) * 3).to_sparse(), 'hybrid': torch.ones(3, 2).to_sparse(1)}, path)
@case()
def sparse_csr(path): torch.save({'csr': (torch.eye(4) * 3).to_sparse_csr()}, path)
@case()
def sparse_all(path):
    dense = torch.eye(4) * 3
    data = {'coo': dense.to_sparse(), 'csr': dense.to_sparse_csr()}
    if hasattr(dense, 'to_sparse_csc'): data.update(csc=dense.to_sparse_csc(), bsr=dense.to_sparse_bsr((2, 2)), bsc=dense.to_sparse_bsc((2, 2)))
    torch.save(data, path)
@case()
def quantized(path):
    x = torch.randn(4, 6)
    torch.save({'tensor': torch.quantize_per_tensor(x, 0.1, 2, torch.qint8), 'unsigned': torch.quantize_per_tensor(x, 0.1, 2, torch.quint8), 'wide': torch.quantize_per_tensor(x, 0.1, 2, torch.qint32),
                'channel': torch.quantize_per_channel(x, torch.full((4,), 0.1, dtype=torch.double), torch.zeros(4, dtype=torch.long), 0, torch.qint8)}, path)
@case()
def quantized_dynamic(path): torch.save(torch.quantization.quantize_dynamic(nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)), {nn.Linear}).state_dict(), path)
@case()
def quantized_float_qparams(path):
    x = torch.randn(4, 6)
    torch.save({'q': torch.quantize_per_channel(x, torch.full((4,), 0.1), torch.zeros(4), 0, torch.quint8), 'q4': torch.quantize_per_channel(x, torch.full((4,), 0.1), torch.zeros(4), 0, torch.quint4x2)}, path)
@case()
def nested_strided(path): torch.save({'nested': torch.nested_tensor([torch.ones(2, 3), torch.ones(4, 3)]) if not hasattr(torch, 'nested') else torch.nested.nested_tensor([torch.ones(2, 3), torch.ones(4, 3)])}, path)
@case()
def nested_jagged(path): torch.save({'jagged': torch.nested.nested_tensor([torch.ones(2, 3), torch.ones(4, 3)], layout=torch.jagged)}, path)
@case()
def meta(path): torch.save({'meta': torch.empty(7, 3, device='meta'), 'real': torch.ones(2)}, path)
@case()
def complex_all(path):
    z = torch.tensor([1 + 2j, 3 - 1j])
    torch.save({'c64': z, 'c128': z.to(torch.complex128), 'conj': z.conj(), 'neg': torch.tensor([3 + 4j]).conj().imag}, path)
@case()
def complex32(path): torch.save({'c32': torch.zeros(3, dtype=torch.complex32)}, path)
@case()
def halves(path): torch.save({'f16': torch.ones(3, dtype=torch.float16), 'bf16': torch.ones(5, 2, dtype=torch.bfloat16), 'f64': torch.ones(2, dtype=torch.float64)}, path)
@case()
def integers(path): torch.save({str(t).split('.')[1]: torch.ones(3, dtype=t) for t in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool)}, path)
@case()
def unsigned(path): torch.save({str(t).split('.')[1]: torch.ones(3, dtype=t) for t in (torch.uint16, torch.uint32, torch.uint64)}, path)
@case()
def float8(path): torch.save({n: torch.ones(4).to(getattr(torch, n)) for n in ('float8_e4m3fn', 'float8_e5m2', 'float8_e4m3fnuz', 'float8_e5m2fnuz', 'float8_e8m0fnu') if hasattr(torch, n)} or 1 / 0, path)
@case()
def float4(path): torch.save({'f4': torch.zeros(4, 3, dtype=torch.uint8).view(torch.float4_e2m1fn_x2)}, path)
@case()
def sub_byte(path): torch.save({n: torch.empty(4, dtype=getattr(torch, n)) for n in ('uint1', 'uint4', 'int4', 'int7') if hasattr(torch, n)} or 1 / 0, path)
@case()
def bits(path): torch.save({n: torch.zeros(4, dtype=torch.uint8).view(getattr(torch, n)) for n in ('bits8', 'bits4x2', 'bits2x4', 'bits1x8')}, path)
@case()
def numpy_arrays(path): torch.save({'array': np.arange(6, dtype=np.float32).reshape(2, 3), 'fortran': np.asfortranarray(np.ones((2, 3))), 'scalar': np.float64(3), 'tensor': torch.ones(2), 'ints': np.arange(300), 'empty': np.zeros((0, 3), dtype=np.int16)}, path)
@case()
def numpy_protocol_4(path): torch.save({'array': np.arange(6, dtype=np.float32)}, path, pickle_protocol=4)
@case()
def attributes(path):
    tensor = torch.ones(2, 3)
    tensor.note = 'kept'
    parameter = nn.Parameter(torch.ones(3))
    parameter.mask = torch.zeros(3)
    torch.save({'tensor': tensor, 'parameter': parameter, 'plain': nn.Parameter(torch.ones(1), requires_grad=False)}, path)
@case()
def subclass(path): torch.save({'tagged': torch.ones(3).as_subclass(Tagged)}, path)
@case()
def storages(path): torch.save({'typed': torch.ones(3).storage(), 'tensor': torch.ones(2)}, path)
@case()
def untyped_storage(path): torch.save({'untyped': torch.ones(3).untyped_storage() if hasattr(torch.Tensor, 'untyped_storage') else torch.ones(3).storage().untyped()}, path)
@case()
def module(path): torch.save(net(), path)
@case()
def module_protocol_5(path): torch.save(nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5)), path, pickle_protocol=5)
@case()
def module_in_dict(path): torch.save({'model': nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)), 'epoch': 3}, path)
@case()
def module_lists(path):
    class_list = nn.ModuleDict({'list': nn.ModuleList([nn.Linear(2, 2), nn.Embedding(3, 2)]), 'params': nn.ParameterList([torch.ones(2), torch.ones(3)])})
    torch.save(class_list, path)
@case()
def module_attention(path): torch.save(nn.TransformerEncoderLayer(8, 2, 16), path)
@case()
def module_tied(path):
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    model[1].weight = model[0].weight
    torch.save(model, path)
@case()
def module_parametrized(path): torch.save(nn.utils.parametrizations.orthogonal(nn.Linear(3, 3)).state_dict(), path)
@case()
def data_parallel(path): torch.save({'module.' + k: v for k, v in net().state_dict().items()}, path)
@case()
def training_adam(path):
    model, optim = trained(torch.optim.Adam)
    torch.save({'epoch': 4, 'model_state_dict': model.state_dict(), 'optimizer_state_dict': optim.state_dict(), 'loss': torch.tensor(0.5), 'rng': torch.get_rng_state()[:16].clone()}, path)
@case()
def training_sgd_legacy(path):
    model, optim = trained(torch.optim.SGD, momentum=0.9)
    torch.save({'state_dict': model.state_dict(), 'optimizer': optim.state_dict(), 'best_acc1': torch.tensor(71.3), 'arch': 'resnet18'}, path, _use_new_zipfile_serialization=False)
@case()
def optimizer_only(path): torch.save(trained(torch.optim.AdamW, amsgrad=True)[1].state_dict(), path)
@case()
def optimizer_object(path): torch.save({'net': nn.Linear(2, 2).state_dict(), 'optim': trained(torch.optim.SGD, momentum=0.9)[1]}, path)
@case()
def ema_twin(path):
    model = nn.Linear(4, 4)
    torch.save({'state_dict': model.state_dict(), 'state_dict_ema': copy.deepcopy(model).state_dict()}, path)
@case()
def ema_flat(path):
    state = nn.Linear(4, 4).state_dict()
    torch.save({**{'model.' + k: v for k, v in state.items()}, **{'model_ema.' + k: v.clone() for k, v in state.items()}}, path)
@case('.ckpt')
def lightning(path):
    model, optim = trained(torch.optim.Adam)
    buffer = io.BytesIO()
    torch.save({'epoch': 0, 'global_step': 1, 'pytorch-lightning_version': '2.6.6', 'state_dict': model.state_dict(), 'loops': {'fit_loop': {'state_dict': {}}}, 'callbacks': {}, 'optimizer_states': [optim.state_dict()], 'lr_schedulers': [],
                'hparams_name': 'kwargs', 'hyper_parameters': {'lr': 0.1, 'sizes': [1, 2]}}, buffer)
    path.write_bytes(buffer.getvalue())
@case()
def protocol_3(path): torch.save({'a': torch.ones(3), 'b': b'bytes'}, path, pickle_protocol=3)
@case()
def protocol_4(path): torch.save({'a': torch.ones(3), 'list': list(range(5))}, path, pickle_protocol=4)
@case()
def protocol_5(path): torch.save(net().state_dict(), path, pickle_protocol=5)
@case()
def bare_tensor(path): torch.save(torch.ones(2, 3), path)
@case()
def scalar_tensor(path): torch.save(torch.tensor(3.5), path)
@case()
def empty_tensor(path): torch.save({'none': torch.zeros(0, 4), 'void': torch.zeros(3, 0, 2)}, path)
@case()
def list_of_tensors(path): torch.save([torch.ones(2), (torch.zeros(3), [torch.ones(1)])], path)
@case()
def odd_keys(path): torch.save({1: torch.ones(1), (2, 'x'): torch.ones(2), None: torch.ones(3), True: torch.ones(4), 2.5: torch.ones(5), 'dotted.key': {'': torch.ones(6)}, 1e20: torch.ones(7), -0.0: torch.ones(1), 10**20: torch.ones(2)}, path)
@case()
def deep(path):
    value = torch.ones(1)
    for index in range(60): value = {'level%d' % index: value} if index % 2 else [value]
    torch.save(value, path)
@case()
def plain_values(path): torch.save({'text': 'grüße', 'none': None, 'flag': True, 'number': 2**70, 'small': -5, 'float': 1.5, 'bytes': b'\x00\xff', 'bytearray': bytearray(b'abc'), 'complex': 1 + 2j, 'set': {1, 2}, 'size': torch.Size([2, 3]), 'dtype': torch.float32, 'device': torch.device('cpu'), 'tensor': torch.ones(1)}, path)
@case()
def counter(path): torch.save({'counts': collections.Counter('aab'), 'tensor': torch.ones(1)}, path)
@case()
def defaults(path):
    made = collections.defaultdict(list)
    made['tensors'].append(torch.ones(2))
    torch.save(made, path)
@case()
def frozen(path): torch.save({'frozen': frozenset([1, 2]), 't': torch.ones(1)}, path)
@case()
def user_class(path): torch.save({'config': Config(4, torch.ones(2)), 'pair': Pair(torch.ones(1), torch.zeros(1)), 'state': net().state_dict()}, path)
@case()
def dates(path): torch.save({'when': datetime.datetime(2024, 1, 2), 'where': pathlib.PurePosixPath('a/b'), 'layout': torch.sparse_coo, 'tensor': torch.ones(1)}, path)
@case()
def empty_dict(path): torch.save({}, path)
@case()
def just_text(path): torch.save('hello', path)
@case('.pth')
def dotted_name_v1_2(path): torch.save({'a': torch.ones(1)}, path)
@case('.bin')
def long_names(path): torch.save({'layer' * 60 + str(i): torch.full((i + 1,), float(i)) for i in range(3)}, path)
@case()
def many(path): torch.save({'w%d' % i: torch.full((3,), float(i)) for i in range(40)}, path)
@case()
def no_byteorder(path): torch.save({'a': torch.ones(3)}, path, _disable_byteorder_record=True)
@case()
def alignment_4096(path):
    from torch.utils.serialization import config
    with config.patch('save.storage_alignment', 4096): torch.save({'a': torch.ones(3), 'b': torch.ones(5)}, path)
@case()
def no_crc(path):
    torch.serialization.set_crc32_options(False)
    torch.save({'a': torch.ones(3)}, path)
    torch.serialization.set_crc32_options(True)
@case()
def skip_data(path):
    with torch.serialization.skip_data(): torch.save({'a': torch.ones(3)}, path)
@case()
def big_endian(path):
    torch.save({'a': torch.arange(3.), 'b': torch.arange(2)}, path)
    data = path.read_bytes()
    if b'byteorder' not in data: raise RuntimeError('no byteorder record')
    # The record is as long as its new content needs: rebuild the archive with Python's zipfile.
    old = zipfile.ZipFile(io.BytesIO(data))
    with zipfile.ZipFile(path, 'w') as new:
        for info in old.infolist(): new.writestr(info.filename, b'big' if info.filename.endswith('byteorder') else old.read(info))
@case()
def python_zip(path):
    torch.save(net().state_dict(), path)
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist(): new.writestr(info.filename, old.read(info))
@case()
def scripted(path):
    torch.jit.save(torch.jit.script(nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.BatchNorm1d(3)).eval()), str(path))
    unplaced(path)
@case()
def traced(path):
    torch.jit.save(torch.jit.trace(nn.Linear(4, 3).eval(), torch.ones(1, 4)), str(path))
    unplaced(path)
@case()
def frozen_script(path):
    torch.jit.save(torch.jit.freeze(torch.jit.script(nn.Sequential(nn.Linear(4, 3), nn.ReLU()).eval())), str(path))
    unplaced(path)
@case('.pt2')
def exported(path):
    torch.export.save(torch.export.export(nn.Sequential(nn.Linear(4, 3), nn.ReLU()).eval(), (torch.ones(1, 4),)), str(path))
    unplaced(path)
@case('.pkl')
def plain_pickle(path): path.write_bytes(pickle.dumps({'weights': np.arange(4.), 'names': ['a', 'b']}, protocol=4))
@case('.pkl')
def pickled_tensors(path): path.write_bytes(pickle.dumps({'a': torch.arange(3.), 'b': torch.ones(2, 2)}))
@case('.npy')
def numpy_file(path): np.save(str(path), np.arange(6, dtype=np.int16).reshape(2, 3))
@case('.npz')
def numpy_archive(path): np.savez(str(path), a=np.ones(3, dtype=np.float32), b=np.zeros((2, 2)))
@case('.safetensors')
def safe(path):
    from safetensors.torch import save_file
    save_file({'a': torch.arange(6.).reshape(2, 3), 'b.half': torch.ones(3, dtype=torch.bfloat16), 'c': torch.ones(1, dtype=torch.int64), 'e8': torch.ones(4).to(torch.float8_e4m3fn), 'flag': torch.ones(3, dtype=torch.bool), 'none': torch.zeros(0, 2)}, str(path), metadata={'format': 'pt', 'naïve': 'ümlaut'})
@case('.safetensors')
def safe_empty(path):
    from safetensors.torch import save_file
    save_file({}, str(path))
@case('')
def sharded_torch(path):
    path.mkdir(exist_ok=True)
    state = net().state_dict()
    names = list(state)
    shards = [names[:2], names[2:]]
    for i, part in enumerate(shards): torch.save({n: state[n].clone() for n in part}, path / f'pytorch_model-0000{i + 1}-of-00002.bin')
    total = sum(t.numel() * t.element_size() for t in state.values())
    (path / 'pytorch_model.bin.index.json').write_text(json.dumps({'metadata': {'total_size': total}, 'weight_map': {n: f'pytorch_model-0000{i + 1}-of-00002.bin' for i, part in enumerate(shards) for n in part}}))
@case('')
def sharded_safe(path):
    from safetensors.torch import save_file
    path.mkdir(exist_ok=True)
    save_file({'a': torch.ones(3)}, str(path / 'model-00001-of-00002.safetensors'))
    save_file({'b': torch.ones(2, 2)}, str(path / 'model-00002-of-00002.safetensors'))
    (path / 'model.safetensors.index.json').write_text(json.dumps({'metadata': {'total_size': 28}, 'weight_map': {'a': 'model-00001-of-00002.safetensors', 'b': 'model-00002-of-00002.safetensors'}}))
@case()
def torchao_int8(path):
    from torchao.quantization import quantize_, Int8WeightOnlyConfig
    model = nn.Sequential(nn.Linear(32, 16, bias=False))
    quantize_(model, Int8WeightOnlyConfig())
    torch.save(model.state_dict(), path)
@case()
def torchao_int8_dynamic(path):
    from torchao.quantization import quantize_, Int8DynamicActivationInt8WeightConfig
    model = nn.Sequential(nn.Linear(32, 16))
    quantize_(model, Int8DynamicActivationInt8WeightConfig())
    torch.save(model.state_dict(), path)
@case()
def torchao_float8(path):
    from torchao.quantization import quantize_, Float8WeightOnlyConfig
    model = nn.Sequential(nn.Linear(32, 16))
    quantize_(model, Float8WeightOnlyConfig())
    torch.save(model.state_dict(), path)


def walk(value, name='', out=None, seen=()):
    out = [] if out is None else out
    label = name or '.'
    join = lambda part: f'{name}.{part}' if name else str(part)
    if id(value) in seen: return out
    seen = (*seen, id(value))
    if isinstance(value, torch.Tensor): out.append(describe(label, value))
    elif isinstance(value, (torch.storage.TypedStorage if hasattr(torch.storage, 'TypedStorage') else (), torch.storage._TypedStorage if hasattr(torch.storage, '_TypedStorage') else ())):
        out.append({'name': label, 'dtype': str(value.dtype)[6:], 'shape': [len(value)], 'stride': [1], 'bytes': value.nbytes()})
    elif torch.is_storage(value): out.append({'name': label, 'dtype': 'uint8', 'shape': [value.nbytes()], 'stride': [1], 'bytes': value.nbytes()})
    elif isinstance(value, np.ndarray): out.append({'name': label, 'dtype': str(value.dtype), 'shape': list(value.shape), 'stride': None, 'bytes': value.nbytes})
    elif isinstance(value, nn.Module):
        for key, tensor in value.state_dict().items():
            if isinstance(tensor, torch.Tensor): out.append(describe(join(key), tensor))
    elif isinstance(value, dict):
        for index, (key, item) in enumerate(value.items()): walk(item, join(index if isinstance(key, torch.Tensor) else key), out, seen)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value): walk(item, join(index), out, seen)
    elif isinstance(value, torch.optim.Optimizer):
        for key, item in value.__getstate__().items(): walk(item, join(key), out, seen)
    elif hasattr(value, '__dict__') and not isinstance(value, type) and not callable(value):
        for key, item in vars(value).items(): walk(item, join(key), out, seen)
    return out


def describe(name, tensor):
    shape = stride = None
    if not (tensor.is_nested): shape = list(tensor.shape)
    if tensor.layout is torch.strided and not tensor.is_nested: stride = list(tensor.stride())
    return {'name': name, 'dtype': str(tensor.dtype)[6:], 'shape': shape, 'stride': stride, 'bytes': tensor.numel() * tensor.element_size()}


def contents(path):
    if path.is_dir():
        return [entry for shard in sorted(path.glob('*')) if shard.suffix != '.json' for entry in contents(shard)]
    if path.suffix == '.safetensors':
        from safetensors.torch import load_file
        return walk(load_file(str(path)))
    if path.suffix == '.npy': return walk(np.load(str(path)))
    if path.suffix == '.npz': return walk(dict(np.load(str(path))))
    if path.suffix == '.pt2': return walk(torch.export.load(str(path)).state_dict)
    if path.suffix == '.pkl': return walk(pickle.loads(path.read_bytes()))
    if zipfile.is_zipfile(path) and any(n.endswith('/constants.pkl') for n in zipfile.ZipFile(path).namelist()):
        return walk(dict(torch.jit.load(str(path)).state_dict()))
    try: return walk(torch.load(str(path), weights_only=False))
    except TypeError: return walk(torch.load(str(path)))


def make(folder):
    oracle = {}
    for name, (extension, function) in cases.items():
        path = folder / f'{VERSION}-{name}{extension}'
        try:
            function(path)
            oracle[path.name] = contents(path)
        except Exception as error:
            print(f'{VERSION} {name}: {type(error).__name__}: {str(error)[:100]}')
            if path.is_file(): path.unlink()
    (folder / f'{VERSION}.oracle.json').write_text(json.dumps({'torch': torch.__version__, 'files': oracle}, separators=(',', ':')))
    print(VERSION, len(oracle), 'files')


def judge(folder):
    verdicts = {}
    for path in sorted(folder.iterdir()):
        if path.suffix not in ('.pt', '.pth', '.bin', '.ckpt', '.pkl'): continue
        entry = {}
        try:
            torch.load(str(path), weights_only=True, map_location='cpu')
            entry['loads'] = True
        except Exception as error:
            entry.update(loads=False, error=f'{type(error).__name__}: {str(error)[:300]}')
        if hasattr(torch.serialization, 'get_unsafe_globals_in_checkpoint'):
            try: entry['unsafe'] = sorted(torch.serialization.get_unsafe_globals_in_checkpoint(str(path)))
            except Exception: pass
        verdicts[path.name] = entry
    (folder / f'verdicts-{VERSION}.oracle.json').write_text(json.dumps({'torch': torch.__version__, 'files': verdicts}, separators=(',', ':')))
    print(VERSION, len(verdicts), 'judged')


if __name__ == '__main__':
    {'make': make, 'judge': judge}[sys.argv[1]](pathlib.Path(sys.argv[2]))
