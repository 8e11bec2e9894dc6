"""Writes the public names of every module of the standard library, by CPython version.

Run once per interpreter with a scratch file, then join:
    for v in 3.8 3.9 3.10 3.11 3.12 3.13; do python$v names.py scan /tmp/names-$v.json; done
    python3.12 names.py join /tmp/names-*.json > server/src/core/evaluate/stdlib/generated/python-names.ts
A name that all versions have is written bare; otherwise with its first and last minor version, as in `override@12-13`.
"""

import importlib
import json
import pkgutil
import sys
import warnings

LEFT_OUT = {'test', 'idlelib', 'lib2to3', 'tkinter', 'turtledemo', 'turtle', 'antigravity', 'this', 'ensurepip', 'venv', 'msilib', 'curses', 'distutils', 'pydoc_data', 'encodings', 'builtins'}


def module_names():
    tops = getattr(sys, 'stdlib_module_names', None) or {
        'abc', 'argparse', 'ast', 'asyncio', 'collections', 'contextlib', 'copy', 'dataclasses', 'datetime', 'enum', 'functools', 'importlib', 'inspect', 'io', 'itertools', 'json',
        'logging', 'math', 'multiprocessing', 'numbers', 'operator', 'os', 'pathlib', 'pickle', 'platform', 'random', 're', 'string', 'struct', 'sys', 'threading', 'time', 'types',
        'typing', 'unittest', 'urllib', 'uuid', 'warnings', 'weakref', 'concurrent', 'tempfile', 'shutil', 'subprocess', 'hashlib', 'textwrap', 'traceback', 'bisect', 'heapq',
    }
    for top in sorted(tops):
        if top in LEFT_OUT or top.startswith('_') and top not in ('__future__', '_collections_abc'):
            continue
        yield top
        try:
            module = importlib.import_module(top)
        except BaseException:
            continue
        for info in pkgutil.iter_modules(getattr(module, '__path__', [])):
            if not info.name.startswith('_'):
                yield f'{top}.{info.name}'
                if info.ispkg:
                    try:
                        inner = importlib.import_module(f'{top}.{info.name}')
                    except BaseException:
                        continue
                    for deeper in pkgutil.iter_modules(inner.__path__):
                        if not deeper.name.startswith('_'):
                            yield f'{top}.{info.name}.{deeper.name}'
    yield 'os.path'
    yield 'collections.abc'


def scan(path):
    warnings.simplefilter('ignore')
    found = {}
    for name in module_names():
        if name.endswith('__main__') or '.idlelib' in name:
            continue
        try:
            module = importlib.import_module(name)
        except BaseException:
            continue
        public = getattr(module, '__all__', None)
        names = set(dir(module)) if public is None else set(dir(module)) | set(public)
        modules_inside = {one for one in names if type(getattr(module, one, None)) is type(sys) and (public is None or one not in public) and name + '.' + one not in sys.modules}
        found[name] = sorted(one for one in names - modules_inside if not one.startswith('_'))
    with open(path, 'w') as out:
        json.dump({'version': list(sys.version_info[:2]), 'modules': found}, out)


def join(paths):
    scans = sorted((json.load(open(path)) for path in paths), key=lambda one: one['version'])
    minors = [one['version'][1] for one in scans]
    modules = sorted({name for one in scans for name in one['modules']})
    print('/** Public names of the modules of the standard library, by CPython minor version. Written by test/oracle/python/names.py. */')
    print('export const PYTHON_NAMES: Readonly<Record<string, string>> = {')
    for module in modules:
        having = [one for one in scans if module in one['modules']]
        if scans[-2]['version'] not in [one['version'] for one in having] and len(having) < 2:
            continue
        words = []
        for name in sorted({name for one in having for name in one['modules'][module]}):
            at = [one['version'][1] for one in having if name in one['modules'][module]]
            first, last = min(at), max(at)
            known = [one['version'][1] for one in having]
            if first == min(known) and last == max(known):
                words.append(name)
            else:
                words.append(f'{name}@{"" if first == min(known) else first}-{"" if last == max(known) else last}')
        print(f"  '{module}': '{' '.join(words)}',")
    print('}')


if __name__ == '__main__':
    if sys.argv[1] == 'scan':
        scan(sys.argv[2])
    else:
        join(sys.argv[2:])
