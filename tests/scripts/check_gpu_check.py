"""scripts/gpu-check with stand-ins for the tools it calls: what it runs, what it says, how it exits. check_gpu_rehearsal.py runs it
with the project's own programs."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "gpu-check"
SANITIZER = "#!/bin/sh\necho \"$@\" >> {log}\necho '{says}'\nexit {code}\n"
TESTS = """#!/bin/sh
for a; do case $a in --gtest_output=json:*) cp {results} "${{a#--gtest_output=json:}}" ;; esac; done
exit {code}
"""
PYTHON = """#!/bin/sh
case $1 in */bench) echo "$@"; while [ "$1" != --out ]; do shift; done; cp {measured} "$2/bench-1.json" ;; *) exec {python} -B "$@" ;; esac
"""
RUN = """#!/bin/sh
[ "$1" = run ] && {{ echo '{{"seconds": {{"total": 7, "evaluate": 2}}}}'; exit 0; }}
echo 'gridqueue 0 (commit x)'; echo '{backends}'
"""
RESULTS = {"testsuites": [{"name": "A", "testsuite": [{"name": "one", "result": "COMPLETED"}, {"name": "two", "result": "COMPLETED", "failures": [{}]},
                                                     {"name": "three", "result": "SKIPPED"}]}]}
MEASURED = {"evaluations": [{"backend": "cuda", "precision": "float", "mapping": m, "evaluations_per_s": n, "spread": 0.01,
                             "share_of_limit": {"instructions": 0.1, "bytes": 0.2}} for m, n in (("lanes", 400_000), ("team", 600_000))] +
            [{"backend": "cuda", "precision": "double", "mapping": "lanes", "evaluations_per_s": 100_000, "spread": 0.01,
              "share_of_limit": {"instructions": 0.1, "bytes": 0.2}}],
            "models": {"batch/linear_float_cuda": {"states_per_s": 2e7}}}
TOOLS = ("bash", "sh", "sed", "dirname", "mkdir", "cat", "tail", "head", "grep", "rm", "cp", "env", "readlink", "timeout")


def run(folder, *arguments):
    done = subprocess.run([str(SCRIPT), *arguments], capture_output=True, text=True, timeout=60,
                          env={"PATH": f"{folder}/bin", "HOME": str(folder)})
    return done.returncode, done.stdout + done.stderr


def stand_in(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if text.startswith("#!") else "#!/bin/sh\n" + text)
    path.chmod(0o755)


def machine(folder, device=True, usable=True, tests=0, sanitizer=0, says="[  PASSED  ] 3 tests.", missing=""):
    """A machine with coreutils and these stand-ins alone."""
    for tool in TOOLS:
        (folder / "bin").mkdir(exist_ok=True)
        found = next(p for p in (f"/bin/{tool}", f"/usr/bin/{tool}") if os.path.exists(p))
        (folder / "bin" / tool).symlink_to(found)
    if device:
        stand_in(folder, "bin/nvidia-smi", "echo 'GPU 0: a stand-in'")
    (folder / "results.json").write_text(json.dumps(RESULTS))
    (folder / "measured.json").write_text(json.dumps(MEASURED))
    stand_in(folder, "bin/python3", PYTHON.format(measured=folder / "measured.json", python=sys.executable))
    stand_in(folder, "bin/compute-sanitizer", SANITIZER.format(log=folder / "sanitized", says=says, code=sanitizer))
    stand_in(folder, "build/gridqueue", RUN.format(backends="backends: cpu, cuda" if usable else "backends: cpu; cuda not usable here: too old"))
    stand_in(folder, "build/gridqueue_bench", "exit 0")
    stand_in(folder, "build/test_device", TESTS.format(results=folder / "results.json", code=tests))
    if missing:
        (folder / "build" / missing).unlink()


def check(what, condition, text):
    if not condition:
        sys.exit(f"FAILED: {what}\n{text}")


def case(arguments=("--build", "{0}/build", "--out", "{0}/out"), **kind):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        machine(folder, **kind)
        code, text = run(folder, *(a.format(folder) for a in arguments))
        sanitized = folder / "sanitized"
        return code, text, sanitized.read_text() if sanitized.exists() else ""


code, text, _ = case(device=False)
check("without nvidia-smi nothing runs", code == 4 and "no usable device here (nvidia-smi" in text, text)
code, text, _ = case(usable=False)
check("a device the program cannot use is none", code == 4 and "too old" in text, text)
code, text, _ = case(arguments=("--nonsense",))
check("unknown arguments are refused", code == 2 and "--nonsense" in text, text)
code, text, _ = case(missing="test_device")
check("a build folder without a program is refused", code == 2 and "has no test_device" in text, text)

code, text, sanitized = case()
check("all passes", code == 0 and "FAILED" not in text and "GPU 0: a stand-in" in text, text)
tools = ("memcheck", "racecheck", "initcheck", "synccheck")
for step in ("tests", "benchmarks", "million_orders", "many_queues", "all_orders", *(f"sanitizer-{t}" for t in tools)):
    check(f"{step} is in the report", f"| {step} | passed |" in text, text)
for tool in tools:
    check(f"{tool} ran on a filter of CUDA tests", f"--tool {tool} --error-exitcode 1" in sanitized and "cuda" in sanitized, sanitized)
check("tests are counted and named", "2 run, 1 failed, 1 skipped." in text and "- failed: A.two" in text and "- skipped: A.three" in text, text)
check("the better mapping counts", "| AC evaluations in float | at least 500,000 /s | 600,000 /s | reached |" in text, text)
check("a target that was missed is told", "| AC evaluations in double | at least 150,000 /s | 100,000 /s | NOT reached |" in text, text)
check("what was not measured is told", "| states screened | at least 5,000,000 /s |  | not measured |" in text, text)
check("the host's part is what is left", "| of these the host's part | at most 12.0 s | 5.0 s | reached |" in text, text)
check("both mappings have a row", "| thread = evaluation | float | 400,000 |" in text and "| warp or block = evaluation | float | 600,000 |" in text, text)

code, text, _ = case(tests=8)
check("failing tests fail it, and the rest still runs", code == 1 and "FAILED (exit 8)" in text and "| benchmarks | passed" in text, text)
code, text, _ = case(sanitizer=1, says="ERROR SUMMARY: 3 errors")
check("a sanitizer's finding fails it", code == 1 and "| sanitizer-racecheck | FAILED (exit 1) |" in text, text)
code, text, _ = case(says="[  PASSED  ] 0 tests.")
check("a filter that runs nothing fails it", code == 1 and "| sanitizer-memcheck | FAILED (no test ran) |" in text, text)
code, text, _ = case(sanitizer=1, says="Error: Device not supported")
check("a machine that refuses the sanitizer is told", code == 0 and "| sanitizer-memcheck | refused by this machine |" in text, text)
print("gpu-check: 9 cases")
