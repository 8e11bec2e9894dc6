"""Writes server/src/core/checkpoint/generated/standard-library.ts: the top-level modules of Python's standard library.

usage: python3 standard-library.py PYTHON... > .../standard-library.ts     (each PYTHON is an interpreter; 3.10 and newer know their modules)
"""
import subprocess, sys

names = set()
versions = []
for python in sys.argv[1:]:
    version, found = subprocess.run([python, '-c', 'import sys; print("%d.%d" % sys.version_info[:2]); print(*getattr(sys, "stdlib_module_names", ()))'], capture_output=True, text=True, check=True).stdout.splitlines()
    if found:
        versions.append(version)
        names |= set(found.split())
# Not in the list of the interpreter, but installed with it; and what Python 2 and older 3 had.
names |= set('test _pyrepl idlelib lib2to3 distutils ensurepip turtledemo __main__ parser symbol formatter macpath binhex dummy_threading smtpd asynchat asyncore imp _bootlocale __builtin__ copy_reg exceptions commands popen2 os2 sets new rexec user httplib urllib2 cPickle StringIO cStringIO'.split())
names -= {'__main__'}
print(f'// Written by test/oracle/checkpoint/standard-library.py from Python {", ".join(sorted(versions, key=lambda v: int(v.split(".")[1])))}. Do not edit.')
print()
print('/** Top-level modules of the standard library, old ones included. */')
print('export const standardLibrary: ReadonlySet<string> = new Set((')
rows, row = [], ''
for name in sorted(names):
    if len(row) + len(name) > 150:
        rows.append(row); row = ''
    row += name + ' '
rows.append(row)
print(' +\n'.join(f"  '{r}'" for r in rows))
print(").trim().split(' '))")
