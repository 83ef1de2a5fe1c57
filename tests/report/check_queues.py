"""The report of many queues: its numbers are those of the program's own summary, and fit together."""

import json

from check_numbers import change, read, same
from support import ROOT, Workplace, need_packages, run

STUDY = """[feeder]
file = "{root}/data/radial.h5"
[queue.random]
buses = ["bus_1110", "bus_1112", "bus_1113", "bus_26", "bus_1102"]
kw_min = 100
kw_max = 600
seed = 3
{queues}
[orders]
{orders}
"""
RULES = '[allocation]\nrules = ["trigger", "shapley", "pro-rata-kw"]'


def columns(folder, name):
    """{column: values}"""
    head, *rows = read(folder, name)
    return {h: [row[i] for row in rows] for i, h in enumerate(head)}


def numbers(values):
    return [float(v) for v in values]


def mean(values):
    return sum(values) / len(values)


def variance_is_the_runs(folder, summary):
    _, *rows = read(folder, "variance")
    told = summary["variance"]
    for row, part in zip(rows, ("order", "place_and_size", "queue")):
        e = told["unit"][part]
        same([row[2:4]], [[e["usd2"], e["share"]]], f"{folder.name}: {part}", 1e-6)
        if summary["queues"] >= 8:
            same([row[4:7]], [[e["standard_error"], *e["interval"]]], f"{folder.name}: {part}", 3e-3)  # Student's t is approximated
        else:
            assert row[4:7] == ["", "", ""], "an interval from few queues"
    same([[rows[3][2], rows[4][2]]], [[told["total"]["order_usd2"], told["total"]["queue_usd2"]]], f"{folder.name}: totals", 1e-6)


def queues_are_the_runs(folder, results, summary):
    over, queues, units = summary["over_queues"], columns(folder, "queues"), columns(folder, "units")
    assert len(queues["queue"]) == summary["queues"]
    for key, column in (("total_mean_usd", "mean total [USD]"), ("total_sd_usd", "standard deviation over orders [USD]"), ("units", "units"),
                        ("triggers", "units that trigger, mean"), ("rejects", "units rejected, mean"), ("lines", "lines of the most probable set")):
        same([[over[key]["mean"]]], [[mean(numbers(queues[column]))]], f"{folder.name}: {key}")
    for k in (0, summary["queues"] - 1):
        told = json.loads(run("show", results, "--queue", k, "--json").stdout)
        mine = [i for i, q in enumerate(units["queue"]) if int(q) == k]
        keys = {"power [kW]": "kw", "triggers in share of the orders": "trigger_probability", "mean [USD]": "mean_usd",
                "standard deviation [USD]": "sd_usd", "median [USD]": "median_usd",
                "95 % quantile [USD]": "p95_usd", "largest [USD]": "max_usd"}
        same([[units[c][i] for c in keys] for i in mine], [[u[k] for k in keys.values()] for u in told["units"]], f"{folder.name}: queue {k}")
        assert [units["bus"][i] for i in mine] == [u["bus"] for u in told["units"]]


def curves_have_the_same_mean(folder):
    """The mean of a unit's bill is the area under each of the three curves; every queue counts alike."""
    queues, bills = columns(folder, "queues"), columns(folder, "bills")
    expected = mean([float(t) / int(n) for t, n in zip(queues["mean total [USD]"], queues["units"])])
    for name in ("in one order", "mean over orders", "mean of its queue"):
        area, before = 0.0, 0.0
        for bill, usd, share in zip(bills["bill"], bills["from [USD]"], bills["units that pay so much or more"]):
            if bill == name:
                area, before = area + (float(usd) - before) * float(share), float(usd)
        same([[expected]], [[area]], f"{folder.name}: {name}", 1e-6)


def lines_cost_what_queues_cost(folder):
    """Cost of every line times how often it is built = mean total of a queue."""
    lines, queues = columns(folder, "feeder"), columns(folder, "queues")
    built = sum(float(c) * float(p) for c, p in zip(lines["cost of its upgrade [USD]"], lines["upgraded in share of the orders"]))
    same([[mean(numbers(queues["mean total [USD]"]))]], [[built]], f"{folder.name}: lines", 2e-3)  # 99.9 % of the orders


