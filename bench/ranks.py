#!/usr/bin/env python3
"""Processor seconds of a study walked by one process and by ranks (MPI), in turn.

    bench/ranks.py [STUDY] [--ranks 2 4] [--times 3] [--program build/mpi/gridqueue]

For each number of ranks, and each time: what one process took over what the busiest rank took (the speed-up that ranks
with a core each would have), evaluations of all over those of one, and of the busiest rank over their mean. Every
process has one thread. The one process has as many like it beside it as there are other ranks, so that it shares caches,
cores and clock as a rank does. Wall clock is printed, too; it means something only where each rank has a core."""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

ONE = "--one"


def measure_one(folder, command):
    """As one rank: runs the program, leaves its processor seconds."""
    code = subprocess.call(command)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(os.path.join(folder, os.environ.get("OMPI_COMM_WORLD_RANK", "0")), "w") as f:
        json.dump([used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3], f)
    return code


def measured(program, study, folder):
    """The command that runs the study and leaves in the folder what it took."""
    words = [program, "run", study, "--threads", "1", "--force", "--json", "--out", os.path.join(folder, "r.h5")]
    return [sys.executable, os.path.abspath(__file__), ONE, folder] + words


def taken(folder, rank):
    with open(os.path.join(folder, str(rank))) as f:
        return json.load(f)


def run_alone(program, study, beside, parent):
    """Processor seconds and MB of one process (the mean of all), its wall clock, what it said."""
    folders = [tempfile.mkdtemp(dir=parent) for _ in range(beside)]
    start = time.time()
    runs = [subprocess.Popen(measured(program, study, f), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            for f in folders]
    said = [json.loads(p.communicate()[0]) for p in runs]
    wall = time.time() - start
    return [sum(x) / beside for x in zip(*(taken(f, 0) for f in folders))], wall, said[0]


def run_ranks(program, study, ranks, folder):
    """Processor seconds and MB by rank, wall clock, what the run said."""
    words = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", str(ranks)]
    start = time.time()
    said = json.loads(subprocess.run(words + measured(program, study, folder), check=True, capture_output=True,
                                     text=True).stdout)
    return [taken(folder, r) for r in range(ranks)], time.time() - start, said


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("study", nargs="?", default=os.path.join(here, "heavy_queue_20.toml"))
    parser.add_argument("--ranks", type=int, nargs="+", default=[2])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--program", default=os.path.join(here, "../build/mpi/gridqueue"))
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(a.times):
            for ranks in a.ranks:
                alone, wall, said = run_alone(a.program, a.study, ranks, folder)
                print(f"1 process of {ranks}: {alone[0]:.1f} CPU s, {wall:.1f} s, {said['evaluated']} evaluations, "
                      f"{alone[1]:.0f} MB", flush=True)
                each, wall, by = run_ranks(a.program, a.study, ranks, folder)
                busiest = max(s for s, _ in each)
                count = by["evaluated_by_rank"]
                print(f"{ranks} ranks: busiest {busiest:.1f} CPU s ({', '.join(f'{s:.1f}' for s, _ in each)}), "
                      f"{wall:.1f} s: {alone[0] / busiest:.3f} times; evaluations "
                      f"{sum(count) / said['evaluated']:.3f} times, busiest "
                      f"{max(count) * ranks / sum(count):.3f} times the mean", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == [ONE]:
        sys.exit(measure_one(sys.argv[2], sys.argv[3:]))
    main()
