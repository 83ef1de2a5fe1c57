"""experiments/order_luck: its README shows what its numbers say, and its command finds these numbers again."""

import re
import subprocess
import sys

from check_cluster_activity import tables
from support import ROOT, Workplace, need_packages, package_python, program

FOLDER = ROOT / "experiments/order_luck"
QUEUES = 4  # walked again here; queue k does not depend on how many there are
# Hosting capacities end within 0.1 kW, and linear programs differentiate: shares of these rules feel both.
LOOSE = {"delta-hosting-capacity [$]": 2e-3, "constraint-matrix [$]": 2e-2}


def rows_of(units):
    return [(units.queue[i], units.bus[i], units.of("kW")[i]) for i in range(len(units.bus))]


def readme_shows_the_numbers(expected):
    """To the last digit shown, from expected/units.csv."""
    import luck
    shown = tables((FOLDER / "README.md").read_text(encoding="utf-8"))
    written = tables("\n".join(t.markdown() for t in luck.tables(expected)))
    assert written.keys() == shown.keys(), f"the README's tables are {list(shown)}, the numbers' {list(written)}"
    for title, rows in written.items():
        assert rows == shown[title], f"{title}: {rows} from the numbers, {shown[title]} in the README"


def found_again(place, expected):
    import numpy as np
    import units as numbers
    study = place.path / "study.toml"
    text = (FOLDER / "study.toml").read_text(encoding="utf-8").replace('"data/', f'"{ROOT}/data/')
    study.write_text(re.sub(r"^queues = \d+", f"queues = {QUEUES}", text, flags=re.M))
    done = subprocess.run([package_python(), str(FOLDER / "run.py"), "--program", program(), "--out", str(place.path), "--study", str(study)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    units = numbers.read_csv(place.path / "units.csv")
    n = len(units.bus)
    assert n == 12 * QUEUES and rows_of(units) == rows_of(expected)[:n]
    for name in numbers.NUMBERS:
        ours, theirs = units.of(name), expected.of(name)[:n]
        scale = max(1.0, float(np.nanmax(np.abs(theirs))))
        worst = np.nanmax(np.abs(ours - theirs), initial=0.0) / scale
        assert (np.isnan(ours) == np.isnan(theirs)).all() and worst <= LOOSE.get(name, 1e-9), f"{name}: {worst:g} of {scale:g} apart"
    for picture in re.findall(r"\(pictures/(\w+\.png)\)", (FOLDER / "README.md").read_text(encoding="utf-8")):
        assert (place.path / picture).read_bytes()[:4] == (FOLDER / "pictures" / picture).read_bytes()[:4] == b"\x89PNG", picture


def main():
    need_packages()
    if package_python() != sys.executable and len(sys.argv) < 3:  # the numbers are read with its packages
        sys.exit(subprocess.run([package_python(), "-B", __file__, program(), "again"], check=False).returncode)
    sys.path[:0] = [str(ROOT / "python"), str(FOLDER.parent / "tools"), str(FOLDER)]
    import units as numbers
    expected = numbers.read_csv(FOLDER / "expected/units.csv")
    assert len(expected.bus) == 1200
    readme_shows_the_numbers(expected)
    with Workplace() as place:
        found_again(place, expected)
    print(f"the README shows what 100 queues say; {QUEUES} of them walked again say the same")


if __name__ == "__main__":
    main()
