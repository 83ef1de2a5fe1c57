"""experiments/cluster_activity: its README shows what its command writes, and that is what the i2x notebook found."""

import csv
import re
import subprocess

from support import ROOT, Workplace, need_packages, package_python, program, truth

FOLDER = ROOT / "experiments/cluster_activity"
# How far a number in the README may be from the command's: searches of a hosting capacity end within 0.1 kW, which
# a share in dollars feels; all else is exact.
TOLERANCE = {"Part 1": 1.01, "Part 3": 200.0, "Who should pay": 200.0}


def number(text):
    return float(text.replace(",", "")) if re.fullmatch(r"-?[\d,]+(\.\d+)?", text) else None


def tables(text):
    """{title: rows of cells} of the Markdown tables that follow a bold title."""
    found = {}
    for block in re.findall(r"^\*\*(.+)\*\*\n\n((?:\|.*\n?)+)", text, re.M):
        found[block[0]] = [[c.strip() for c in line.strip("|").split("|")] for line in block[1].splitlines()]
    return found


def readme_shows(written):
    shown = tables((FOLDER / "README.md").read_text(encoding="utf-8"))
    assert written.keys() == shown.keys(), f"the README's tables are {list(shown)}, the command's {list(written)}"
    for title, rows in written.items():
        tolerance = next((t for start, t in TOLERANCE.items() if title.startswith(start)), 0.0)
        for row, other in zip(rows, shown[title], strict=True):
            for a, b in zip(row, other, strict=True):
                x, y = number(a), number(b)
                ok = a == b or (x is not None and y is not None and abs(x - y) <= tolerance)
                assert ok, f"{title}: the command writes {a}, the README shows {b} ({row[0]})"


def read(folder, name):
    with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
        return {row[list(row)[0]]: row for row in csv.DictReader(file)}


def part1_is_the_notebooks(out, notebook):
    """i2x reports the passing end of a bracket under 5 kW, and 0 below 30 kW."""
    ours = read(out, "part1_hosting_capacity")
    for bus, theirs in notebook["part1_comparison"].items():
        for name, kw in theirs.items():
            x = float(ours[bus][name.lower()])
            assert kw - 1 <= x <= kw + 6 or (kw == 0 and x < 30), f"{bus}, {name}: {x:.1f} kW, i2x {kw:.1f}"


def part2_is_the_notebooks(out, notebook):
    first = read(out, "part2_first_upgrade")
    for k, upgrade in enumerate(notebook["part2"]):
        row = first[str(k)]
        ours = (row["trigger"], float(row["trigger [kW]"]), float(row["installed [kW]"]), int(row["lines"]), float(row["cost [$]"]))
        theirs = (upgrade["trigger_bus"], upgrade["trigger_kw"], upgrade["total_kw"], len(upgrade["upgrades"]), upgrade["cost"])
        assert ours == theirs, f"sequence {k}: {ours}, the notebook {theirs}"
        assert abs(float(row["feet"]) - upgrade["feet"]) < 1e-6
    costs = read(out, "part2_costs")
    for k, paid in enumerate(notebook["cost_by_triggering_bus"]):
        ours = {bus: float(row[f"sequence {k}"]) for bus, row in costs.items() if bus != "total" and float(row[f"sequence {k}"]) > 0}
        assert ours == {bus: p["cost"] for bus, p in paid.items()}, f"sequence {k}: {ours}"
        assert float(costs["total"][f"sequence {k}"]) == 3363360
    lines = read(out, "part2_lines")
    for theirs in notebook["continued"]:
        assert float(theirs["final_total_cost"]) == 3363360 and len(theirs["final_lines"]) == 13
        for k in ("0", "1", "2"):
            assert lines[k]["lines in the end"].split() == sorted(theirs["final_lines"]), f"sequence {k}: {lines[k]}"


def part3_is_the_notebooks(out, notebook):
    """Within 1 %; the four units off the upgraded branch within 200 $."""
    ours = read(out, "part3_sharing")
    for bus, theirs in notebook["part3"]["fine"]["units"].items():
        allowed = max(200.0, 0.01 * abs(theirs["cost"]))
        assert abs(float(ours[bus]["cost share [$]"]) - theirs["cost"]) <= allowed, f"{bus}: {ours[bus]}, the notebook {theirs}"


def main():
    need_packages()
    with Workplace() as place:
        out = place.path / "out"
        done = subprocess.run([package_python(), str(FOLDER / "run.py"), "--program", program(), "--out", str(out)], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, done.stderr
        readme_shows(tables((out / "tables.md").read_text(encoding="utf-8")))
        for picture in re.findall(r"\(pictures/(\w+\.png)\)", (FOLDER / "README.md").read_text(encoding="utf-8")):
            assert (out / picture).read_bytes()[:4] == (FOLDER / "pictures" / picture).read_bytes()[:4] == b"\x89PNG", picture
        assert (out / "report/index.html").exists()
        notebook = truth("notebook.json")
        if notebook is None:
            print("the README shows what the command writes; the notebook's results are not here (set GRIDQUEUE_SHARED)")
            return
        part1_is_the_notebooks(out, notebook)
        part2_is_the_notebooks(out, notebook)
        part3_is_the_notebooks(out, notebook)
    print("the README shows what the command writes, and that is what the notebook found")


if __name__ == "__main__":
    main()
