"""More of the checkpoint zoo: training states of every optimizer, averaged twins, sharded and wrapped models, odd views, odd keys, odd pickles.

usage: python3 more.py make FOLDER | judge FOLDER     as make.py, whose helpers it uses; writes more-<torch>.oracle.json and more-verdicts-<torch>.oracle.json
       python3 more.py pack FOLDER FIXTURES            puts all of it into FIXTURES/checkpoints/more.json.gz
"""
import enum, json, pathlib, sys
shared = pathlib.Path(__file__).with_name('make.py').read_text()
exec(compile(shared.split("\n@case()\ndef state_dict(path)")[0], 'make.py', 'exec'))
exec(compile('def walk' + shared.split('\ndef walk')[1].split("\n\nif __name__")[0], 'make.py', 'exec'))


def stepped(make, steps=2, **more):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 3), nn.LayerNorm(3), nn.Linear(3, 2, bias=False))
    optim = make(model.parameters(), **more)
    for _ in range(steps):
        def closure():
            optim.zero_grad()
            loss = model(torch.ones(2, 4)).pow(2).sum()
            loss.backward()
            return loss
        optim.step(closure)
    return model, optim


def optimizer_case(name, **more):
    def write(path):
        model, optim = stepped(getattr(torch.optim, name), **more)
        scheduler = torch.optim.lr_scheduler.StepLR(optim, 3)
        torch.save({'model': model.state_dict(), 'optimizer': optim.state_dict(), 'scheduler': scheduler.state_dict(), 'epoch': 3}, path)
    cases[f'optimizer_{name.lower()}' + ''.join(f'_{key}' for key in more if key != 'lr')] = ('.pt', write)


for name, more in [('Adam', {}), ('AdamW', {'amsgrad': True}), ('Adamax', {}), ('NAdam', {}), ('RAdam', {}), ('Adadelta', {}), ('Adagrad', {}), ('RMSprop', {'momentum': 0.9, 'centered': True}), ('Rprop', {}), ('ASGD', {}),
                   ('SGD', {'lr': 0.1, 'momentum': 0.9, 'nesterov': True}), ('SGD', {'lr': 0.1}), ('LBFGS', {}), ('Adafactor', {}), ('SparseAdam', {})]:
    if hasattr(torch.optim, name) and name != 'SparseAdam': optimizer_case(name, **more)


class Kind(enum.Enum):
    small = 1
    large = 'l'


class Named(dict):
    pass


class Listed(list):
    pass


@case()
def averaged_model(path):
    model = net()
    average = torch.optim.swa_utils.AveragedModel(model)
    average.update_parameters(model)
    torch.save({'model': model.state_dict(), 'swa_model': average.state_dict()}, path)
@case()
def averaged_module(path): torch.save(torch.optim.swa_utils.AveragedModel(nn.Linear(3, 2)), path)
@case()
def data_parallel_wrapped(path): torch.save(nn.DataParallel(net()).state_dict(), path)
@case()
def compiled_prefix(path): torch.save({'_orig_mod.' + k: v for k, v in net().state_dict().items()}, path)
@case()
def flat_parameter(path):
    flat = torch.arange(100.)
    torch.save({'flat': flat, 'a': flat[:40].view(5, 8), 'b': flat[40:64].view(2, 3, 4), 'c': flat[64:65].view(()), 'rest': flat[65:]}, path)
@case()
def sharded_by_rank(path):
    whole = torch.arange(24.).reshape(6, 4)
    torch.save({'rank': 0, 'shards': [{'weight': part, 'metadata': {'offset': index * 2}} for index, part in enumerate(whole.chunk(3))]}, path)
