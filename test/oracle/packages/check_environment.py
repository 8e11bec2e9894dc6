"""Holds `torch-footprint env` against Python's own view of installed environments.

    python3 test/oracle/packages/check_environment.py SITE-PACKAGES... > test/oracle/packages/environments.oracle.json

For each folder: a walk with os.lstat (each inode once, links not followed), ownership from RECORD by importlib.metadata, and the
requirement closure of every distribution by pip's own vendored `packaging`. Prints one JSON document; exits with 1 on a difference.
Run it with the interpreter whose environment is looked at, or with any of the same Python version and platform: markers are
evaluated for the interpreter that runs this.
"""

import importlib.metadata as metadata
import json
import os
import stat
import subprocess
import sys

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

CLI = os.environ.get("TORCH_FOOTPRINT_CLI", "node dist/cli.js").split()


def env(folder, *options):
    done = subprocess.run([*CLI, "env", "--json", "--site-packages", folder, *options], capture_output=True, text=True)
    return json.loads(done.stdout)


def walk(folder):
    seen, sizes = set(), {}
    pending = [folder]
    while pending:
        current = pending.pop()
        with os.scandir(current) as entries:
            for entry in entries:
                found = os.lstat(entry.path)
                if stat.S_ISDIR(found.st_mode):
                    pending.append(entry.path)
                    continue
                if (found.st_dev, found.st_ino) in seen:
                    continue
                seen.add((found.st_dev, found.st_ino))
                sizes[os.path.relpath(entry.path, folder)] = found.st_size
    return sizes


def by_record(folder, sizes):
    owned = {}
    for dist in metadata.distributions(path=[folder]):
        if dist.read_text("RECORD") is None:
            continue
        total = 0
        for file in dist.files or []:
            total += sizes.get(os.path.normpath(str(file)), 0)
        owned.setdefault(canonicalize_name(dist.metadata["Name"]), total)
    return owned


def closure(folder, root):
    dists = {canonicalize_name(d.metadata["Name"]): d for d in metadata.distributions(path=[folder])}
    wanted, pending = {}, [(canonicalize_name(root), frozenset())]
    while pending:
        name, extras = pending.pop()
        if name not in dists or (name in wanted and extras <= wanted[name]):
            continue
        wanted[name] = wanted.get(name, frozenset()) | extras
        for line in dists[name].requires or []:
            requirement = Requirement(line)
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in [*wanted[name], ""]):
                pending.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return sorted(wanted)


def value(figure):
    return figure["value"] if isinstance(figure, dict) else figure


def main():
    results, failed = [], False
    for folder in sys.argv[1:]:
        sizes = walk(folder)
        exact, fast = env(folder), env(folder, "--fast")
        packages = {canonicalize_name(p["name"]): p for p in exact["packages"]}
        quick = {canonicalize_name(p["name"]): p for p in fast["packages"]}
        total = sum(sizes.values())
        owned = by_record(folder, sizes)
        differences = {name: [value(packages[name]["bytes"]), size] for name, size in owned.items() if name in packages and value(packages[name]["bytes"]) != size}
        fast_off = max(abs(value(quick[n]["bytes"]) / max(1, value(p["bytes"])) - 1) for n, p in packages.items() if value(p["bytes"]) > 100_000)
        expected = closure(folder, "torch")
        found = sorted(canonicalize_name(n) for n in (exact["torch"] or {}).get("closure", []))
        accounted = sum(value(p["bytes"]) for p in packages.values()) + value(exact["unowned"]["bytes"])
        result = {
            "environment": (exact["torch"] or {}).get("version", "no torch"),
            "variant": (exact["torch"] or {}).get("variant"),
            "walkBytes": total, "walkFiles": len(sizes),
            "toolBytes": value(exact["total"]["bytes"]), "toolFiles": exact["total"]["files"],
            "packages": len(packages), "packagesWithRecord": len(owned), "differences": differences,
            "packagesAndUnownedSum": accounted == total,
            "fastTotalOff": round(value(fast["total"]["bytes"]) / (total - value(exact["unowned"]["bytes"])) - 1, 6), "fastWorstPackageOff": round(fast_off, 6),
            "closure": len(expected), "closureEqual": expected == found,
        }
        results.append(result)
        failed |= bool(differences) or total != result["toolBytes"] or not result["packagesAndUnownedSum"] or expected != found or fast_off > 0.003
    print(json.dumps({"python": sys.version.split()[0], "results": results}, indent=1))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
