"""experiments/constraint_matrix/lp.toml is exactly what make_lp.py writes."""
import pathlib
import subprocess
import sys

folder = pathlib.Path(__file__).resolve().parents[2] / "experiments" / "constraint_matrix"
written = subprocess.run([sys.executable, folder / "make_lp.py"], capture_output=True, text=True, check=True).stdout
if written != (folder / "lp.toml").read_text():
    sys.exit("lp.toml differs from what make_lp.py writes; run python3 make_lp.py > lp.toml")
