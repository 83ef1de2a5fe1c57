#!/usr/bin/env python3
"""How the lattice of all orders grows with the units: states, evaluations, time, memory, as a Markdown table.

    bench/lattice_growth.py [--program build/release/gridqueue] [--units 8 10 12 ...] [--kw 50 400] [--seed 5]
                            [--max-states 20000000] [--timeout 1200] [--backend cpu] [--keep FILE.h5]

Each row is one `gridqueue run` of a random queue (`[queue.random]`, `orders.method = "all"`), file written. Memory is the
largest resident set. What is refused shows the reason; what takes longer than the timeout ends the table.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]

STUDY = """[feeder]
file = "{feeder}"
[queue.random]
buses = "three-phase"
kw_min = {kw[0]}
kw_max = {kw[1]}
seed = {seed}
count = {units}
[orders]
method = "all"
max_states = {max_states}
"""


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/gridqueue")
    p.add_argument("--units", type=int, nargs="+", default=[8, 10, 12, 14, 15, 16, 18, 20])
    p.add_argument("--kw", type=int, nargs=2, default=[50, 400], metavar=("MIN", "MAX"))
    p.add_argument("--seed", type=int, default=5)
    p.add_argument("--max-states", type=int, default=20_000_000)
    p.add_argument("--timeout", type=float, default=1200)
    p.add_argument("--backend", default="cpu")
    p.add_argument("--keep", type=pathlib.Path, help="where the last results file stays")
    a = p.parse_args()
    if not a.program.exists():
        sys.exit(f"lattice_growth: no program '{a.program}' (--program says where it is)")
    return a


def run(a, units, folder):
    """The JSON of a run (None where it was stopped), what it said, seconds, resident set in MB."""
    study, results = folder / "study.toml", a.keep or folder / "results.h5"
    study.write_text(STUDY.format(feeder=ROOT / "data/radial.h5", kw=a.kw, seed=a.seed, units=units, max_states=a.max_states))
    start = time.monotonic()
    with open(folder / "out", "w+") as out, open(folder / "err", "w+") as err:
        p = subprocess.Popen([a.program, "run", study, "--out", results, "--force", "--json", "--backend", a.backend], stdout=out, stderr=err)
        limit = threading.Timer(a.timeout, lambda: os.kill(p.pid, signal.SIGTERM))
        limit.start()
        _, status, usage = os.wait4(p.pid, 0)
        limit.cancel()
        seconds = time.monotonic() - start
        out.seek(0), err.seek(0)
        text = out.read()
        done = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
        size = results.stat().st_size / 1e6 if results.exists() else 0
        return json.loads(text) if done else None, err.read(), seconds, usage.ru_maxrss / 1e3, size


def main():
    a = arguments()
    print(f"Random queues of {a.kw[0]} to {a.kw[1]} kW, seed {a.seed}:\n")
    print("| units | orders | foreseen states | states | evaluations | seconds | of them evaluating | memory | file |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for units in a.units:
            r, said, seconds, memory, size = run(a, units, pathlib.Path(folder))
            foreseen = re.search(r"about ([0-9.e+]+) states", said)
            foreseen = f"{float(foreseen[1]):,.0f}" if foreseen else "-"
            if r is None:
                reason = said.strip().splitlines()[-1] if said.strip() else "stopped"
                print(f"| {units} | | {foreseen} | {reason} | | {seconds:.1f} | | {memory:,.0f} MB | |", flush=True)
                if seconds >= a.timeout:
                    break
                continue
            print(f"| {units} | {r['orders']:.2e} | {foreseen} | {r['states']:,} | {r['evaluations']:,} | {seconds:.1f} |"
                  f" {r['seconds']['evaluate']:.1f} | {memory:,.0f} MB | {size:,.1f} MB |", flush=True)


if __name__ == "__main__":
    main()
