"""Proves with a real pip that the fixes of the corpus change the wheel that is chosen.

    python3 test/oracle/packages/index_proof.py > test/oracle/packages/index-proof.oracle.json

Builds two indexes of metadata-only stub wheels in a temporary folder (one plays PyPI, one the CPU index), and for every case of
test/fixtures/manifests whose manifest is a requirements.txt with a fix asks `pip install --dry-run --report` before and after.
No network: both indexes are folders, and pip's own configuration is left out.
"""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile

ROOT = os.path.join(os.path.dirname(__file__), "../../fixtures/manifests/cases")
CPU = "https://download.pytorch.org/whl/cpu"
TORCH = {"1.13.1": "0.14.1", "2.1.0": "0.16.0", "2.2.0": "0.17.0", "2.4.0": "0.19.0", "2.4.1": "0.19.1", "2.5.1": "0.20.1", "2.6.0": "0.21.0", "2.13.0": "0.28.0", "2.14.1": "0.29.1"}


# Releases that the CPU index does not have yet: why an extra index loses without an exact pin.
ONLY_ON_PYPI = ["2.4.2", "2.14.2"]


def wheel(folder, name, version, requires=()):
    base = name.replace("-", "_")
    info = f"{base}-{version}.dist-info"
    files = {f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(f"Requires-Dist: {r}\n" for r in requires),
             f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: stub\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "".join(f"{n},sha256={base64.urlsafe_b64encode(hashlib.sha256(t.encode()).digest()).rstrip(b'=').decode()},{len(t)}\n" for n, t in files.items()) + f"{info}/RECORD,,\n"
    place = os.path.join(folder, re.sub(r"[-_.]+", "-", name).lower())
    os.makedirs(place, exist_ok=True)
    with zipfile.ZipFile(os.path.join(place, f"{base}-{version}-py3-none-any.whl"), "w") as out:
        for n, t in {**files, f"{info}/RECORD": record}.items():
            out.writestr(n, t)


def finish(folder):
    for name in os.listdir(folder):
        place = os.path.join(folder, name)
        links = "".join(f'<a href="{f.replace("+", "%2B")}">{f}</a>\n' for f in sorted(os.listdir(place)) if f.endswith(".whl"))
        with open(os.path.join(place, "index.html"), "w") as out:
            out.write(f"<!DOCTYPE html><html><body>{links}</body></html>")


def indexes(work, cases):
    pypi, cpu = os.path.join(work, "pypi"), os.path.join(work, "cpu")
    for version, vision in TORCH.items():
        wheel(pypi, "torch", version, ["nvidia-cublas-cu12"])
        wheel(cpu, "torch", f"{version}+cpu")
        wheel(pypi, "torchvision", vision, [f"torch=={version}"])
        wheel(cpu, "torchvision", f"{vision}+cpu", [f"torch=={version}"])
        wheel(pypi, "torchaudio", {"1.13.1": "0.13.1"}.get(version, version), [f"torch=={version}"])
    for version in ONLY_ON_PYPI:
        wheel(pypi, "torch", version, ["nvidia-cublas-cu12"])
    wheel(pypi, "nvidia-cublas-cu12", "12.0")
    for _, before, _, _ in cases:
        for line in before.splitlines():
            plain = re.match(r"([A-Za-z0-9_-]+)(?:==([\w.]+))?", line)
            if plain and not plain[1].lower().startswith(("torch", "-")):
                wheel(pypi, plain[1], plain[2] or "1.0")
    finish(pypi)
    finish(cpu)
    return pypi, cpu


def read_cases():
    for name in sorted(os.listdir(ROOT)):
        parts = re.split(r"^=== ", open(os.path.join(ROOT, name), newline="").read(), flags=re.M)[1:]
        sections = {p.split("\n", 1)[0].strip(): p.split("\n", 1)[1] for p in parts}
        first = parts[0].split("\n", 1)[0].strip()
        if first == "requirements.txt" and "fixed" in sections and ("cuda-wheel" in sections["found"] or "ineffective" in sections["found"]):
            yield name[:-5], sections["requirements.txt"], sections["fixed"], {k: v for k, v in sections.items() if k.endswith(".txt") and k != "requirements.txt"}


def resolve(work, text, beside, pypi, cpu):
    for name, content in beside.items():
        with open(os.path.join(work, name), "w") as out:
            out.write(content)
    # A project that is installed in place is none of an index's business.
    text = re.sub(r"^-e .*\n", "", text, flags=re.M)
    path = os.path.join(work, "requirements.txt")
    with open(path, "w", newline="") as out:
        out.write(text.replace(CPU, f"file://{cpu}"))
    report = os.path.join(work, "report.json")
    done = subprocess.run([sys.executable, "-m", "pip", "--isolated", "install", "--dry-run", "--quiet", "--ignore-installed", "--no-cache-dir", "--index-url", f"file://{pypi}", "--report", report, "-r", path], capture_output=True, text=True)
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[0][:140]}
    return {i["metadata"]["name"]: i["metadata"]["version"] for i in json.load(open(report))["install"]}


def main():
    results, wrong = [], False
    with tempfile.TemporaryDirectory() as work:
        cases = list(read_cases())
        pypi, cpu = indexes(work, cases)
        for name, before, after, beside in cases:
            then, now = resolve(work, before, beside, pypi, cpu), resolve(work, after, beside, pypi, cpu)
            proved = now.get("torch", "").endswith("+cpu") and "nvidia-cublas-cu12" not in now and all(v.endswith("+cpu") for n, v in now.items() if n == "torchvision") and then != now
            wrong |= not proved
            results.append({"case": name, "before": then, "after": now, "proved": proved})
    pip = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True).stdout.split()[1]
    print(json.dumps({"pip": pip, "python": sys.version.split()[0], "proved": sum(r["proved"] for r in results), "of": len(results), "results": results}, indent=1))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
