"""Runs a Python program once for every outcome of the coins it tosses, and tells what each of its results may be.

A coin is whatever the evaluator cannot know: random.random(), an environment variable, what is typed, a tensor's value.
A program leaves its results in the globals r0, r1, ...
"""

import contextlib
import io
import os
import random
import signal
import sys
import time
import types

MAX_COINS = 7
MAX_RUNS = 200
SECONDS = 1


class TooLong(BaseException):
    pass


def stop(*_):
    raise TooLong


signal.signal(signal.SIGPROF, stop)


class Coins:
    def __init__(self, prefix):
        self.prefix = prefix
        self.used = 0

    def toss(self):
        at = self.used
        self.used += 1
        if at >= MAX_COINS:
            self.used = MAX_COINS
            return False
        return self.prefix[at] if at < len(self.prefix) else False


class Environment(dict):
    """Every variable may be set or not, each time it is asked for."""

    def __init__(self, coins):
        super().__init__()
        self.coins = coins

    def get(self, key, default=None):
        return '1' if self.coins.toss() else default

    def __contains__(self, key):
        return self.coins.toss()

    def __getitem__(self, key):
        if self.coins.toss():
            return '7'
        raise KeyError(key)


def stub_torch(coins):
    torch = types.ModuleType('torch')
    torch.rand = lambda *size: types.SimpleNamespace(item=lambda: 0.9 if coins.toss() else 0.1)
    return torch


def run(code, prefix, real_torch=None):
    coins = Coins(prefix)
    saved = random.random, os.environ, sys.modules.get('torch'), __builtins__
    random.random = lambda: 0.9 if coins.toss() else 0.1
    os.environ = Environment(coins)
    if real_torch is None:
        sys.modules['torch'] = stub_torch(coins)
    else:
        rand = real_torch.rand
        real_torch.rand = stub_torch(coins).rand
    names = {'__name__': '__main__', 'input': lambda prompt='': 'y' if coins.toss() else 'n'}
    outcome = None
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, names)
        outcome = {name: repr(value) for name, value in names.items() if name[:1] == 'r' and name[1:].isdigit()}
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        random.random, os.environ = saved[0], saved[1]
        if real_torch is not None:
            real_torch.rand = rand
        elif saved[2] is None:
            sys.modules.pop('torch', None)
        else:
            sys.modules['torch'] = saved[2]
    return outcome, min(coins.used, MAX_COINS)


def outcomes(source, real_torch=None):
    """For each result the set of what it may be, over the outcomes in which the program ends; None when there are too many."""
    code = compile(source, '<program>', 'exec')
    started = time.process_time()
    pending, results, runs = [[]], {}, 0
    ends = 0
    while pending:
        prefix = pending.pop()
        runs += 1
        if runs > MAX_RUNS or time.process_time() - started > SECONDS:
            return None
        outcome, used = run(code, prefix, real_torch)
        for at in range(len(prefix), used):
            pending.append(prefix + [False] * (at - len(prefix)) + [True])
        if outcome is None:
            continue
        ends += 1
        for name, value in outcome.items():
            results.setdefault(name, set()).add(value)
        for name in results:
            if name not in outcome:
                results[name].add('(not bound)')
    return {'ends': ends, 'results': {name: sorted(values) for name, values in sorted(results.items())}}
