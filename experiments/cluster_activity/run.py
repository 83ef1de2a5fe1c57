#!/usr/bin/env python3
"""The i2x notebook cluster_activity, parts 1 to 3, and what it could not show: all orders.

    .venv/bin/python experiments/cluster_activity/run.py [--program build/release/gridqueue] [--out build/cluster_activity]

Writes tables.md, a CSV of every table, a picture of every part, and the report of all orders. Needs `make python`.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "python"), str(HERE.parent / "tools"), str(HERE)]

import beyond  # noqa: E402
import notebook  # noqa: E402
import plots  # noqa: E402
import program as tools  # noqa: E402


class Program(tools.Program):
    def walk(self, study):
        """The results file of a study of this folder."""
        results = self.out / f"{study}.h5"
        self("run", HERE / f"{study}.toml", "--out", results, "--force", "--json")
        return results

    def hosting_capacity(self, buses, der=(), upgrades=()):
        """{bus: kW}, the notebook's limits and monitors, searched to 0.1 kW."""
        found = self("hca", "data/radial.h5", "--monitors", "i2x", "--precision", "double", "--json", "--buses", ",".join(buses),
                     *(w for bus, kw in der for w in ("--der", f"{bus}={kw}")), *(w for line in upgrades for w in ("--upgrade", line)))
        return {h["bus"]: h["kw"] for h in json.loads(found)}


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/gridqueue")
    parser.add_argument("--out", type=Path, default=ROOT / "build/cluster_activity")
    return parser.parse_args()


def main():
    args = options()
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    program = Program(args.program.resolve(), out)
    sequences = notebook.read_sequences(program.walk("sequences"))
    part1, part2, part3 = (notebook.part1(program, sequences), notebook.part2(sequences), notebook.part3(program, sequences))
    exact = program.walk("all_orders")
    bills = beyond.bills(exact)
    tables = [*part1.tables, *part2.tables, *part3.tables, *bills.tables]
    for table in tables:
        table.write_csv(out)
    (out / "tables.md").write_text("\n".join(t.markdown() for t in tables), encoding="utf-8")
    plots.hosting_capacity(part1, out)
    plots.usd_per_kw(part2, out)
    plots.costs_by_sequence(part2, out)
    plots.sharing(part2, part3, out)
    plots.all_orders(part2, bills, out)
    program("report", exact, "--out", out / "report")
    shutil.copy(out / "report/png/sharing.png", out / "sharing_rules.png")
    print(f"{len(tables)} tables in {out / 'tables.md'}, their CSV and pictures beside it; the report of all orders: {out / 'report/index.html'}")


if __name__ == "__main__":
    main()
