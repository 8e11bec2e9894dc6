"""Records small programs with what CPython 3.12 prints for them.

usage: python3.12 record.py COUNT OUT.json.gz      (programs/*.py, split at lines `# ---`, then COUNT made ones; seeds from 1)
       python3.12 record.py --live SEED COUNT      (JSON lines on standard output, for the fuzz run)
"""

import contextlib
import gzip
import io
import json
import os
import pathlib
import signal
import sys

import generate


# Kept for good: what a finalizer prints would end up in the next program's output.
KEPT = []


class Timeout(BaseException):
    pass


def stop(*_):
    raise Timeout


def run(source):
    """What the program prints; an exception that ends it is its last line. None when it cannot serve as a test."""
    text = io.StringIO()
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(5)
    try:
        with contextlib.redirect_stdout(text):
            try:
                KEPT.append({'__name__': '__main__'})
                exec(compile(source, '<program>', 'exec', dont_inherit=True), KEPT[-1])
            except Exception as error:
                print('uncaught', type(error).__name__)
    except (Timeout, SyntaxError):
        return None
    finally:
        signal.alarm(0)
    out = text.getvalue()
    # Addresses and sizes of the process are no part of the language.
    return None if ' at 0x' in out or len(out) > 20000 else out


def made(seeds):
    for seed in seeds:
        kind, source = generate.program(seed)
        try:
            output = run(source)
        except SyntaxError:
            continue
        if output is not None:
            yield {'name': f'{kind} {seed}', 'source': source, 'output': output}


def main():
    if sys.argv[1] == '--live':
        seed, count = int(sys.argv[2]), int(sys.argv[3])
        for one in made(range(seed, seed + count)):
            print(json.dumps(one))
        return
    written = []
    for path in sorted((pathlib.Path(__file__).parent / 'programs').glob('*.py')):
        for i, source in enumerate(path.read_text().split('\n# ---\n')):
            output = run(source)
            if output is not None:
                written.append({'name': f'{path.stem} {i + 1}', 'source': source, 'output': output})
    programs = written + list(made(range(1, int(sys.argv[1]) + 1)))
    body = json.dumps({'python': sys.version.split()[0], 'programs': programs}, separators=(',', ':')).encode()
    pathlib.Path(sys.argv[2]).write_bytes(gzip.compress(body, 9, mtime=0))
    print(len(written), 'written,', len(programs) - len(written), 'made')


main()
# Without the finalizers of what was kept: they print.
sys.stdout.flush()
os._exit(0)
