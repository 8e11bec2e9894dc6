"""Joins the outputs of make.py, one per PyTorch, into cases.oracle.json.gz: equal trees once, bytes by version.

Usage: python combine.py OUT.json...
"""
import gzip, json, os, sys

cases, order, runs = {}, [], []
for path in sys.argv[1:]:
    with open(path) as file: run = json.load(file)
    runs.append({key: run[key] for key in ('torch', 'engine', 'torchao')})
    for case in run['cases']:
        sizes = case.pop('bytes')
        # torch.save compares addresses of scales that were freed in between, and now and then takes two for one storage.
        if sizes.get('embeddings') == 'RuntimeError': del sizes['embeddings']
        key = json.dumps(case, sort_keys=True)
        if key not in cases:
            cases[key] = dict(case, bytes={})
            order.append(key)
        cases[key]['bytes'][run['torch']] = sizes
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'cases.oracle.json.gz')
with open(out, 'wb') as raw, gzip.GzipFile(fileobj=raw, mode='wb', mtime=0, filename='') as file:
    file.write(json.dumps({'source': 'test/oracle/quantize/make.py', 'runs': runs, 'cases': [cases[k] for k in order]}, separators=(',', ':')).encode())
print(len(order), 'trees', sum(len(s) for c in cases.values() for s in c['bytes'].values()), 'files', os.path.getsize(out), 'bytes')
