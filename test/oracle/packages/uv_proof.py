"""Proves with a real uv that the fixes of the corpus change the wheel that is locked.

    python3 test/oracle/packages/uv_proof.py [UV] > test/oracle/packages/uv-proof.oracle.json

As index_proof.py, for every case of test/fixtures/manifests whose manifest is a pyproject.toml that uv reads and that has a fix: `uv lock`
before and after, in a folder of its own, against two folders of metadata-only stub wheels. No network, no configuration of the user.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from index_proof import CPU, ROOT, TORCH, finish, wheel


def cases():
    for name in sorted(os.listdir(ROOT)):
        parts = re.split(r"^=== ", open(os.path.join(ROOT, name), newline="").read(), flags=re.M)[1:]
        sections = {p.split("\n", 1)[0].strip(): p.split("\n", 1)[1] for p in parts}
        first = parts[0].split("\n", 1)[0].strip()
        text = sections.get("pyproject.toml", "")
        usesUv = "tool.uv" in text or "uv_build" in text or "uv.lock" in sections
        if first == "pyproject.toml" and usesUv and "fixed" in sections and re.search("cuda-wheel|ineffective|mixed-index", sections["found"]):
            yield name[:-5], text, sections["fixed"]


def indexes(work, texts):
    pypi, cpu = os.path.join(work, "pypi"), os.path.join(work, "cpu")
    for version, vision in TORCH.items():
        wheel(pypi, "torch", version, ["nvidia-cublas-cu12"])
        wheel(cpu, "torch", f"{version}+cpu")
        wheel(pypi, "torchvision", vision, [f"torch=={version}"])
        wheel(cpu, "torchvision", f"{vision}+cpu", [f"torch=={version}"])
        wheel(pypi, "torchaudio", {"1.13.1": "0.13.1"}.get(version, version), [f"torch=={version}"])
        wheel(cpu, "torchaudio", {"1.13.1": "0.13.1"}.get(version, version) + "+cpu", [f"torch=={version}"])
    wheel(pypi, "nvidia-cublas-cu12", "12.0")
    for text in texts:
        for plain in re.finditer(r'"([A-Za-z][A-Za-z0-9_-]+)(?:[=>~]=([\d.]+))?[^"]*"', text):
            if not plain[1].startswith(("torch", "nvidia-", "http")):
                wheel(pypi, plain[1], plain[2] or "1.0")
    finish(pypi)
    finish(cpu)
    return pypi, cpu


def lock(uv, work, text, pypi, cpu):
    with tempfile.TemporaryDirectory(dir=work) as folder:
        # A package beside the project that a case takes by its path.
        mine = os.path.join(work, "mine")
        os.makedirs(mine, exist_ok=True)
        with open(os.path.join(mine, "pyproject.toml"), "w") as out:
            out.write('[project]\nname = "mine"\nversion = "1"\n[build-system]\nrequires = []\nbuild-backend = "none"\n')
        with open(os.path.join(folder, "pyproject.toml"), "w", newline="") as out:
            out.write(text.replace(CPU, f"file://{cpu}"))
        done = subprocess.run([uv, "lock", "--python", sys.executable, "--default-index", f"file://{pypi}", "--cache-dir", os.path.join(work, "cache"), "--no-progress"], cwd=folder, capture_output=True, text=True, env={"PATH": os.environ["PATH"], "HOME": work, "UV_PYTHON_DOWNLOADS": "never"})
        if done.returncode:
            return {"error": " ".join(done.stderr.split()).replace(work, "")[:200]}
        locked = open(os.path.join(folder, "uv.lock")).read()
        return dict(sorted((m[1], m[2]) for m in re.finditer(r'^name = "([^"]+)"\nversion = "([^"]+)"', locked, re.M) if re.match("torch|nvidia", m[1])))


def main(uv):
    results, wrong = [], False
    with tempfile.TemporaryDirectory() as work:
        found = list(cases())
        pypi, cpu = indexes(work, [text for _, text, _ in found])
        for name, before, after in found:
            then, now = lock(uv, work, before, pypi, cpu), lock(uv, work, after, pypi, cpu)
            family = [v for n, v in now.items() if n in ("torch", "torchvision", "torchaudio")]
            proved = bool(family) and all(v.endswith("+cpu") for v in family) and not any(n.startswith("nvidia") for n in now)
            # An index without `explicit` gives the right torch; what it changes is where other packages come from.
            changes = then != now or name == "uv-not-explicit"
            wrong |= not proved or not changes
            results.append({"case": name, "before": then, "after": now, "proved": proved and changes})
    version = subprocess.run([uv, "--version"], capture_output=True, text=True).stdout.split()[1]
    print(json.dumps({"uv": version, "python": sys.version.split()[0], "proved": sum(r["proved"] for r in results), "of": len(results), "results": results}, indent=1))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "uv"))
