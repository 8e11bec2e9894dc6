"""Which names PyTorch's own modules have, per version: what `hasattr(torch, 'x')` and guarded imports are answered from.

usage: python names.py OUT.json                    (once per torch version, by hand)
       python names.py --merge A.json B.json ...   writes server/src/core/layers/generated/torch-names.ts
"""
import importlib, inspect, json, os, sys, types, warnings

warnings.filterwarnings('ignore')

# Modules whose every name is listed; of the others only the existence is.
LISTED = '''torch torch.nn torch.nn.functional torch.nn.init torch.nn.parameter torch.nn.utils torch.nn.utils.rnn torch.nn.utils.parametrize
torch.nn.utils.parametrizations torch.nn.utils.weight_norm torch.nn.utils.spectral_norm torch.nn.utils.prune torch.nn.utils.fusion torch.nn.utils.clip_grad
torch.nn.utils.convert_parameters torch.nn.utils.stateless torch.nn.utils.init torch.nn.modules torch.nn.modules.activation torch.nn.modules.batchnorm torch.nn.modules.container
torch.nn.modules.conv torch.nn.modules.dropout torch.nn.modules.embedding torch.nn.modules.flatten torch.nn.modules.fold torch.nn.modules.instancenorm
torch.nn.modules.lazy torch.nn.modules.linear torch.nn.modules.loss torch.nn.modules.module torch.nn.modules.normalization torch.nn.modules.padding
torch.nn.modules.pooling torch.nn.modules.rnn torch.nn.modules.sparse torch.nn.modules.transformer torch.nn.modules.upsampling torch.nn.modules.utils torch.nn.modules.adaptive torch.nn.modules.distance torch.nn.modules.pixelshuffle torch.nn.modules.channelshuffle
torch.nn.parallel torch.nn.parallel.distributed torch.nn.parallel.data_parallel torch.nn.attention torch.nn.attention.flex_attention torch.nn.attention.bias torch.nn.backends torch.nn.quantized torch.nn.quantizable torch.nn.intrinsic torch.nn.qat torch.nn.common_types torch.nn.grad
torch.autograd torch.autograd.function torch.autograd.functional torch.autograd.profiler torch.autograd.graph torch.cuda torch.cuda.amp torch.cuda.amp.autocast_mode torch.cuda.nvtx torch.amp torch.amp.autocast_mode
torch.backends torch.backends.cuda torch.backends.cudnn torch.backends.mps torch.backends.mkldnn torch.backends.quantized torch.backends.xnnpack torch.backends.openmp torch.mps torch.xpu torch.cpu torch.cpu.amp torch.mtia torch.accelerator
torch.utils torch.utils.checkpoint torch.utils.data torch.utils.data.distributed torch.utils.data.dataset torch.utils.data.dataloader torch.utils.model_zoo torch.utils.tensorboard torch.utils.hooks torch.utils.cpp_extension torch.utils.mobile_optimizer torch.utils._pytree torch.utils.weak torch.utils.dlpack torch.utils._triton torch.utils.flop_counter torch.utils.benchmark
torch.hub torch.jit torch.jit.annotations torch.jit._script torch._jit_internal torch.fx torch.fx.graph_module torch.fx.node torch.fx.proxy torch.fx.experimental torch.fx._compatibility torch.onnx torch.onnx.symbolic_helper torch.onnx.operators torch.export torch.compiler torch._dynamo torch._six torch._utils torch._utils_internal torch._ops torch._tensor torch._subclasses torch._subclasses.fake_tensor
torch.ops torch.library torch.types torch.torch_version torch.version torch.random torch.serialization torch.storage torch.functional torch.overrides torch.optim torch.optim.optimizer torch.optim.lr_scheduler torch.optim.swa_utils torch.distributions torch.distributions.constraints torch.distributed torch.distributed.nn torch.distributed.nn.functional torch.distributed.fsdp torch.distributed.tensor torch.distributed.tensor.parallel torch.distributed.device_mesh torch.distributed.algorithms torch.distributed.optim torch.distributed.rpc torch.distributed._tensor torch.distributed.algorithms._checkpoint.checkpoint_wrapper torch.distributed.fsdp.wrap torch.distributed._composable.fsdp torch.distributed.checkpoint
torch.linalg torch.fft torch.special torch.signal torch.sparse torch.nested torch.masked torch.func torch.futures torch.package torch.monitor torch.multiprocessing torch.profiler torch.quasirandom
torch.quantization torch.quantization.fuse_modules torch.quantization.quantize torch.quantization.observer torch.quantization.qconfig torch.quantization.fake_quantize torch.quantization.stubs torch.quantization.quantization_mappings torch.quantization.quantize_fx torch.quantization.utils torch.ao torch.ao.nn torch.ao.nn.quantized torch.ao.nn.quantized.dynamic torch.ao.nn.quantized.modules torch.ao.nn.quantizable torch.ao.nn.quantizable.modules torch.ao.nn.intrinsic torch.ao.nn.qat torch.ao.nn.intrinsic.qat torch.ao.quantization torch.ao.quantization.quantize torch.ao.quantization.stubs torch.ao.quantization.observer torch.ao.quantization.qconfig torch.ao.quantization.fake_quantize torch.ao.quantization.quantize_fx torch.ao.quantization.qconfig_mapping torch.ao.quantization.backend_config torch.ao.quantization.fuse_modules torch.ao.pruning'''.split()

