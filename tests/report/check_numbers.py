"""The report's numbers: those of the program's own summary, and the same from orders one by one as from all at once."""

import csv
import itertools
import subprocess

from support import ROOT, Workplace, need_packages, package_python, run


def read(folder, name):
    with open(folder / "csv" / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def same(a, b, where, tolerance=1e-8):
    assert len(a) == len(b), f"{where}: {len(a)} and {len(b)} rows"
    for row, other in zip(a, b):
        assert len(row) == len(other), where
        for x, y in zip(row, other):
            try:
                close = abs(float(x) - float(y)) <= tolerance * max(1.0, abs(float(x)))
            except ValueError:
                close = x == y
            assert close, f"{where}: {x} and {y} in {row} and {other}"


def summary_in_table(folder, summary):
    for row, unit in zip(read(folder, "units")[1:], summary["units"], strict=True):
        expected = [unit[k] for k in ("kw", "trigger_probability", "reject_probability", "mean_usd", "sd_usd", "median_usd", "p95_usd", "max_usd")]
        same([row[2:10]], [expected], f"{folder.name}: {unit['bus']}")


def intervals_end_where_the_run_says(folder, summary):
    head, *rows = read(folder, "convergence")
    assert int(rows[-1][0]) == summary["orders"]
    for u, unit in enumerate(summary["units"]):
        mean, half = map(float, rows[-1][1 + 2 * u:3 + 2 * u])
        told = unit["estimates"]["mean_usd"]
        same([[mean - half, mean + half]], [[told["low"], told["high"]]], f"{folder.name}: {head[1 + 2 * u]}", 1e-5)


def sharing_is_the_runs(folder, summary):
    """And one whose file was never shared out has none."""
    head, *rows = read(folder, "sharing")
    for row, unit in zip(rows, summary["allocation"]["units"], strict=True):
        for rule, share in unit["shares"].items():
            same([[row[head.index(f"{rule} [USD]")], row[head.index(f"{rule} [USD/kW]")]]], [[share["usd"], share["usd_per_kw"]]], f"{folder.name}: {rule}")
        assert len(unit["shares"]) == 3
    total = summary["allocation"]["total"]["mean"]
    for column in range(3, 6):
        same([[total]], [[sum(float(row[column]) for row in rows)]], head[column])


# Who comes first decides whether anything is built: no set of these units has a cost of its own.
GAP = f"""[feeder]
file = "{ROOT}/data/radial.h5"
[queue]
units = [ {{ bus = "bus_7", kw = 1229 }}, {{ bus = "bus_14", kw = 823 }}, {{ bus = "bus_28", kw = 1266 }} ]
[orders]
method = "all"
[allocation]
rules = ["trigger", "shapley", "pro-rata-kw"]
"""


def gap_is_told(folder, summary):
    page = (folder / "index.html").read_text(encoding="utf-8")
    shapley = summary["order_gap"]["means_are_shapley_values"]
    assert ("so mean bills are Shapley values." in page) == shapley, folder.name
    assert ("means over orders and no Shapley values." in page) == (not shapley), folder.name
    if "allocation" in summary:
        assert ("mean-over-orders [USD]" in read(folder, "sharing")[0]) == (not shapley), folder.name
    return shapley


def change(results, code):
    """Attributes `a` of the file, by a line of Python."""
    subprocess.run([package_python(), "-c", f"import h5py, sys\nwith h5py.File(sys.argv[1], 'r+') as f:\n    a = f.attrs\n    {code}", str(results)], check=True)


def refusals_say_why(place):
    """Of what is no results file, of another version, or cut off; and where no folder can be made. Spoils the files."""
    run("report", place.path / "missing.h5", expect=3)
    run("report", "README.md", expect=3)
    run("report", place.path / "exact.h5", "--out", place.path / "exact.toml", expect=2)
    killed, old = place.path / "pairs.h5", place.path / "exact.h5"
    change(killed, "a['committed_rows'] = [n * (t not in ('queue', 'mass', 'total')) for t, n in zip(a['committed_tables'], a['committed_rows'])]")
    assert "cut off before its orders were summed up" in run("report", killed, expect=3).stderr
    change(killed, "a['committed'] = 0")
    assert "holds no order" in run("report", killed, expect=3).stderr
    change(old, "a['version'] = 1")
    assert "has version 1 (this program reads 3); run the study again" in run("report", old, expect=3).stderr
    change(old, "a['file_type'] = 'gridqueue queues'")
    assert "has version 1" in run("report", old, expect=3).stderr


def main():
    need_packages()
    with Workplace() as place:
        random, random_summary = place.report("random", 'method = "random"\ncount = 2000\nseed = 3')
        exact, exact_summary = place.report("exact", 'method = "all"\n[allocation]\nrules = ["shapley", "pro-rata-kw", "constraint-matrix"]')
        pairs, pairs_summary = place.report("pairs", 'method = "random"\ncount = 200\nseed = 3\nantithetic = true')
        every = [list(p) for p in itertools.permutations(range(5))]
        given, _ = place.report("given", f'method = "given"\norders = {every}')
        for folder, summary in ((random, random_summary), (exact, exact_summary), (pairs, pairs_summary)):
            summary_in_table(folder, summary)
        intervals_end_where_the_run_says(random, random_summary)
        intervals_end_where_the_run_says(pairs, pairs_summary)
        sharing_is_the_runs(exact, exact_summary)
        assert gap_is_told(random, random_summary) and gap_is_told(exact, exact_summary)
        assert not gap_is_told(*place.report("gap", "", GAP))
        assert not (given / "csv/sharing.csv").exists()
        for name in ("unit_costs", "totals", "cost_by_position", "pairwise", "feeder"):
            same(read(given, name), read(exact, name), f"{name}: all 120 orders given, and the lattice")
        assert not (exact / "csv/convergence.csv").exists() and not (given / "csv/convergence.csv").exists()
        for picture in ("unit_costs", "totals", "cost_by_position", "pairwise", "feeder", "convergence"):
            assert (random / "png" / f"{picture}.png").read_bytes()[:4] == b"\x89PNG", picture
        refusals_say_why(place)
    print("the report's numbers are those of the run")


if __name__ == "__main__":
    main()