@case()
def quantized_static(path):
    torch.manual_seed(0)
    model = nn.Sequential(torch.quantization.QuantStub(), nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3), torch.quantization.DeQuantStub())
    model.qconfig = torch.quantization.get_default_qconfig('qnnpack' if 'qnnpack' in torch.backends.quantized.supported_engines else 'fbgemm')
    torch.backends.quantized.engine = 'qnnpack' if 'qnnpack' in torch.backends.quantized.supported_engines else 'fbgemm'
    torch.quantization.prepare(model, inplace=True)
    model(torch.ones(1, 1, 4, 4))
    torch.quantization.convert(model, inplace=True)
    torch.save(model.state_dict(), path)
@case()
def quantized_lstm(path): torch.save(torch.quantization.quantize_dynamic(nn.LSTM(4, 3), {nn.LSTM}).state_dict(), path)
@case()
def expanded(path): torch.save({'row': torch.arange(3.).expand(1000, 3), 'scalar': torch.ones(()).expand(5, 6, 7), 'column': torch.ones(4, 1).expand(4, 9)}, path)
@case()
def huge_strides(path):
    base = torch.zeros(10_000)
    torch.save({'wide': base[::2500], 'strided': base.as_strided((2, 3), (4000, 1000)), 'overlap': base.as_strided((5, 5), (1, 1)), 'last': base[9_999:]}, path)
@case()
def lazy_views(path):
    z = torch.complex(torch.ones(3), torch.ones(3))
    y = torch.complex(torch.ones(3), torch.ones(3))
    torch.save({'conj': z.conj(), 'plain': z, 'negative': y.conj().imag, 'real': y.real}, path)
@case()
def zero_sizes(path): torch.save({'a': torch.zeros(0), 'b': torch.zeros(5, 0), 'c': torch.zeros(0, 5).t(), 'd': torch.zeros(3)[3:], 'e': torch.zeros(2, 3)[:, 3:]}, path)
@case()
def one_storage_two_names(path):
    one = torch.ones(6)
    torch.save({'one': one, 'two': one, 'view': one.view(2, 3), 'deep': {'again': one[1:]}}, path)
@case()
def gradients(path):
    leaf = torch.ones(3, requires_grad=True)
    torch.save({'leaf': leaf, 'frozen': nn.Parameter(torch.ones(2), requires_grad=False), 'parameter': nn.Parameter(torch.ones(2, 2))}, path)
@case()
def parameter_with_attributes(path):
    weight = nn.Parameter(torch.ones(2, 3))
    weight.is_sharded = True
    weight.scale = torch.ones(4)
    torch.save({'weight': weight}, path)
@case()
def parameter_list(path): torch.save(nn.ParameterDict({'a': nn.Parameter(torch.ones(2)), 'b': nn.Parameter(torch.zeros(3))}).state_dict(), path)
@case()
def parameter_dict_module(path): torch.save(nn.ModuleDict({'p': nn.ParameterList([nn.Parameter(torch.ones(2)), nn.Parameter(torch.zeros(3))]), 'l': nn.Linear(1, 1)}), path)
@case()
def unicode_keys(path): torch.save({'слой.вес': torch.ones(2), '重み': {'β\n': torch.ones(1)}, '\ud800'.encode('utf-8', 'surrogatepass').decode('utf-8', 'replace'): torch.ones(3), 'tab\tkey': torch.ones(5), "quote'key": torch.ones(6)}, path)
@case()
def integer_keys(path): torch.save({0: torch.ones(1), -3: torch.ones(2), 2**40: torch.ones(3), 256: torch.ones(4), 70_000: torch.ones(5)}, path)
@case()
def mixed_containers(path):
    torch.save({'nested': ((torch.ones(1), (torch.ones(2), [torch.ones(3)])),), 'ordered': collections.OrderedDict(a=torch.ones(4), b=collections.OrderedDict(c=torch.ones(5))), 'pair': Pair(torch.ones(6), {'x': torch.ones(7)}),
                'default': collections.defaultdict(list, {'k': [torch.ones(8)]}), 'counter': collections.Counter({'z': 3})}, path)
@case()
def ordered_with_state(path):
    state = collections.OrderedDict(w=torch.ones(2))
    state._metadata = collections.OrderedDict({'': {'version': 1}, 'layer': {'version': 2}})
    torch.save(state, path)
