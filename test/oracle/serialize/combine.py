"""Joins the outputs of make.py, one per PyTorch, into cases.oracle.json.gz: equal structures once, bytes by version.

Usage: python combine.py OUT.json...
"""
import gzip, json, os, sys

cases, order = {}, []
refused = []
for path in sys.argv[1:]:
    with open(path) as file: run = json.load(file)
    for case in run['cases']:
        if 'refused' in case:
            refused.append([run['torch'], case['case'], case['file'], case['refused']])
            continue
        size = case.pop('bytes')
        key = json.dumps(case, sort_keys=True)
        if key not in cases:
            cases[key] = dict(case, bytes={})
            order.append(key)
        cases[key]['bytes'][run['torch']] = size
for case in cases.values():
    for entry in case['entries']:
        strides, stride = [], 1
        for length in reversed(entry[1]):
            strides.insert(0, stride)
            stride *= max(length, 1)
        if strides == entry[6]: entry[6] = 0
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'cases.oracle.json.gz')
with open(out, 'wb') as raw, gzip.GzipFile(fileobj=raw, mode='wb', mtime=0, filename='') as file:
    file.write(json.dumps({'source': 'test/oracle/serialize/make.py', 'refused': refused, 'cases': [cases[k] for k in order]}, separators=(',', ':')).encode())
print(len(order), 'cases', sum(len(c['bytes']) for c in cases.values()), 'files', os.path.getsize(out), 'bytes')
