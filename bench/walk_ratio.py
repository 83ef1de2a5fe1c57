#!/usr/bin/env python3
"""How much faster one program walks queues than another, and whether both write the same.

    .venv/bin/python bench/walk_ratio.py BEFORE AFTER [--orders 1 10 100 10000] [--seeds 1 2 3 4 5] [--kw 50 1000] [--threads 2]

Random queues of so many units; both programs take turns, each time is the least of --repeat: the walk's by the clock, the whole
command's of the processors. Every dataset of both files must be equal bit for bit. Needs h5py (`make python`).
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
STUDY = """[feeder]
file = "{root}/data/radial.h5"
monitors = "all"
[queue.random]
buses = "three-phase"
kw_min = {kw[0]}
kw_max = {kw[1]}
seed = {seed}
count = {units}
[orders]
count = {orders}
[output]
file = "walk.h5"
"""


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--orders", type=int, nargs="+", default=[1, 10, 100, 10000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--kw", type=float, nargs=2, default=[50, 1000])
    parser.add_argument("--units", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5)
    return parser.parse_args()


def walk(program, study, file, threads):
    """(seconds walking, seconds of processors, evaluations)"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    Path(file).unlink(missing_ok=True)
    done = subprocess.run([program.resolve(), "run", study, "--out", file, "--threads", str(threads), "--json"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{program}: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = json.loads(done.stdout)
    return said["seconds"]["evaluate"] + said["seconds"]["explore"], after.ru_utime - before.ru_utime, said["evaluations"]


def contents(file):
    found = {}
    with h5py.File(file) as f:
        f.visititems(lambda name, x: found.update({name: x[()]}) if isinstance(x, h5py.Dataset) else None)
    return found


def check_equal(before, after):
    a, b = contents(before), contents(after)
    for name in a.keys() | b.keys():
        if name not in a or name not in b:
            sys.exit(f"{name} is in one of {before} and {after} only")
        x, y = np.asarray(a[name]), np.asarray(b[name])
        if not (np.array_equal(x, y) if x.dtype == object else x.dtype == y.dtype and x.tobytes() == y.tobytes()):
            sys.exit(f"{name} differs between {before} and {after}")


def main():
    args = options()
    print("| orders | seed | before [s] | after [s] | ratio | ratio of processor time | evaluations before | after |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        study, files = Path(folder) / "study.toml", [str(Path(folder) / n) for n in ("before.h5", "after.h5")]
        for orders in args.orders:
            ratios = []
            for seed in args.seeds:
                study.write_text(STUDY.format(root=ROOT, kw=args.kw, seed=seed, units=args.units, orders=orders), encoding="utf-8")
                runs = [[walk(p, study, f, args.threads) for p, f in zip((args.before, args.after), files)] for _ in range(args.repeat)]
                check_equal(*files)
                clock, processor = ([min(r[k][what] for r in runs) for k in (0, 1)] for what in (0, 1))
                ratios.append([clock[0] / clock[1], processor[0] / processor[1]])
                print(f"| {orders:,} | {seed} | {clock[0]:.4f} | {clock[1]:.4f} | {ratios[-1][0]:.2f} | {ratios[-1][1]:.2f} | {runs[0][0][2]:,} | {runs[0][1][2]:,} |", flush=True)
            mean = np.exp(np.mean(np.log(ratios), axis=0))
            print(f"| {orders:,} | geometric mean of {len(ratios)} | | | {mean[0]:.2f} | {mean[1]:.2f} | | |", flush=True)


if __name__ == "__main__":
    main()
