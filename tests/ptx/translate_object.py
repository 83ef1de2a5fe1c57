#!/usr/bin/env python3
"""The PTX of one architecture in an object that nvcc made, translated to C++ (cuobjdump, PyPI's nvidia-cuda-cuobjdump).

    translate_object.py --arch sm_90 OBJECT OUT.cpp
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from translate.module import Module
from translate.write import cpp_text

ROOT = pathlib.Path(__file__).resolve().parents[2]


def cuobjdump():
    beside = [pathlib.Path(nvcc).resolve().parent / "cuobjdump" for nvcc in [shutil.which("nvcc")] if nvcc]
    installed = sorted(ROOT.glob(".venv/lib/python3*/site-packages/nvidia/*/bin/cuobjdump"))
    found = shutil.which("cuobjdump") or next((str(p) for p in beside + installed if os.access(p, os.X_OK)), None)
    return found or sys.exit("translate_object: no cuobjdump (scripts/ptx-check installs it into .venv; "
                             "by hand: .venv/bin/pip install nvidia-cuda-cuobjdump)")


def ptx_of(obj, arch):
    """The text; empty where the object has no device code."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([cuobjdump(), "-xptx", "all", str(obj.resolve())], cwd=folder, capture_output=True, text=True)
        files = sorted(pathlib.Path(folder).glob("*.ptx"))
        here = [f for f in files if f.name.endswith(f".{arch}.ptx")]
        if done.returncode or (files and len(here) != 1):
            sys.exit(f"translate_object: {obj} has no PTX of {arch} (it has: {', '.join(f.name for f in files) or done.stderr.strip()}); "
                     "build it for that architecture or choose another (--arch)")
        return here[0].read_text() if here else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arch", default="sm_90")
    parser.add_argument("object", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    a = parser.parse_args()
    text = ptx_of(a.object, a.arch)
    module = Module(text, a.object.name) if ".target" in text else None
    a.out.write_text(cpp_text(module) if module else "// No device code.\n")
    for problem in module.unsupported if module else []:
        print(f"{a.object.name}: not translated, a run that reaches it ends there: {problem}")


main()
