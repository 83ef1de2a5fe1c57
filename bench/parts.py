#!/usr/bin/env python3
"""What answers, segments, parts and merging them cost, of one study (docs/clusters.md has the figures).

    bench/parts.py STUDY.toml [--program build/release/gridqueue] [--parts 4] [--threads 1] [--together]

Walks the study whole, then in parts one after another (or all at once), merges these, and says of each step: CPU seconds (other work on the
machine counts little in them), largest resident set, states worked out and looked up, and what lies on the disk.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]


class Step:
    """One command, begun, and what it took."""

    def __init__(self, name, *command):
        self.name, self.command, self.out = name, list(map(str, command)), tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(self.command, stdout=self.out, stderr=subprocess.DEVNULL,
                                        env=os.environ | {"OMP_WAIT_POLICY": "passive"})

    def wait(self):
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode != 0:
            sys.exit(f"failed: {' '.join(self.command)}")
        self.out.seek(0)
        self.said = json.load(self.out)
        self.out.close()
        self.cpu, self.memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024

    def row(self):
        self.wait()
        said = next((p for p in self.said.get("parts", []) if p["part"] == self.name), self.said)
        self.evaluated, self.looked_up = said["evaluated"], said["looked_up"]
        print(f"| {self.name} | {self.cpu:.2f} | {self.memory / 1e6:,.0f} | {self.evaluated:,} | {self.looked_up:,} | "
              f"{(self.evaluated + self.looked_up) / self.cpu:,.0f} |", flush=True)


def segments(folder):
    return [f.stat().st_size for f in sorted(folder.glob("*/*.seg.h5"))]


def disk(what, results, answers, states):
    sizes = segments(answers)
    print(f"{what}: {len(sizes)} segments of {', '.join(f'{s / 1e6:.1f}' for s in sizes[:20])} MB, {sum(sizes):,} bytes, "
          f"{sum(sizes) / states:.0f} per answer; results file {results.stat().st_size / 1e6:.1f} MB")


def measure(a, folder):
    run = [a.program, "run", a.study, "--json", "--threads", a.threads]
    whole, out = folder / "whole.h5", folder / "parts.h5"
    print("| step | CPU s | memory MB | worked out | looked up | states/CPU s |\n|---|---|---|---|---|---|")
    first = Step("whole", *run, "--out", whole, "--keep-answers")
    first.row()
    begun = []
    for i in range(1, a.parts + 1):
        begun.append(Step(f"{i}-of-{a.parts}", *run, "--out", out, "--shard", f"{i}/{a.parts}"))
        if not a.together:
            begun.pop().row()
    for part in begun:
        part.row()
    parts = json.loads(subprocess.run([a.program, "status", f"{out}.d", "--json"], capture_output=True, check=True).stdout)["parts"]
    worked_out = sum(p["evaluated"] for p in parts)
    merge = Step("merge", a.program, "merge", f"{out}.d", "--json", "--keep-answers", "--threads", a.threads)
    merge.row()
    disk("\nwhole", whole, folder / "whole.h5.d", first.evaluated)
    disk("parts", out, folder / "parts.h5.d", worked_out)
    needed = sum(p["evaluated"] + p["looked_up"] for p in parts)  # a part has only what others saved before it started
    print(f"worked out by all parts: {worked_out:,}, {worked_out / first.evaluated:.2f} times one run's; "
          f"by merge: {merge.evaluated}")
    if not a.together:
        print(f"side by side at most {needed / first.evaluated:.2f} times")
    print("merge [s]:", merge.said.get("seconds"))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("study", type=pathlib.Path)
    p.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/gridqueue")
    p.add_argument("--parts", type=int, default=4)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--together", action="store_true", help="start all parts at once")
    with tempfile.TemporaryDirectory() as folder:
        measure(p.parse_args(), pathlib.Path(folder))


if __name__ == "__main__":
    main()
