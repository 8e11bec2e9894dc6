"""Builds every model of programs/*.py in a real PyTorch and records what it is.

usage: python record.py OUT.json.gz [FOLDER]     (FOLDER of programs; programs/ beside this file otherwise)
A model is a function without arguments that returns one, or a class of layers that is made without arguments; names with
a leading underscore are helpers. Each program runs in an interpreter state of its own (a fresh module), as the evaluator has it.
"""
import gzip
import importlib.util
import inspect
import json
import os
import pathlib
import sys
import tempfile

import torch
import torch.nn as nn


def entries(state):
    return [[name, list(value.shape), str(value.dtype).split('.')[1]] if isinstance(value, torch.Tensor) else [name, None, None] for name, value in state.items()]


def describe(make):
    try:
        model = make()
        state = model.state_dict()
        parameters = {id(p): p for p in model.parameters()}.values()
        buffers = {id(b): b for b in model.buffers()}.values()
        row = {
            'parameters': sum(p.numel() for p in parameters), 'trainable': sum(p.numel() for p in parameters if p.requires_grad),
            'buffers': sum(b.numel() for b in buffers), 'state': entries(state),
        }
    except Exception as problem:
        return {'error': '%s: %s' % (type(problem).__name__, str(problem)[:120])}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'model.pt')
        try:
            torch.save(state, path)
            row['file'] = os.path.getsize(path)
        except Exception as problem:
            row['file'] = None
    return row


def main(out, folder=pathlib.Path(__file__).parent / 'programs'):
    programs = {}
    for path in sorted(pathlib.Path(folder).glob('*.py')):
        spec = importlib.util.spec_from_file_location(path.stem.replace('-', '_'), path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        rows = {}
        for name, value in list(vars(module).items()):
            if name.startswith('_') or getattr(value, '__module__', None) != spec.name or not callable(value):
                continue
            if inspect.isclass(value) and not issubclass(value, nn.Module):
                continue
            try:
                inspect.signature(value).bind()
            except TypeError:
                continue
            rows[name + '()'] = describe(value)
        programs[path.name] = rows
    with gzip.GzipFile(out, 'wb', mtime=0) as stream:
        stream.write(json.dumps({'torch': torch.__version__.split('+')[0].replace('a0', ''), 'programs': programs}, separators=(',', ':')).encode())


main(*sys.argv[1:])
