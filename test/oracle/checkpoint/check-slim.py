"""Proves slimmed checkpoints with a real PyTorch: each loads with weights_only=True, and every tensor in it is the one in the original, bit by bit, or torch's own cast of it.

usage: python3 check-slim.py PAIRS.json     a list of {"input", "output", "dtype"?}; prints one line per failure and a count
       python3 check-slim.py --edge FILE    writes a checkpoint of numbers at the edges of every float type
"""
import json, sys, warnings
warnings.filterwarnings('ignore')
import torch
sys.argv, arguments = sys.argv[:1], sys.argv[1:]
import pathlib
source = pathlib.Path(__file__).with_name('make.py').read_text().split("\ndef make(folder)")[0]
scope = {'__name__': '__main__', '__file__': __file__}
exec(compile(source, 'make.py', 'exec'), scope)
# Classes of the zoo were pickled from its own script.
more = pathlib.Path(__file__).with_name('more.py').read_text()
exec('import enum\n' + more[more.index('class Kind'):more.index('@case()', more.index('class Kind'))], scope)
rare = pathlib.Path(__file__).with_name('rare.py').read_text()
exec(rare[rare.index('class Special'):rare.index('def rewritten')], scope)
for name in ('Net', 'Config', 'Pair', 'Tagged', 'Kind', 'Named', 'Listed', 'Special', 'Bag'): setattr(sys.modules['__main__'], name, scope[name])


def edge(path):
    bits = [0, 1, 2, 0x33000000, 0x33000001, 0x33800000, 0x337fffff, 0x38800000, 0x387fe000, 0x387fffff, 0x387ff000, 0x477fe000, 0x477fefff, 0x477ff000, 0x477fffff, 0x7f7fffff, 0x7f7f7fff, 0x7f7f8000, 0x7f800000, 0x3f801000, 0x3f803000, 0x3f800800, 0x3f808000, 0x3f818000, 0x3f808001]
    generator = torch.Generator().manual_seed(0)
    floats = torch.tensor(bits + [b - (1 << 31) for b in bits], dtype=torch.int32).view(torch.float32)
    random = torch.randint(-2**31, 2**31 - 1, (50000,), dtype=torch.int64, generator=generator).to(torch.int32).view(torch.float32)
    random = random[~random.isnan()]
    doubles = torch.cat([floats.double(), random.double() * 1.0000000001, torch.tensor([1e300, -1e300, 1e-320, 65519.99999, 65520.0])])
    torch.save({'edges': floats, 'random': random, 'doubles': doubles, 'bfloat16': random.bfloat16(), 'integers': torch.arange(5), 'columns': random[:49000].reshape(700, 70)[:, ::3], 'turned': random[:4900].reshape(70, 70).t()[1:, 3:]}, path)


def tensors(value, name='', out=None):
    out = {} if out is None else out
    if isinstance(value, torch.Tensor): out[name or '.'] = value
    elif isinstance(value, dict):
        for index, (key, item) in enumerate(value.items()): tensors(item, f'{name}.{index if isinstance(key, torch.Tensor) else key}' if name else str(key), out)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value): tensors(item, f'{name}.{index}' if name else str(index), out)
    return out


def plain(tensor):
    if tensor.is_nested: return [plain(part) for part in tensor.unbind()]
    if tensor.layout is not torch.strided: return plain(tensor.to_dense())
    if tensor.is_quantized: return [plain(tensor.int_repr()), str(tensor.qscheme())]
    if tensor.is_meta: return list(tensor.shape)
    data = tensor.detach().resolve_conj().resolve_neg().contiguous()
    return [str(data.dtype), list(data.shape), bytes((torch.view_as_real(data) if data.is_complex() and data.dtype is not torch.complex32 else data).clone(memory_format=torch.contiguous_format).flatten().view(torch.uint8).numpy().tobytes()) if data.numel() else b'']


def main(pairs):
    failures = checked = 0
    for pair in pairs:
        try:
            before = tensors(__import__('pickle').load(open(pair['input'], 'rb')) if pair['input'].endswith('.pkl') else torch.load(pair['input'], weights_only=False) if not pair['input'].endswith('.safetensors') else __import__('safetensors.torch').torch.load_file(pair['input']))
            if pair['output'].endswith('.safetensors'):
                from safetensors import safe_open
                file = safe_open(pair['output'], 'pt')
                after = {name: file.get_tensor(name) for name in file.keys()}
                after.update({name: after[kept] for name, kept in (file.metadata() or {}).items() if kept in after})
            else: after = tensors(torch.load(pair['output'], weights_only=True))
            wrong = []
            for name, tensor in after.items():
                original = before.get(name)
                if original is None: original = next((t for n, t in before.items() if n.endswith('.' + name)), None)
                if original is None: wrong.append(f'{name} is new'); continue
                dtype = pair.get('dtype')
                if dtype and original.is_floating_point() and original.layout is torch.strided and not original.is_nested and original.element_size() > torch.empty(0, dtype=getattr(torch, dtype)).element_size(): original = original.to(getattr(torch, dtype))
                if plain(original) != plain(tensor): wrong.append(f'{name} differs')
            missing = [name for name in pair.get('expect', []) if name not in after]
            if wrong or missing: failures += 1; print(pair['output'], wrong[:5], 'missing', missing[:5])
            checked += len(after)
        except Exception as error:
            failures += 1
            print(pair['output'], type(error).__name__, str(error)[:300])
    print(f'torch {torch.__version__}: {len(pairs)} files, {checked} tensors, {failures} failures')
    sys.exit(1 if failures else 0)


if arguments[0] == '--edge': edge(arguments[1])
else: main(json.load(open(arguments[0])))
