#!/usr/bin/env python3
"""How much of a unit's bill is the luck of its place in the queue, over 100 random queues.

    .venv/bin/python experiments/order_luck/run.py [--program build/release/gridqueue] [--out build/order_luck] [--results FILE]

Writes units.csv (every unit of every queue), tables.md with a CSV of every table, and the pictures. --results: of a run that
is there already. Needs `make python`.
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "python"), str(HERE.parent / "tools"), str(HERE)]

import numpy as np  # noqa: E402

import luck  # noqa: E402
import plots  # noqa: E402
import units as numbers  # noqa: E402
from program import Program  # noqa: E402


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/gridqueue")
    parser.add_argument("--out", type=Path, default=ROOT / "build/order_luck")
    parser.add_argument("--study", type=Path, default=HERE / "study.toml")
    parser.add_argument("--results", type=Path)
    return parser.parse_args()


def agrees(summary, units):
    """The program's own parts of the variance are those of the table."""
    ours = luck.variance_parts(units)
    said = [summary["variance"]["unit"][k]["usd2"] for k in ("order", "place_and_size", "queue")]
    if not np.allclose(ours, said, rtol=1e-9):
        sys.exit(f"the parts of the variance are {ours} from the units, {said} from gridqueue")


def main():
    args = options()
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    program = Program(args.program.resolve(), out)
    results = args.results or out / "order_luck.h5"
    summary = json.loads(program("show", results.resolve(), "--json") if args.results else program("run", args.study.resolve(), "--out", results, "--force", "--json"))
    units = numbers.read_results(results)
    agrees(summary, units)
    units.write_csv(out / "units.csv")
    tables = luck.tables(units)
    for table in tables:
        table.write_csv(out)
    (out / "tables.md").write_text("\n".join(t.markdown() for t in tables), encoding="utf-8")
    plots.draw(units, out)
    print(f"{len(tables)} tables of {len(units.bus)} units in {out / 'tables.md'}, their CSV, units.csv and pictures beside it")


if __name__ == "__main__":
    main()
