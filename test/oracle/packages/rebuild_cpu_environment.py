"""Copies the CPU half of an installed default torch into a new site-packages folder, so that a +cpu installation can be measured.

    python3 test/oracle/packages/rebuild_cpu_environment.py SITE-PACKAGES NEW-FOLDER

The files of a CUDA build that the CPU wheel does not have are left out, version.py and METADATA say +cpu, RECORD is rewritten.
Needed only where no CPU wheel can be installed: `pip install torch --index-url .../whl/cpu` gives the real thing.
"""

import importlib.metadata as metadata
import os
import re
import shutil
import sys

KEEP = {"torch", "filelock", "typing-extensions", "setuptools", "sympy", "mpmath", "networkx", "jinja2", "markupsafe", "fsspec", "numpy"}
CUDA = re.compile(r"^torch/lib/lib(torch_cuda|c10_cuda|torch_cuda_linalg|caffe2_nvrtc|torch_nvshmem)")


def main(source, target):
    for dist in metadata.distributions(path=[source]):
        key = re.sub(r"[-_.]+", "-", dist.metadata["Name"]).lower()
        if key not in KEEP:
            continue
        lines = []
        for line in dist.read_text("RECORD").splitlines():
            name = line.split(",")[0]
            if name.startswith("../") or CUDA.match(name):
                continue
            if key == "torch":
                line, name = line.replace("torch-2.13.0.dist-info", "torch-2.13.0+cpu.dist-info"), name
            new = os.path.join(target, name.replace("torch-2.13.0.dist-info", "torch-2.13.0+cpu.dist-info") if key == "torch" else name)
            os.makedirs(os.path.dirname(new), exist_ok=True)
            shutil.copy2(os.path.join(source, name), new)
            lines.append(line)
        if key == "torch":
            version = os.path.join(target, "torch/version.py")
            text = open(version).read().replace("+cu130", "+cpu").replace("= '13.0'", "= None")
            open(version, "w").write(text)
            info = os.path.join(target, "torch-2.13.0+cpu.dist-info")
            text = open(os.path.join(info, "METADATA"), encoding="utf-8").read().replace("Version: 2.13.0", "Version: 2.13.0+cpu", 1)
            text = re.sub(r"^Requires-Dist: (nvidia-|cuda-|triton).*\n", "", text, flags=re.M)
            open(os.path.join(info, "METADATA"), "w", encoding="utf-8").write(text)
            sizes = {"torch/version.py": version, "torch-2.13.0+cpu.dist-info/METADATA": os.path.join(info, "METADATA")}
            lines = [re.sub(r",\d+$", f",{os.path.getsize(sizes[l.split(',')[0]])}", l) if l.split(",")[0] in sizes else l for l in lines]
            open(os.path.join(info, "RECORD"), "w").write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
