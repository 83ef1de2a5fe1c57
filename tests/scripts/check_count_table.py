"""tests/ptx/count_table.py on counts of two kernels: names, numbers per evaluation, limits of an H100."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = ("fma.f32", "f32", "fma.f64", "f64", "special", "integer", "move", "load", "store", "atomic", "branch", "shuffle", "barrier",
           "global [B]", "shared [B]", "local [B]", "param [B]", "constant [B]")
KERNELS = {
    "void gridqueue::run_items<gridqueue::DayOfThread<float, false> >(long, gridqueue::DayOfThread<float, false>)":
        {"f32": 2_000_000, "global [B]": 20_000_000},
    "void gridqueue::run_teams<gridqueue::DayOfTeam<double, true>, true>(long, int, int, gridqueue::DayOfTeam<double, true>)":
        {"f64": 4_000_000, "shared [B]": 2_000_000, "move": 9_000_000_000},
    "void gridqueue::run_items<gridqueue::planted::Fault>(long)": {"f32": 1},
}


def run(kernels):
    with tempfile.TemporaryDirectory() as name:
        file = pathlib.Path(name) / "counts"
        file.write_text("\t".join(("kernel", "launches", "items", *COLUMNS)) + "\n" + "".join(
            "\t".join((k, "1", "2", *(str(2 * kinds.get(c, 0)) for c in COLUMNS))) + "\n" for k, kinds in kernels.items()))
        done = subprocess.run([sys.executable, "-B", ROOT / "tests/ptx/count_table.py", file], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


def check(what, condition, text):
    if not condition:
        sys.exit(f"FAILED: {what}\n{text}")


code, text = run(KERNELS)
check("it ends well", code == 0, text)
check("kernels have names, planted ones are left out", "| per evaluation | block = evaluation, double | thread = evaluation, float |" in text, text)
check("numbers are per evaluation", "| f64 | 4,000,000 | 0 |" in text and "| f32 | 0 | 2,000,000 |" in text, text)
check("units of double limit", "| units of f64 | 3.7 |  |" in text, text)  # 64 x 132 x 1.755e9 / 4e6
check("memory limits", "| memory, if nothing were in a cache |  | 0.17 |" in text, text)  # 3.35e12 / 2e7
check("shared memory limits", "| shared memory | 15 |  |" in text, text)
check("moves limit nothing", "| schedulers | 7.4 | 15 |" in text, text)
code, text = run({k: v for k, v in KERNELS.items() if "planted" in k})
check("nothing counted is an error", code == 1 and "no kernel of evaluations ran" in text, text)
print("count_table: 2 cases")
