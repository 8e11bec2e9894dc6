"""Runs every quantized script of test/fixtures/quantize with this PyTorch and writes what came of it.

usage: python run.py            writes torch-<version>.oracle.json beside this file
       python run.py --weights  writes the two checkpoints that scripts 10 and 11 load

A script counts as right when Python compiles it, it runs, and every name that was to be quantized holds int8 layers afterwards.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "..", "fixtures", "quantize")

# What calls a script whose work is in functions, and where its model is then.
DRIVERS = {
    "12": ("runner = Runner(); runner.run(torch.rand(1, 400))", ["runner.model"]),
    "14": ("", ["a", "b"]),
    "19b": ("import sys; sys.setprofile(_spy); f(); sys.setprofile(None)", ["_seen[0]"]),
    "19c": ("import sys; sys.setprofile(_spy); f(); sys.setprofile(None)", ["_seen[0]"]),
    "19d": ("import sys; sys.setprofile(_spy); f(); sys.setprofile(None)", ["_seen[0]"]),
}

TAIL = """
import io as _io, json as _json, torch as _torch
_seen = []
def _spy(frame, event, argument):
    if event == "return" and frame.f_code.co_name == "f":
        _seen.append(frame.f_locals["model"])
{driver}
_out = []
for _model in [{models}]:
    _buffer = _io.BytesIO()
    _torch.save(_model.state_dict(), _buffer)
    _out.append({{
        "int8": sum(1 for _layer in _model.modules() if "dynamic" in type(_layer).__module__ and "quantized" in type(_layer).__module__),
        "bytes": len(_buffer.getvalue()),
    }})
print("RESULT " + _json.dumps(_out))
"""


def write_weights():
    import torch
    import torch.nn as nn

    source = open(os.path.join(FIXTURES, "01.py")).read().split("model = Net()")[0]
    exec(compile(source, "net", "exec"), sys.modules["__main__"].__dict__)
    torch.manual_seed(0)
    model = sys.modules["__main__"].Net()
    torch.save(model, os.path.join(FIXTURES, "whole.pt"))
    torch.save(model.state_dict(), os.path.join(FIXTURES, "state.pt"))


def main():
    import torch

    results = {}
    for name in sorted(os.listdir(FIXTURES)):
        found = re.fullmatch(r"(\w+)\.fixed\.py", name)
        if not found:
            continue
        key = found.group(1)
        with open(os.path.join(FIXTURES, name), newline="") as file:
            source = file.read()
        compile(source, name, "exec")
        if torch.__version__.startswith("1."):
            # The argument came with 1.13's successor; its default there is what is asked for here.
            source = source.replace(", weights_only=False", "")
        driver, models = DRIVERS.get(key, ("", ["model"]))
        with tempfile.TemporaryDirectory() as folder:
            weights = "whole.pt" if key == "10" else "state.pt"
            with open(os.path.join(FIXTURES, weights), "rb") as read, open(os.path.join(folder, "m.pt"), "wb") as write:
                write.write(read.read())
            path = os.path.join(folder, "script.py")
            with open(path, "w", newline="") as file:
                file.write(source + TAIL.format(driver=driver, models=", ".join(models)))
            done = subprocess.run([sys.executable, "-W", "ignore", path], cwd=folder, capture_output=True, text=True)
        line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
        results[key] = json.loads(line[7:]) if line else {"error": done.stderr.strip().splitlines()[-1:]}
    version = torch.__version__.split("+")[0]
    with open(os.path.join(HERE, f"torch-{version}.oracle.json"), "w") as file:
        json.dump({"torch": torch.__version__, "scripts": results}, file, indent=1)
        file.write("\n")
    print(textwrap.shorten(json.dumps(results), 4000))


if __name__ == "__main__":
    write_weights() if "--weights" in sys.argv else main()
