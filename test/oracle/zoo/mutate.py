"""One number or name in a model's source is changed; what does real PyTorch say then?

usage: python mutate.py torchvision|timm COUNT OUT.json.gz     (by hand; the comparison is compare-mutations.mts)

Every mutation runs in a process of its own, forked before the package is imported, with the changed text in place of the
file's. Recorded: target, file (relative to site-packages), offset, old and new text, and what became of the model.
"""
import ast, gzip, hashlib, importlib, importlib.machinery, json, os, random, signal, sys, warnings

warnings.filterwarnings('ignore')
os.environ.setdefault('HF_HUB_OFFLINE', '1')
import numpy, torch, torch.utils.checkpoint, torch.fx, torch.hub, PIL.Image

SECONDS = 60


def describe(model):
    digest = hashlib.sha256()
    state = model.state_dict()
    for name, tensor in state.items():
        digest.update(('%s|%s|%s\n' % (name, ','.join(map(str, tensor.shape)), str(tensor.dtype).replace('torch.', ''))).encode())
    parameters, buffers = list(model.parameters()), list(model.buffers())
    return {'parameters': sum(p.numel() for p in parameters), 'trainable': sum(p.numel() for p in parameters if p.requires_grad), 'bufferElements': sum(b.numel() for b in buffers),
            'parameterBytes': sum(p.numel() * p.element_size() for p in parameters), 'bufferBytes': sum(b.numel() * b.element_size() for b in buffers), 'entries': len(state), 'hash': digest.hexdigest()[:16]}


def build(target):
    module, expression = target.split(':', 1)
    return eval(expression, dict(vars(importlib.import_module(module))))


def in_child(work):
    """The JSON value of work(), from a forked process; None when it dies or takes too long."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        signal.alarm(SECONDS)
        try:
            result = work()
        except BaseException as error:
            result = {'error': type(error).__name__, 'message': str(error)[:120]}
        with os.fdopen(writer, 'w') as file:
            json.dump(result, file)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        text = file.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def candidates(source):
    """(offset, old, new) of integers and of attribute names assigned to self."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and type(node.value) is int and 1 <= node.value <= 4096 and source[starts[node.lineno - 1] + node.col_offset:].startswith(str(node.value)):
            at = starts[node.lineno - 1] + node.col_offset
            if lines[node.lineno - 1].isascii():
                found.append((at, str(node.value), str(random.choice([node.value + 1, node.value * 2, max(node.value - 1, 0)]))))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute) and isinstance(node.targets[0].value, ast.Name) and node.targets[0].value.id == 'self' and lines[node.lineno - 1].isascii():
            at = starts[node.targets[0].end_lineno - 1] + node.targets[0].end_col_offset - len(node.targets[0].attr)
            found.append((at, node.targets[0].attr, node.targets[0].attr + '_x'))
    return found


def run_mutated(target, path, text):
    def work():
        original = importlib.machinery.SourceFileLoader.get_code
        def get_code(self, fullname):
            if self.get_filename(fullname) == path:
                return compile(text, path, 'exec')
            return original(self, fullname)
        importlib.machinery.SourceFileLoader.get_code = get_code
        with torch.device('meta'):
            return describe(build(target))
    return in_child(work)


def list_targets(package):
    def work():
        if package == 'timm':
            import timm
            return [["timm:create_model('%s')" % n, sys.modules[timm.model_entrypoint(n).__module__].__file__] for n in timm.list_models()]
        from torchvision import models
        import inspect
        out = []
        for name in models.list_models():
            builder = models.get_model_builder(name)
            if 'quantized' in name or '.quantization.' in builder.__module__:
                continue
            backbone = ', weights_backbone=None' if 'weights_backbone' in inspect.signature(builder).parameters else ''
            out.append(["torchvision.models:get_model('%s', weights=None%s)" % (name, backbone), sys.modules[builder.__module__].__file__])
        return out
    return in_child(work)


def main():
    package, count, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    random.seed(20)
    targets = list_targets(package)
    root = os.path.dirname(os.path.dirname(os.path.dirname(targets[0][1]))).rsplit('/' + package, 1)[0]
    results = []
    attempts = 0
    while len(results) < count and attempts < count * 3:
        attempts += 1
        target, path = random.choice(targets)
        source = open(path, encoding='utf-8').read()
        at, old, new = random.choice(candidates(source))
        text = source[:at] + new + source[at + len(old):]
        truth = run_mutated(target, path, text)
        if truth is None:
            continue
        results.append({'target': target, 'file': os.path.relpath(path, root), 'offset': at, 'old': old, 'new': new, 'truth': truth})
        if len(results) % 20 == 0:
            print(len(results), sum('error' in r['truth'] for r in results), file=sys.stderr, flush=True)
    with gzip.GzipFile(out, 'wb', mtime=0) as file:
        file.write(json.dumps({'torch': torch.__version__.split('+')[0], 'package': package, 'mutations': results}, separators=(',', ':')).encode())


main()
