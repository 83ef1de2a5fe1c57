"""scripts/bench writes a file with every section, from one quick benchmark. argv: build folder."""
import json
import pathlib
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "bench"
build = pathlib.Path(sys.argv[1])
if not (build / "gridqueue_bench").exists():
    print("gridqueue_bench is not built (configure with -DGRIDQUEUE_BENCH=ON)")
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder:
    done = subprocess.run([sys.executable, SCRIPT, "--build", build, "--out", folder, "--repetitions", "2",
                           "--filter", "ac_float|notebook"], capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    files = list(pathlib.Path(folder).glob("bench-*.json"))
    assert len(files) == 1, files
    r = json.loads(files[0].read_text())
    assert (pathlib.Path(folder) / "bench.txt").read_text() in done.stdout

for key in ("date", "commit", "compiler", "device", "cpu", "cores"):
    assert r[key], key
cpu = [e for e in r["evaluations"] if e["backend"] == "cpu" and e["mapping"] == "lanes"]
assert [e["threads"] for e in cpu] == [1, 2], cpu
for e in cpu:
    assert abs(e["power_flows_per_s"] / e["evaluations_per_s"] / 288 - 1) < 0.01, e
    assert 0 < e["share_of_limit"]["instructions"] < 1 and 0 < e["share_of_limit"]["bytes"] < 1, e
counts = r["counts_and_limits"]
# 107 buses swept up and down: more than 100 and fewer than 300 operations a bus and sweep
assert 1e2 < counts["flops_per_evaluation_float"] / counts["sweeps_per_evaluation_float"] / 107 < 3e2, counts
assert counts["instructions_per_evaluation_double"] > counts["instructions_per_evaluation_float"], counts
assert r["orders"]["notebook_8_units"]["evaluations"] == 1104, r["orders"]
assert r["stages"]["orders"] == 10000 and r["stages"]["seconds"]["total"] > 0, r["stages"]
pgm = r["peers_on_one_core"]["power_grid_model_batch"]
assert "absent" in pgm or 0.9 < pgm["voltage_pu"][0] < pgm["voltage_pu"][1] < 1.1, pgm
assert "absent" in r["peers_on_one_core"]["opendss_daily_solve"], "left out by --filter"
done = subprocess.run([sys.executable, SCRIPT, "--build", "/nowhere"], capture_output=True, text=True)
assert done.returncode != 0 and "gridqueue_bench" in done.stderr, done.stderr
print("bench: every section is there")
