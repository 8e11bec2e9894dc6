"""Writes server/src/core/checkpoint/generated/weights-only.ts: which names torch.load(weights_only=True) allows, by torch version.

usage: python3 weights-only-tables.py SOURCE... > .../weights-only.ts
A SOURCE is a torch wheel, a folder that holds torch/, or a JSON file with "torch" and "allowed_globals" (a dump of a running torch).
Of wheels and folders only three source files are read, nothing of torch is imported, so any platform's wheel will do.
"""
import ast, json, re, sys, types, zipfile
from pathlib import Path

# torch._tensor_classes and torch._storage_classes are filled by compiled code; the same in every version since 1.13.
KINDS = 'BFloat16 Bool Byte Char Double Float Half Int Long Short'.split()
STORAGES = [f'torch.{k}Storage' for k in KINDS + 'ComplexDouble ComplexFloat QInt32 QInt8 QUInt2x4 QUInt4x2 QUInt8'.split()]
STORAGES += [f'torch.cuda.{k}Storage' for k in KINDS + 'ComplexDouble ComplexFloat'.split()] + ['torch.storage.TypedStorage', 'torch.storage.UntypedStorage']
TENSORS = [f'torch.{p}{k}Tensor' for p in ('', 'cuda.') for k in KINDS] + [f'torch.{p}sparse.{k}Tensor' for p in ('', 'cuda.') for k in KINDS if k != 'Bool']
ALIASES = {'double': 'float64', 'float': 'float32', 'half': 'float16', 'long': 'int64', 'int': 'int32', 'cdouble': 'complex128', 'cfloat': 'complex64'}


class Name:
    """Stands for torch.a.b.c; hashable, prints as its path."""
    def __init__(self, path): self.path = path
    def __getattr__(self, part):
        if part.startswith('__') and part not in ('__module__',): raise AttributeError(part)
        return Name(f'{self.path}.{ALIASES.get(part, part) if self.path == "torch" else part}')
    def __str__(self): return self.path
    def __eq__(self, other): return isinstance(other, Name) and other.path == self.path
    def __hash__(self): return hash(self.path)
    def __call__(self, *_): return self


def function(tree, name):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            node.decorator_list = []
            return ast.Module(body=[node], type_ignores=[])
    return None


def allowed(read):
    torch = Name('torch')
    scope = {'torch': torch, 'Dict': dict, 'Any': object, 'OrderedDict': None, 'Counter': None, 'encode': None, 'dot': '.', 'bytearray': None}
    storage, unpickler = ast.parse(read('torch/storage.py')), ast.parse(read('torch/_weights_only_unpickler.py'))
    for source, name in ((storage, '_new_dtypes'), (storage, '_dtype_to_storage_type_map'), (unpickler, '_tensor_rebuild_functions'), (unpickler, '_get_allowed_globals')):
        tree = function(source, name)
        if tree is None: continue
        text = ast.unparse(tree)
        text = text.replace('torch.storage._dtype_to_storage_type_map()', '_dtype_to_storage_type_map()').replace('torch.storage._new_dtypes()', '_new_dtypes()')
        text = text.replace('torch._tensor_classes', '_tensor_classes').replace('torch._storage_classes', '_storage_classes')
        text = text.replace("{tt.__module__}.{tt.__name__}", '{tt}').replace("{ts.__module__}.{ts.__name__}", '{ts}').replace('{f.__name__}', '{str(f).rpartition(dot)[2]}').replace('ts.__name__', 'str(ts)')
        scope.update(_tensor_classes=[Name(t) for t in TENSORS], _storage_classes=[Name(s) for s in STORAGES])
        exec(text, scope)
    return set(map(str, scope['_get_allowed_globals']()))


def source(argument):
    path = Path(argument)
    if path.suffix == '.json':
        data = json.loads(path.read_text())
        return data['torch'], set(data['allowed_globals'])
    if path.suffix == '.whl':
        archive = zipfile.ZipFile(path)
        return path.name.split('-')[1], allowed(lambda name: archive.read(name).decode())
    version = re.search(r"__version__\s*=\s*'([^']+)'", (path / 'torch/version.py').read_text())[1]
    return version, allowed(lambda name: (path / name).read_text())


def main():
    versions = {}
    for argument in sys.argv[1:]:
        version, names = source(argument)
        key = tuple(map(int, version.split('+')[0].split('a')[0].split('.')[:2]))
        if key in versions and versions[key] != names: sys.exit(f'{argument}: differs from another {key}: {versions[key] ^ names}')
        versions[key] = names
    order = sorted(versions)
    out = ['// Written by test/oracle/checkpoint/weights-only-tables.py from the sources of torch ' + ', '.join(f'{a}.{b}' for a, b in order) + '. Do not edit.', '',
           '/** The releases that were read, as [major, minor]. */', f'export const weightsOnlyReleases: readonly (readonly [number, number])[] = {json.dumps([list(k) for k in order])}', '',
           '/** Names that `weights_only=True` allows: name, index of the first release that has it, index of the first that has it no more (or -1). */',
           'export const weightsOnlyNames: readonly (readonly [string, number, number])[] = [']
    for name in sorted(set().union(*versions.values())):
        present = [name in versions[k] for k in order]
        first = present.index(True)
        gone = next((i for i in range(first, len(order)) if not present[i]), -1)
        if gone >= 0 and any(present[gone:]): sys.exit(f'{name} comes, goes and comes back')
        out.append(f"  ['{name}', {first}, {gone}],")
    out += [']', '']
    names, modules = json.loads(Path(sys.argv[-1]).read_text())['name_mapping'], json.loads(Path(sys.argv[-1]).read_text())['import_mapping']
    out += ['/** Python 2 names and where Python 3 has them (torch/_utils.py), `module name`. */', 'export const movedNames: ReadonlyMap<string, string> = new Map([']
    out += [f"  ['{k}', '{v}']," for k, v in sorted(names.items())] + ['])', '', '/** Python 2 modules and their Python 3 names. */', 'export const movedModules: ReadonlyMap<string, string> = new Map([']
    out += [f"  ['{k}', '{v}']," for k, v in sorted(modules.items())] + ['])', '']
    sys.stdout.write('\n'.join(out))


main()
