"""What real PyTorch says about every model of a zoo: counts and a hash over the ordered state_dict.

usage: python zoo.py torchvision|timm|transformers OUT.json.gz [--save-bytes]     (--save-bytes: get_model targets only, with the bytes torch.save writes)

Run by hand, once per environment. Models are built on the meta device where the torch at hand can, else on the CPU with
initialisation switched off. No weights are read: whatever would download them is replaced by a stub that leaves the
structure alone. The keys are targets of `torch-footprint model`, so that the comparison evaluates exactly the same expression.
"""
import contextlib, gzip, hashlib, importlib, inspect, json, os, signal, sys, tempfile, time, warnings

warnings.filterwarnings('ignore')
os.environ.setdefault('HF_HUB_OFFLINE', '1')
os.environ.setdefault('TRANSFORMERS_VERBOSITY', 'error')
import torch

SECONDS_PER_MODEL = 180
RESULT_FIELDS = ['parameters', 'trainable', 'bufferElements', 'parameterBytes', 'bufferBytes', 'entries', 'hash']


def silence_initialisation():
    """Values never matter here; shapes do."""
    def same(tensor, *args, **kwargs):
        return tensor
    for name in ['normal_', 'uniform_', 'exponential_', 'log_normal_', 'bernoulli_', 'erfinv_', 'random_', 'orthogonal_']:
        if hasattr(torch.Tensor, name) and name != 'random_':
            setattr(torch.Tensor, name, same)
    for name in ['normal_', 'uniform_', 'trunc_normal_', 'xavier_uniform_', 'xavier_normal_', 'kaiming_uniform_', 'kaiming_normal_', 'orthogonal_', 'constant_', 'zeros_', 'ones_']:
        setattr(torch.nn.init, name, same)


def meta_device():
    return torch.device('meta') if hasattr(torch.device('meta'), '__enter__') else None


def describe(model):
    def unique(tensors):
        seen, kept = set(), []
        for tensor in tensors:
            if id(tensor) not in seen:
                seen.add(id(tensor))
                kept.append(tensor)
        return kept
    parameters = unique(model.parameters())
    buffers = unique(model.buffers())
    digest = hashlib.sha256()
    entries = 0
    for name, tensor in model.state_dict().items():
        if not isinstance(tensor, torch.Tensor):
            return {'error': 'NonTensorEntry', 'message': name}
        digest.update(('%s|%s|%s\n' % (name, ','.join(map(str, tensor.shape)), str(tensor.dtype).replace('torch.', ''))).encode())
        entries += 1
    values = [
        sum(p.numel() for p in parameters), sum(p.numel() for p in parameters if p.requires_grad), sum(b.numel() for b in buffers),
        sum(p.numel() * p.element_size() for p in parameters), sum(b.numel() * b.element_size() for b in buffers), entries, digest.hexdigest()[:16],
    ]
    return dict(zip(RESULT_FIELDS, values))


class Timeout(Exception):
    pass


def on_alarm(*_):
    raise Timeout()


class Names(dict):
    """The names of a module, those included that it makes when asked."""
    def __init__(self, module):
        super().__init__(vars(module))
        self.module = module

    def __missing__(self, name):
        if name.startswith('__'):
            raise KeyError(name)
        try:
            return getattr(self.module, name)
        except AttributeError:
            raise KeyError(name)


def build(target, device):
    module_name, expression = target.split(':', 1)
    module = importlib.import_module(module_name)
    with device if device is not None else contextlib.nullcontext():
        return eval(expression, Names(module))


def record(target, save_bytes=False):
    signal.signal(signal.SIGALRM, on_alarm)
    failure = None
    devices = [meta_device()] if meta_device() is not None and not save_bytes else []
    for device in devices + [None]:
        signal.alarm(SECONDS_PER_MODEL)
        try:
            model = build(target, device)
            result = describe(model)
            if save_bytes:
                with tempfile.TemporaryDirectory() as folder:
                    path = os.path.join(folder, 'model.pt')
                    torch.save(model.state_dict(), path)
                    result['saveBytes'] = os.path.getsize(path)
            return result
        except (Exception, SystemExit) as error:
            failure = failure or {'error': type(error).__name__, 'message': str(error)[:160]}
            if device is not None and 'meta' not in str(error).lower() and not isinstance(error, (NotImplementedError, RuntimeError)):
                break
        finally:
            signal.alarm(0)
    return failure


def torchvision_targets():
    import torchvision
    from torchvision import models
    def never(*args, **kwargs):
        return {}
    for name, module in list(sys.modules.items()):
        if name.startswith('torchvision.models') and hasattr(module, 'load_state_dict_from_url'):
            module.load_state_dict_from_url = never
    torch.nn.Module.load_state_dict = lambda self, *args, **kwargs: None
    targets = []
    for name in models.list_models():
        if 'quantized' in name:
            continue
        builder = models.get_model_builder(name)
        if '.quantization.' in builder.__module__:
            continue
        accepts = inspect.signature(builder).parameters
        backbone = ', weights_backbone=None' if 'weights_backbone' in accepts else ''
        targets.append("torchvision.models:get_model('%s', weights=None%s)" % (name, backbone))
        targets.append('%s:%s(weights=None%s)' % (builder.__module__, builder.__name__, backbone))
        targets.append("%s:%s(weights='DEFAULT')" % (builder.__module__, builder.__name__))
        targets.append("torchvision.models:get_model('%s', weights=None%s, num_classes=7)" % (name, backbone))
    return torchvision.__version__, targets


def timm_targets():
    import timm
    return timm.__version__, ["timm:create_model('%s')" % name for name in timm.list_models()]


def transformers_targets():
    import transformers
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES
    from transformers.models.auto.modeling_auto import MODEL_MAPPING_NAMES
    targets = []
    for model_type, names in MODEL_MAPPING_NAMES.items():
        for name in names if isinstance(names, (tuple, list)) else (names,):
            if hasattr(transformers, name) and hasattr(transformers, CONFIG_MAPPING_NAMES[model_type]):
                targets.append('transformers:%s(%s())' % (name, CONFIG_MAPPING_NAMES[model_type]))
    return transformers.__version__, sorted(set(targets))


def main():
    zoo, out = sys.argv[1:3]
    save_bytes = '--save-bytes' in sys.argv
    version, targets = {'torchvision': torchvision_targets, 'timm': timm_targets, 'transformers': transformers_targets}[zoo]()
    if save_bytes:
        targets = [target for target in targets if ':get_model' in target and 'num_classes' not in target]
    silence_initialisation()
    results, started = {}, time.time()
    for i, target in enumerate(targets):
        results[target] = record(target, save_bytes)
        if i % 20 == 0:
            print('%d/%d %.0fs %s' % (i, len(targets), time.time() - started, target), file=sys.stderr, flush=True)
    document = {'torch': torch.__version__.split('+')[0], 'package': zoo, 'version': version.split('+')[0], 'python': '%d.%d' % sys.version_info[:2], 'models': results}
    with gzip.GzipFile(out, 'wb', mtime=0) as file:
        file.write(json.dumps(document, separators=(',', ':')).encode())
    failed = [t for t, r in results.items() if 'error' in r]
    print('%d models, %d failed' % (len(results), len(failed)), file=sys.stderr)
    for target in failed[:60]:
        print('  ', target, results[target], file=sys.stderr)


main()
