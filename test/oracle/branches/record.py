"""Records what CPython gives for every outcome of the coins in each program.

  python3 test/oracle/branches/record.py                      writes programs.oracle.json.gz (programs.txt, and generated ones)
  python3 test/oracle/branches/record.py --live SEED COUNT    prints new programs, one JSON object a line
"""

import gzip
import json
import pathlib
import platform
import sys

import coins
import generate

HERE = pathlib.Path(__file__).parent
GENERATED = 150


def written():
    for part in (HERE / 'programs.txt').read_text().split('### ')[1:]:
        name, source = part.split('\n', 1)
        yield name.strip(), source


def recorded(programs):
    for name, source in programs:
        try:
            found = coins.outcomes(source)
        except SyntaxError:
            continue
        if found is not None:
            yield {'name': name, 'source': source, **found}


def main():
    if len(sys.argv) > 1 and sys.argv[1] == '--live':
        for one in recorded(generate.programs(int(sys.argv[2]), int(sys.argv[3]))):
            print(json.dumps(one), flush=True)
        return
    programs = [*recorded(written()), *recorded(generate.programs(1, GENERATED))]
    text = json.dumps({'python': platform.python_version(), 'programs': programs}, indent=0)
    with open(HERE / 'programs.oracle.json.gz', 'wb') as file:
        file.write(gzip.compress(text.encode(), mtime=0))
    print(len(programs), 'programs')


main()
