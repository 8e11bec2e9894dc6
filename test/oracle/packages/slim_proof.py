"""Tries every removal of `torch-footprint env --slim` on copies of an environment with a real torch.

    python3 test/oracle/packages/slim_proof.py PYTHON SITE-PACKAGES [WORK-FOLDER]

Copies by hard links (nothing of the original is touched), carries out the plan's own commands one removal at a time, then all safe
ones, then all together, and runs the checks below in a fresh interpreter. Prints one JSON document; exits with 1 when a check fails that
the plan does not announce.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

CLI = os.environ.get("TORCH_FOOTPRINT_CLI", "node dist/cli.js").split()

CHECKS = {
    "import": "import torch, torch.nn",
    "forward": "m = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(144, 5)).eval()\nwith torch.no_grad(): assert m(torch.rand(2, 3, 8, 8)).shape == (2, 5)\nl = torch.nn.LSTM(4, 8); l(torch.rand(3, 1, 4)); torch.linalg.inv(torch.eye(3)); torch.fft.fft(torch.rand(8))",
    "backward": "x = torch.nn.Linear(3, 3); x(torch.rand(2, 3)).sum().backward()",
    "save": "torch.save(torch.nn.Linear(4, 4).state_dict(), path)",
    "load": "torch.save(torch.nn.Linear(4, 4).state_dict(), path); torch.nn.Linear(4, 4).load_state_dict(torch.load(path))",
    "quantize_dynamic": "q = torch.ao.quantization.quantize_dynamic(torch.nn.Sequential(torch.nn.Linear(8, 8)), {torch.nn.Linear}, dtype=torch.qint8); q(torch.rand(1, 8))",
    "optimizer": "import torch.optim; p = torch.nn.Linear(2, 2); o = torch.optim.SGD(p.parameters(), lr=.1); p(torch.rand(1, 2)).sum().backward(); o.step()",
}
ALWAYS = ["import", "forward", "save", "load", "quantize_dynamic"]


def program(site, work, code):
    return f"import sys; sys.path.insert(0, {site!r})\npath = {os.path.join(work, 'x.pt')!r}\nimport warnings; warnings.simplefilter('ignore')\nimport torch, torch.nn, torch.ao.quantization\nassert torch.__file__.startswith({site!r})\n{code}\n"


def run(python, text):
    variables = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **({"LD_LIBRARY_PATH": os.environ["LD_LIBRARY_PATH"]} if "LD_LIBRARY_PATH" in os.environ else {})}
    return subprocess.run([python, "-S", "-c", text], capture_output=True, text=True, env=variables)


def run_checks(python, site, work):
    # One interpreter for all while nothing fails: an emulated one takes long to import torch. What fails is told apart one by one.
    together = "\n".join(f"def check_{name}():\n" + "\n".join(f"    {line}" for line in code.splitlines()) + f"\ncheck_{name}()" for name, code in CHECKS.items())
    if run(python, program(site, work, together)).returncode == 0:
        return {}
    failed = {}
    for name, code in CHECKS.items():
        done = run(python, program(site, work, code))
        if done.returncode:
            failed[name] = (done.stderr.strip().splitlines() or ["died"])[-1][:160]
    return failed


def main(python, site, work):
    plan = json.loads(subprocess.run([*CLI, "env", "--json", "--slim", "--site-packages", site], capture_output=True, text=True).stdout)
    removals = plan["slim"]["removals"]
    sets = [("nothing", [])] + [(r["id"], [r]) for r in removals] + [("all safe", [r for r in removals if r["safety"] == "safe"]), ("everything", removals)]
    results, wrong = [], False
    for name, chosen in sets:
        copy = os.path.join(work, "site-packages")
        shutil.rmtree(copy, ignore_errors=True)
        subprocess.run(["cp", "-al", site, copy], check=True)
        keep_links(site, copy)
        for removal in chosen:
            subprocess.run(["sh", "-euc", "site=$1\n" + "\n".join(removal["commands"]), "sh", copy], check=True)
        removed = size(site) - size(copy)
        failed = run_checks(python, copy, work)
        planned = plan["slim"][{"all safe": "safeBytes", "everything": "allBytes"}[name]] if len(chosen) > 1 else sum(r["bytes"] for r in chosen)
        announced = "optimizers (torch.optim)" in [b for r in chosen for b in r["breaks"]]
        bad = [c for c in failed if c in ALWAYS or not (announced and c == "optimizer")]
        # Safe ones must break nothing at all.
        wrong |= bool(bad) or removed != planned
        results.append({"removal": name, "plannedBytes": planned, "removedBytes": removed, "failed": failed})
        print(name, planned, removed, failed, file=sys.stderr)
    version = plan["torch"]["version"]
    print(json.dumps({"torch": version, "variant": plan["torch"]["variant"], "checks": list(CHECKS), "results": results}, indent=1))
    return 1 if wrong else 0


def keep_links(site, copy):
    """Relative links that lead out of the folder (Debian's torch/lib) mean something else in the copy: they become absolute."""
    for parent, folders, files in os.walk(copy):
        for name in folders + files:
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                continue
            original = os.path.join(site, os.path.relpath(path, copy))
            target = os.path.normpath(os.path.join(os.path.dirname(original), os.readlink(original)))
            if not target.startswith(site + os.sep):
                os.unlink(path)
                os.symlink(target, path)


def size(folder):
    total = 0
    for parent, _, files in os.walk(folder):
        for file in files:
            path = os.path.join(parent, file)
            if not os.path.islink(path):
                total += os.lstat(path).st_size
    return total


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[3] if len(sys.argv) > 3 else os.path.dirname(os.path.dirname(sys.argv[2]))) as folder:
        sys.exit(main(sys.argv[1], sys.argv[2], folder))