@case()
def own_classes(path): torch.save({'dict': Named(a=torch.ones(2)), 'list': Listed([torch.ones(3)]), 'kind': Kind.large}, path)
@case()
def memo_of_tensors(path):
    shared = [torch.ones(2)]
    torch.save({'a': shared, 'b': shared, 'c': {'d': shared}, 'same': (shared[0], shared[0])}, path)
@case()
def random_states(path): torch.save({'torch': torch.get_rng_state(), 'numpy': np.random.RandomState(0).get_state(), 'python': __import__('random').Random(0).getstate(), 'w': torch.ones(2)}, path)
@case()
def numpy_scalars(path): torch.save({'f': np.float32(1.5), 'i': np.int64(3), 'b': np.bool_(True), 'arrays': [np.zeros(3), np.ones((2, 2), dtype='>i4')], 'text': np.array(['ab', 'c']), 'w': torch.ones(2)}, path)
@case()
def module_nested(path): torch.save(nn.ModuleDict({'enc': nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2), 'norm': nn.BatchNorm2d(3, affine=False), 'lstm': nn.LSTM(3, 2, 2, bidirectional=True)}), path)
@case()
def module_weight_norm(path): torch.save(nn.utils.weight_norm(nn.Linear(3, 2)).state_dict(), path)
@case()
def module_hooks(path):
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    model.extra = {'tensors': [torch.ones(3)]}
    model.register_buffer('counts', None)
    torch.save(model, path)
@case()
def module_frozen_parameters(path):
    model = nn.Linear(2, 2)
    model.weight.requires_grad_(False)
    torch.save(model, path)
@case()
def optimizer_and_module(path):
    model, optim = stepped(torch.optim.Adam)
    torch.save({'net': model, 'opt': optim, 'step': 7}, path)
@case()
def grad_scaler(path): torch.save({'scaler': torch.cuda.amp.GradScaler(enabled=False).state_dict(), 'model': nn.Linear(2, 2).state_dict(), 'best_acc': torch.tensor(0.5)}, path)
@case()
def protocol_4_shared(path):
    one = torch.ones(5)
    torch.save({'a': one, 'b': one[2:], 'c': [one] * 3}, path, pickle_protocol=4)
@case()
def protocol_5_legacy(path): torch.save(net().state_dict(), path, _use_new_zipfile_serialization=False, pickle_protocol=5)
@case()
def legacy_shared(path):
    one = torch.ones(6)
    torch.save({'a': one, 'b': one.view(2, 3)[1:], 'c': nn.Parameter(one)}, path, _use_new_zipfile_serialization=False)