# Classes of which every attribute is listed, under `module:Class`.
CLASSES = ['torch:Tensor', 'torch:Size', 'torch:Generator', 'torch:device', 'torch:dtype', 'torch.nn:Module', 'torch.nn:Parameter', 'torch.nn:Sequential', 'torch.nn:ModuleList', 'torch.nn:ModuleDict', 'torch.nn:ParameterList', 'torch.nn:ParameterDict', 'torch.nn:Linear', 'torch.nn:Conv2d', 'torch.nn:BatchNorm2d', 'torch.nn:Embedding', 'torch.nn:MultiheadAttention', 'torch.nn:LSTM', 'torch.autograd:Function', 'torch.nn.modules.module:Module']


def kind_of(value):
    if isinstance(value, types.ModuleType):
        return 'm'
    if inspect.isclass(value):
        return 'l' if issubclass(value, sys.modules['torch'].nn.Module) else 'c'
    return 'f' if callable(value) else 'v'


def collect():
    import torch
    modules = {}
    found = {'torch'}
    for info in walk(torch.__path__[0], 'torch'):
        found.add(info)
    for name in LISTED:
        try:
            module = importlib.import_module(name)
        except Exception:
            module = sys.modules.get(name)
        if module is None:
            continue
        found.add(name)
        names = {}
        for attribute in dir(module):
            if attribute.startswith('__') and attribute not in ('__version__', '__config__', '__future__'):
                continue
            try:
                names[attribute] = kind_of(getattr(module, attribute))
            except Exception:
                names[attribute] = 'v'
        # Python files below a package become attributes only when imported; these are by `import torch` alone, or are not listed.
        modules[name] = names
    for label in CLASSES:
        module_name, class_name = label.split(':')
        cls = getattr(sys.modules.get(module_name), class_name, None)
        if cls is not None:
            modules[label] = {attribute: 'f' if callable(getattr(cls, attribute, None)) else 'v' for attribute in dir(cls)}
    return {'torch': torch.__version__.split('+')[0].replace('1.13.0a0', '1.13.1'), 'modules': modules, 'found': sorted(found)}


def walk(folder, package):
    for entry in sorted(os.listdir(folder)):
        path = os.path.join(folder, entry)
        if entry.endswith('.py') and entry != '__init__.py':
            yield '%s.%s' % (package, entry[:-3])
        elif os.path.isdir(path) and os.path.exists(os.path.join(path, '__init__.py')) and not entry.startswith('test'):
            yield '%s.%s' % (package, entry)
            yield from walk(path, '%s.%s' % (package, entry))


def merge(paths):
    documents = sorted((json.load(open(path)) for path in paths), key=lambda d: [int(p) for p in d['torch'].split('.')])
    every = (1 << len(documents)) - 1

    def encode(per_version, mask_all):
        """name -> versions; `name` alone means every version that has the module, else `name~bits`."""
        words = []
        for name in sorted(set().union(*per_version)):
            mask = sum(1 << i for i, names in enumerate(per_version) if name in names)
            kind = next(names[name] for names in reversed(per_version) if name in names)
            words.append(('' if kind == 'f' else {'m': '/', 'c': '^', 'l': '*', 'v': '='}[kind]) + name + ('' if mask == mask_all else '~%d' % mask))
        return ' '.join(words)
    lines = ['// Generated by test/oracle/layers/names.py from PyTorch %s; do not edit.' % ', '.join(d['torch'] for d in documents),
             '// Per line: module (or module:class), `~bits` of the versions that have it, then its names: `/` module, `^` class, `*` subclass of nn.Module, `=` other value, `~bits` where not all versions have it.',
             '', 'export const NAME_TABLE_VERSIONS = [%s] as const' % ', '.join("'%s'" % d['torch'] for d in documents), '', 'export const NAME_TABLE = `']
    for name in sorted(set().union(*(d['modules'] for d in documents))):
        mask = sum(1 << i for i, d in enumerate(documents) if name in d['modules'])
        per_version = [d['modules'].get(name, {}) for d in documents]
        lines.append('%s~%d %s' % (name, mask, encode(per_version, mask)))
    lines.append('`')
    lines.append('')
    lines.append('/** Every module below torch, `~bits` where not all versions have it. */')
    found = [dict.fromkeys(d['found'], 'f') for d in documents]
    skip = lambda name: any(part in name for part in ('.testing.', '._inductor.', '.benchmarks.', '._strobelight', '.utils.data.datapipes', '.distributed.elastic.', '._vendor'))
    found = [{n: k for n, k in names.items() if not skip(n)} for names in found]
    lines.append('export const MODULE_TABLE = `%s`' % encode(found, every))
    out = os.path.join(os.path.dirname(__file__), '../../../server/src/core/layers/generated/torch-names.ts')
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, 'w') as file:
        file.write('\n'.join(lines).replace('\\', '') + '\n')


if sys.argv[1] == '--merge':
    merge(sys.argv[2:])
else:
    json.dump(collect(), open(sys.argv[1], 'w'))
