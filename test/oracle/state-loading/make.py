"""Writes small checkpoints (files/) and what PyTorch says when programs load them (results/loading-VERSION.oracle.json).

Usage: python make.py [--files]     (--files writes the checkpoints anew; the programs are in programs.py)
Each program runs in a folder that holds the checkpoints. Recorded: whether load_state_dict raised, and what its message lists.
"""
import contextlib
import io
import json
import os
import re
import sys
import warnings

import torch
import torch.nn as nn

from programs import NET, PROGRAMS

here = os.path.dirname(os.path.abspath(__file__))
files = os.path.join(here, 'files')


def write_files():
    os.makedirs(files, exist_ok=True)
    torch.manual_seed(0)
    scope = {}
    exec(NET, scope)
    net, bn = scope['Net'](), scope['Norms']()
    state = net.state_dict()
    save = lambda value, name: torch.save(value, os.path.join(files, name))
    save(state, 'net.pt')
    save({'module.' + k: v for k, v in state.items()}, 'parallel.pt')
    save({'epoch': 3, 'state_dict': state, 'optimizer': torch.optim.SGD(net.parameters(), 0.1).state_dict()}, 'training.pt')
    save({'model': state, 'config': {'hidden': 6}}, 'model_key.pt')
    save(scope['Net'](hidden=7).state_dict(), 'wide.pt')
    save({k: v for k, v in state.items() if not k.startswith('head')}, 'headless.pt')
    save(dict(state, extra=torch.zeros(2)), 'extra.pt')
    save(bn.state_dict(), 'norms.pt')
    save({k: v for k, v in bn.state_dict().items() if 'num_batches' not in k}, 'norms_old.pt')
    save({'scale': torch.ones(1)}, 'scale.pt')
    save(scope['Tied']().state_dict(), 'tied.pt')
    with contextlib.suppress(ImportError):
        from safetensors.torch import save_file, save_model
        save_model(scope['Tied'](), os.path.join(files, 'tied.safetensors'))
        save_file(dict(state), os.path.join(files, 'net.safetensors'))


def listed(message):
    missing = re.search(r'Missing key\(s\) in state_dict: (.*?)\.? *$', message, re.M)
    unexpected = re.search(r'Unexpected key\(s\) in state_dict: (.*?)\.? *$', message, re.M)
    names = lambda found: re.findall(r'"([^"]*)"', found.group(1)) if found else []
    return {'missing': names(missing), 'unexpected': names(unexpected), 'misfits': re.findall(r'size mismatch for (\S+):', message)}


def run(program):
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out), warnings.catch_warnings():
            warnings.simplefilter('ignore')
            exec(compile(NET + program, 'program.py', 'exec'), {'__name__': '__main__'})
    except RuntimeError as error:
        if 'Error(s) in loading state_dict' in str(error):
            return dict(raises=True, **listed(str(error)))
        return {'raises': False, 'other': type(error).__name__}
    except Exception as error:
        return {'raises': False, 'other': type(error).__name__}
    return {'raises': False}


if '--files' in sys.argv:
    write_files()
    sys.exit()
version = torch.__version__.split('+')[0].replace('a0', '')
version = '1.13.1' if version == '1.13.0' else version
os.chdir(files)
before = set(os.listdir('.'))
results = []
for name, program in PROGRAMS:
    torch.manual_seed(0)
    results.append({'name': name, 'program': program, **run(program)})
    for left in set(os.listdir('.')) - before:
        os.remove(left)
path = os.path.join(here, 'results', f'loading-{version}.oracle.json')
os.makedirs(os.path.dirname(path), exist_ok=True)
with open(path, 'w') as f:
    json.dump({'torch': version, 'head': NET, 'programs': results}, f, indent=1)
    f.write('\n')
print(f'{len(results)} programs, {sum(one["raises"] for one in results)} refused, {[one for one in results if "other" in one and one["other"]]}')
