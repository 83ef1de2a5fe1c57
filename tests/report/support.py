"""What the checks of the report share: the program, studies, a headless browser."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = 77  # ctest's word for it (SKIP_RETURN_CODE)

UNITS = """[feeder]
file = "{root}/data/radial.h5"
monitors = "i2x"
[queue]
units = [
  {{ bus = "bus_17", kw = 71.0 }}, {{ bus = "bus_26", kw = 771.0 }}, {{ bus = "bus_1112", kw = 216.0 }},
  {{ bus = "bus_1110", kw = 212.0 }}, {{ bus = "bus_1113", kw = 567.0 }},
]
[orders]
{orders}
"""


def program():
    return sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/gridqueue")


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def need_packages():
    """Skips where the Python that `gridqueue report` would start has not got the packages."""
    python = package_python()
    code = "from importlib.util import find_spec; import sys; sys.exit(any(find_spec(n) is None for n in ('numpy', 'h5py', 'plotly', 'matplotlib')))"
    if subprocess.run([python, "-c", code], check=False).returncode != 0:
        skip(f"{python} has no numpy, h5py, plotly or matplotlib (make python)")


def run(*arguments, expect=0):
    done = subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True, check=False,
                          env=os.environ | {"OMP_WAIT_POLICY": "passive"})
    assert done.returncode == expect, f"{arguments}: exit code {done.returncode}, not {expect}\n{done.stderr}"
    return done


class Workplace:
    """A folder of its own, removed afterwards."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="gridqueue-report-"))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def report(self, name, orders, text=None):
        """Runs the five units' study with these [orders], or the study `text`, and reports on it: (folder, summary of the run)."""
        study = self.path / f"{name}.toml"
        study.write_text(text or UNITS.format(root=ROOT, orders=orders))
        results = self.path / f"{name}.h5"
        summary = json.loads(run("run", study, "--out", results, "--json").stdout)
        run("report", results, "--out", self.path / name)
        return self.path / name, summary


def browser():
    chosen = os.environ.get("GRIDQUEUE_BROWSER")
    for name in [chosen] if chosen else ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    skip("no chromium on the PATH (Debian: apt-get install chromium; or set GRIDQUEUE_BROWSER)")


def open_page(page, width=1200):
    """(DOM, console messages) of the page in a browser that cannot reach any network."""
    with tempfile.TemporaryDirectory(prefix="gridqueue-browser-") as profile:
        done = subprocess.run(
            [browser(), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", f"--window-size={width},4000",
             "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=8000", "--enable-logging=stderr", "--dump-dom", f"file://{page}"],
            capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout, re.findall(r"CONSOLE[:(].*", done.stderr)


def package_python():
    """The interpreter that `gridqueue report` starts."""
    own = ROOT / ".venv/bin/python"
    return os.environ.get("GRIDQUEUE_PYTHON") or (str(own) if own.exists() else "python3")


def truth(name):
    """Reference results, kept outside the repository; None where they are not."""
    folder = Path(os.environ.get("GRIDQUEUE_SHARED", ROOT.parent / "shared"))
    path = folder / "truth" / name
    return json.loads(path.read_text()) if path.exists() else None
