#!/usr/bin/env python3
"""One study on every feeder at hand: is it right, how fast is it, what can it host, what do projects pay.

    .venv/bin/python experiments/feeders/run.py [--program build/release/gridqueue] [--out build/feeders] [PLACE ...]

PLACE: a feeder file (.h5), an OpenDSS model (.dss), or a folder with any of them; data/ always comes first. Writes tables.md, a CSV
of each table and the picture. Needs `make python`.
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "python"), str(HERE.parent / "tools"), str(HERE)]

import numpy as np  # noqa: E402

import models  # noqa: E402
import plots  # noqa: E402
from program import Program  # noqa: E402
from table import Table  # noqa: E402

SHARE = 0.02, 0.25  # of a unit in the feeder's nominal load
OF_A_CUSTOMER = 1, 8  # of a unit at a customer, in the mean load of a customer's bus
MOST_BUSES = 30     # whose hosting capacity is looked for


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", nargs="*", type=Path, metavar="PLACE")
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/gridqueue")
    parser.add_argument("--out", type=Path, default=ROOT / "build/feeders")
    return parser.parse_args()


def study(feeder, load_kw, out):
    text = (HERE / "study.toml").read_text(encoding="utf-8")
    kind, buses = feeder.places()
    shares = SHARE if kind == "three-phase" else [s / len(buses) for s in OF_A_CUSTOMER]
    low, high = (max(0.1, round(s * load_kw, 1)) for s in shares)
    for key, value in {"{feeder}": feeder.path.as_posix(), "{buses}": kind, "{kw_min}": low, "{kw_max}": high}.items():
        text = text.replace(key, str(value))
    path = out / f"{feeder.name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def capacities(program, feeder):
    """[kW] of buses spread over those where units could stand."""
    _, buses = feeder.places()
    if not buses:
        return []
    some = [buses[i] for i in np.unique(np.linspace(0, len(buses) - 1, MOST_BUSES).astype(int))]
    found = json.loads(program("hca", feeder.path, "--buses", ",".join(some), "--json"))
    return [b["kw"] for b in found]


def examined(program, feeder, out):
    """A row of each table, and the hosting capacities."""
    buses, nodes, load, days, voltage, wrong, taps = feeder.numbers()
    kw = capacities(program, feeder)
    accuracy = [voltage, f"{wrong} of {taps}"] if days else [None, "not checked"]
    if not kw:
        return [feeder.name, buses, nodes, feeder.seconds, *accuracy, None], None, kw
    results = out / f"{feeder.name}-results.h5"
    done = json.loads(program("run", study(feeder, load, out), "--out", results, "--force", "--json"))
    rate = done["evaluations"] / done["seconds"]["evaluate"]
    bills = np.array([u["mean_usd"] for u in done["units"]])
    rejected = np.mean([u["reject_probability"] for u in done["units"]])
    queue = [feeder.name, load, *np.percentile(kw, [0, 50, 100]), bills.mean(), bills.max(), 100 * rejected]
    return [feeder.name, buses, nodes, feeder.seconds, *accuracy, rate], queue, kw


def main():
    args = options()
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    program = Program(args.program.resolve(), out)
    how = Table("feeders", "How near OpenDSS, and how fast", [("feeder", ""), ("buses", "d"), ("nodes", "d"), ("import and check [s]", ".1f"), ("voltages [pu]", ".1e"), ("wrong taps", ""), ("evaluations/s", ",.0f")])
    who = Table("queues", "What the feeder hosts, and what eight random units pay", [("feeder", ""), ("nominal load [kW]", ",.0f"), ("lowest capacity [kW]", ",.0f"), ("median [kW]", ",.0f"), ("highest [kW]", ",.0f"), ("mean bill [$]", ",.0f"), ("dearest unit's mean [$]", ",.0f"), ("rejected [%]", ".1f")])
    refused = Table("refused", "Refused", [("feeder", ""), ("why", "")])
    hosted = {}
    for feeder in models.collect(program, [ROOT / "data", *args.places], out):
        print(f"{feeder.name} ...", flush=True)
        if feeder.why:
            refused.rows.append([feeder.name, "; ".join(feeder.why)])
            continue
        row, queue, kw = examined(program, feeder, out)
        how.rows.append(row)
        if queue:
            who.rows.append(queue)
            hosted[feeder.name] = kw
    tables = [t for t in (how, who, refused) if t.rows]
    for table in tables:
        table.write_csv(out)
    text = "\n".join(t.markdown() for t in tables)
    (out / "tables.md").write_text(text, encoding="utf-8")
    plots.draw(hosted, who, out)
    print(f"\n{text}\n-> {out / 'tables.md'}, a CSV of each table and feeders.png beside it")


if __name__ == "__main__":
    main()