@case()
def legacy_quantized(path): torch.save({'q': torch.quantize_per_tensor(torch.ones(3, 2), 0.1, 1, torch.qint8), 'c': torch.quantize_per_channel(torch.ones(2, 3), torch.tensor([.1, .2]), torch.tensor([0, 0]), 0, torch.qint8)}, path, _use_new_zipfile_serialization=False)
@case()
def legacy_types(path): torch.save({str(t)[6:]: torch.ones(2, dtype=t) for t in (torch.float64, torch.float16, torch.bfloat16, torch.complex64, torch.bool, torch.int16)}, path, _use_new_zipfile_serialization=False)
@case()
def sparse_in_list(path): torch.save([torch.eye(3).to_sparse(), torch.zeros(2, 2).to_sparse(), (torch.eye(2) * 2).to_sparse_csr()], path)
@case()
def many_storages(path): torch.save([torch.full((1,), float(i)) for i in range(300)], path)
@case()
def many_in_one(path): torch.save(list(torch.arange(400.).unbind()), path)
@case()
def many_named(path): torch.save({f'layer.{i}.weight': torch.ones(1 + i % 3, 2) for i in range(120)}, path)
@case()
def long_tuple_shapes(path): torch.save({'d5': torch.ones(1, 2, 1, 2, 1), 'd8': torch.ones((1,) * 8), 'd10': torch.ones((1,) * 10), 'd4': torch.ones(2, 2, 2, 2)}, path)
@case()
def functional_partial(path): torch.save({'init': functools.partial(int, base=2), 'w': torch.ones(2)}, path)
@case()
def enum_and_path(path): torch.save({'kind': Kind.small, 'kinds': [Kind.small, Kind.large], 'path': pathlib.PurePosixPath('/x'), 'range': range(3), 'slice': slice(1, 2), 'type': int, 'w': torch.ones(2)}, path)
@case()
def torch_values(path): torch.save({'generator_state': torch.Generator().get_state(), 'dtype': torch.float16, 'qscheme': torch.per_tensor_affine, 'size': torch.Size([]), 'device': torch.device('cuda', 1), 'w': torch.ones(2)}, path)
@case()
def dataset(path): torch.save(torch.utils.data.TensorDataset(torch.ones(4, 2), torch.zeros(4)), path)
@case()
def distribution(path): torch.save(torch.distributions.Normal(torch.zeros(3), torch.ones(3)), path)
@case()
def channels_last(path): torch.save({'w': torch.ones(2, 3, 4, 5).to(memory_format=torch.channels_last), 't': torch.ones(3, 4).t()}, path)
@case()
def storage_types_alone(path): torch.save(torch.ones(3).untyped_storage() if hasattr(torch.Tensor, 'untyped_storage') else torch.ones(3).storage(), path)
@case()
def storage_under_two_types(path):
    base = torch.zeros(16, dtype=torch.uint8)
    torch.save({'f': base.view(torch.float32), 'i': [base.view(torch.float32)[1:]]}, path)
@case('.pkl')
def pickled_module(path): path.write_bytes(pickle.dumps(nn.Linear(3, 2).state_dict(), protocol=4))
@case('.pkl')
def pickled_protocol_0(path): path.write_bytes(pickle.dumps({'a': torch.ones(2), 'n': [1, 2.5, None, True, 'é', 10**30]}, protocol=0))
@case('.pt2')
def exported_more(path):
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Embedding(5, 4)
            self.head = nn.Linear(4, 5, bias=False)
            self.head.weight = self.embed.weight
            self.register_buffer('mask', torch.ones(4, dtype=torch.bool))
        def forward(self, x): return self.head(self.embed(x) * self.mask)
    torch.export.save(torch.export.export(Tied(), (torch.tensor([1, 2]),)), str(path))
    unplaced(path)
@case()
def scripted_more(path):
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.Linear(2, 2)
            self.b = self.a
            self.scale = torch.ones(3)
        def forward(self, x): return self.b(self.a(x))
    torch.jit.save(torch.jit.trace(Twice(), torch.ones(1, 2)), str(path))
    unplaced(path)


def pack(folder, fixtures):
    import base64, gzip
    files = {path.name: base64.b64encode(path.read_bytes()).decode() for path in sorted(folder.iterdir()) if path.suffix != '.json'}
    told = lambda pattern: {path.name.split('-')[-1].split('.oracle')[0]: json.loads(path.read_text()) for path in sorted(folder.glob(pattern))}
    out = {'tensors': told('more-[0-9]*.oracle.json'), 'verdicts': told('more-verdicts-*.oracle.json'), 'files': files}
    with gzip.GzipFile(fixtures / 'checkpoints' / 'more.json.gz', 'wb', mtime=0) as file: file.write(json.dumps(out, separators=(',', ':')).encode())


if __name__ == '__main__':
    folder = pathlib.Path(sys.argv[2])
    if sys.argv[1] == 'pack': pack(folder, pathlib.Path(sys.argv[3]))
    else:
        {'make': make, 'judge': judge}[sys.argv[1]](folder)
        name = f'{VERSION}.oracle.json' if sys.argv[1] == 'make' else f'verdicts-{VERSION}.oracle.json'
        (folder / name).rename(folder / f'more-{name}')