def buses_have_their_units(folder):
    buses, units, bills = columns(folder, "buses"), columns(folder, "units"), columns(folder, "bus_costs")
    for b, bus in enumerate(buses["bus"]):
        mine = [i for i, name in enumerate(units["bus"]) if name == bus]
        assert int(buses["units"][b]) == len(mine)
        same([[buses["mean bill [USD]"][b]]], [[mean([float(units["mean [USD]"][i]) for i in mine])]], f"{folder.name}: {bus}")
        shown = [(float(c), float(p)) for name, c, p in zip(bills["bus"], bills["cost [USD]"], bills["probability"]) if name == bus]
        same([[1, buses["mean bill [USD]"][b]]], [[sum(p for _, p in shown), sum(c * p for c, p in shown)]], f"{folder.name}: bills at {bus}", 1e-6)


def shares_add_up(folder):
    """What is built in no, some, every order; and queues by cost and by triggers."""
    found = {}
    for quantity, _, _, share in read(folder, "totals")[1:]:
        found.setdefault(quantity.split(" in ")[0], []).append(float(share))
    assert len(found) == 3, found
    same([[1, 1, 1]], [[sum(shares) for shares in found.values()]], f"{folder.name}: totals")


def distances_are_the_runs(folder, summary):
    sharing = columns(folder, "sharing")
    distance = next(name for name in sharing if name.startswith("distance from the "))
    named = "shapley" if "shapley" in sharing["rule"] else "mean-over-orders"
    assert distance == ("distance from the Shapley value" if named == "shapley" else "distance from the mean over orders")
    for rule, told in summary["allocation"]["rules"].items():
        mine = [float(d) for r, d in zip(sharing["rule"], sharing[distance]) if r == (named if rule == "shapley" else rule) and d != ""]
        assert len(mine) == told["queues"] > 0, rule
        same([[told["distance_from_shapley"]["mean"]]], [[mean(mine)]], f"{folder.name}: {rule}")


def model_is_told(folder, model, linear):
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert ("states answered by it" in page) == linear
    if linear:
        assert f"{model['states_linear']:,} states answered by it, {model['states_few'] + model['states_near']:,} by AC" in page, model
        assert f"of {model['verified']['states']:,} of its answers" in page, model


def nothing_to_say_is_said(place, results):
    """Queues in which nobody pays, and a file without any queue."""
    small = STUDY.replace("kw_min = 100\nkw_max = 600", "kw_min = 10\nkw_max = 20")
    folder, summary = place.report("free", "", small.format(root=ROOT, queues="count = 2\nqueues = 5", orders='method = "all"'))
    assert summary["over_queues"]["total_mean_usd"]["p95"] == 0
    for name in ("variance", "bills", "luck", "sharing"):
        assert not (folder / "csv" / f"{name}.csv").exists(), name
    assert "nobody pays" in (folder / "index.html").read_text(encoding="utf-8")
    change(results, "a['committed_rows'] = 0 * a['committed_rows']")
    assert "holds no queue" in run("report", results, "--out", place.path / "none", expect=3).stderr
    assert not (place.path / "none").exists()


def main():
    need_packages()
    with Workplace() as place:
        cases = (("exact", "count = 4\nqueues = 20", f'method = "all"\n{RULES}'), ("sampled", "count = 4\nqueues = 12", "count = 100"),
                 ("lengths", 'until = "trigger"\nqueues = 10', "count = 60\nantithetic = true"), ("few", "count = 5\nqueues = 4", 'method = "all"\n[model]\npower_flow = "screened"'))
        for name, queues, orders in cases:
            folder, summary = place.report(name, orders, STUDY.format(root=ROOT, queues=queues, orders=orders))
            variance_is_the_runs(folder, summary)
            queues_are_the_runs(folder, place.path / f"{name}.h5", summary)
            curves_have_the_same_mean(folder)
            lines_cost_what_queues_cost(folder)
            buses_have_their_units(folder)
            shares_add_up(folder)
            for picture in ("variance", "bills", "totals", "spread", "feeder", "bus_costs", "luck"):
                assert (folder / "png" / f"{picture}.png").read_bytes()[:4] == b"\x89PNG", picture
            model_is_told(folder, summary["model"], "[model]" in orders)
            assert (folder / "csv/sharing.csv").exists() == ("allocation" in orders)
            if "allocation" in orders:
                distances_are_the_runs(folder, summary)
        nothing_to_say_is_said(place, place.path / "few.h5")
    print("the report of many queues says what the run says")


if __name__ == "__main__":
    main()
