"""experiments/feeders: its README shows what its command finds on data/, and a model that is refused is said to be."""

import csv
import subprocess

from check_cluster_activity import tables
from support import ROOT, Workplace, need_packages, package_python, program

FOLDER = ROOT / "experiments/feeders"
TIMES = {"import and check [s]", "evaluations/s"}


def number(text):
    return float(text.replace(",", ""))


def near(shown, found):
    """The README's figures are of another processor, and rounded."""
    try:
        return abs(number(shown) - number(found)) <= 0.02 * abs(number(found)) + 1
    except ValueError:
        return shown == found


def run(place, *more):
    done = subprocess.run([package_python(), str(FOLDER / "run.py"), "--program", program(), "--out", str(place.path), *map(str, more)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return tables((place.path / "tables.md").read_text(encoding="utf-8"))


def main():
    need_packages()
    shown = tables((FOLDER / "README.md").read_text(encoding="utf-8"))
    with Workplace() as place:
        model = place.path / "mesh.dss"
        model.write_text("clear\nnew circuit.mesh bus1=s basekv=12.47\nnew line.a bus1=s bus2=t\nnew line.b bus1=t bus2=u\n"
                         "new line.c bus1=s bus2=u\nset voltagebases=[12.47]\ncalcvoltagebases\nsolve\n", encoding="utf-8")
        found = run(place, model)
        with open(place.path / "feeders.csv", encoding="utf-8") as file:
            rows = {row["feeder"]: row for row in csv.DictReader(file)}
        assert (place.path / "feeders.png").stat().st_size > 5000
    assert set(rows) == {"radial", "ieee13", "ieee34", "ieee123"}, rows
    for name in ("ieee13", "ieee34", "ieee123"):
        assert rows[name]["wrong taps"].startswith("0 of "), rows[name]
        assert float(rows[name]["voltages [pu]"]) < 1e-6, rows[name]
    refused = found["Refused"]
    assert refused[2][0] == "mesh" and ("loop" in refused[2][1] or "DSS C-API" in refused[2][1]), refused
    for title, lines in shown.items():
        assert len(lines) == len(found[title]), (title, lines, found[title])
        for ours, theirs in zip(lines, found[title]):
            for column, a, b in zip(lines[0], ours, theirs):
                assert column in TIMES or near(a, b), f"{title}, {column}: {a} in the README, {b} found"


if __name__ == "__main__":
    main()
