#!/usr/bin/env python3
"""Per evaluation, as Markdown: what the kernels of evaluations did in a run of test_ptx (GRIDQUEUE_PTX_COUNTS), and how many
evaluations a second an H100 could do at most by each of its units.

    count_table.py FILE.counts
"""
import csv
import re
import sys

NAMES = {"LinearDayOfThread": "thread = linearized evaluation", "DayOfThread": "thread = evaluation",
         "true>": "block = evaluation", "false>": "warp = evaluation"}
# NVIDIA H100 SXM: multiprocessors, clock [1/s], memory [B/s] (data sheet); lanes of a multiprocessor per clock and kind (CUDA C++
# Programming Guide, "Throughput of native arithmetic instructions", compute capability 9.0; four schedulers issue 32 lanes each).
MULTIPROCESSORS, CLOCK, MEMORY = 132, 1.755e9, 3.35e12
UNITS = {"schedulers": (128, ("fma.f32", "f32", "fma.f64", "f64", "special", "integer", "load", "store", "atomic", "branch", "shuffle", "barrier")),
         "units of f32": (128, ("fma.f32", "f32")), "units of f64": (64, ("fma.f64", "f64")), "units of integers": (64, ("integer",)),
         "units of roots": (16, ("special",)), "loads, stores, shuffles": (32, ("load", "store", "atomic", "shuffle")),
         "shared memory": (128, ("shared [B]",))}


def kernel(spelt):
    """A readable name; None of what is no kernel of evaluations."""
    if "planted" in spelt or not re.search(r"gridqueue::run_(items|teams)<", spelt):
        return None
    name = next((text for part, text in NAMES.items() if part in spelt), None)
    general = ", general feeders" if re.search(r"DayOfThread<(float|double), true>", spelt) else ""
    return name and f"{name}, {'double' if re.search('<double[,>]', spelt) else 'float'}{general}"


def rounded(number):
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.2g}"


def limits(row):
    """Evaluations per second by unit, infinite where nothing asks for it; moves are left out, because ptxas drops most."""
    each = lambda columns: sum(int(row[c]) for c in columns) / int(row["items"])
    found = {unit: lanes * MULTIPROCESSORS * CLOCK / each(columns) if each(columns) else float("inf") for unit, (lanes, columns) in UNITS.items()}
    found["memory, if nothing were in a cache"] = MEMORY / each(("global [B]",)) if each(("global [B]",)) else float("inf")
    return found


def million(number):
    return "" if number == float("inf") else f"{number / 1e6:.2g}" if number < 1e8 else f"{number / 1e6:,.0f}"


def table(head, lines):
    print(f"| {head[0]} | " + " | ".join(head[1:]) + " |")
    print("|---" * len(head) + "|")
    for line in lines:
        print("| " + " | ".join(line) + " |")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = [(name, row) for row in csv.DictReader(file, delimiter="\t") if (name := kernel(row["kernel"]))]
    rows = sorted(((name, row) for name, row in rows if int(row["items"])), key=lambda r: r[0])
    if not rows:
        sys.exit("count_table: no kernel of evaluations ran")
    names = [name for name, _ in rows]
    columns = [c for c in rows[0][1] if c not in ("kernel", "launches", "items")]
    table(["per evaluation", *names], [["evaluations counted", *(row["items"] for _, row in rows)]] +
          [[c, *(rounded(int(row[c]) / int(row["items"])) for _, row in rows)] for c in columns])
    print()
    by_unit = [limits(row) for _, row in rows]
    table(["million evaluations/s at most, H100", *names], [[unit, *(million(l[unit]) for l in by_unit)] for unit in by_unit[0]])


if __name__ == "__main__":
    main()
