"""scripts/ptx-check with stand-ins for nvcc, cmake and the test program: what it builds and runs, what it says, how it exits."""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = """#!/bin/sh
case "$*" in
  *list_tests*'*cuda*'* | *list_tests*'filter=*') printf 'Slow/Tests.\\n  Walk/cuda  # GetParam() = 4\\nQuick.\\n  OnDevice\\n'; exit 0 ;;
  *list_tests*) printf 'Quick.\\n  OnDevice\\n'; exit 0 ;;
esac
echo "$GRIDQUEUE_PTX_ORDER $*" >>{log}
[ "$GRIDQUEUE_PTX_ORDER" = "{ends_early}" ] && exit 134
echo "ptx: sm_$(cat {architecture}), threads $GRIDQUEUE_PTX_ORDER: 7 passed, {failed} failed of the tests that ran device code"
exit {failed}
"""
CMAKE = """#!/bin/sh
case "$*" in *GRIDQUEUE_PTX_ARCHITECTURE=sm_*) echo "$*" | sed 's/.*PTX_ARCHITECTURE=sm_//' >{architecture} ;; esac
"""


def case(*arguments, failed=0, ends_early="none"):
    """Its exit code, what it said, and every call of the test program."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for tool in ("bin", "build/ptx"):
            (folder / tool).mkdir(parents=True)
        known = {"log": folder / "calls", "architecture": folder / "architecture", "failed": failed, "ends_early": ends_early}
        for place, text in (("bin/nvcc", "#!/bin/sh\n"), ("bin/cuobjdump", "#!/bin/sh\n"), ("bin/cmake", CMAKE), ("build/test_ptx", PROGRAM)):
            (folder / place).write_text(text.format(**known))
            (folder / place).chmod(0o755)
        (folder / "build/CMakeCache.txt").touch()
        done = subprocess.run([ROOT / "scripts/ptx-check", "--build", folder / "build", *arguments], capture_output=True, text=True, timeout=60,
                              env={"PATH": f"{folder}/bin:/usr/bin:/bin", "HOME": name})
        calls = (folder / "calls").read_text() if (folder / "calls").exists() else ""
        return done.returncode, done.stdout + done.stderr, calls


def check(what, condition, text):
    if not condition:
        sys.exit(f"FAILED: {what}\n{text}")


code, text, calls = case()
check("three orders on one architecture", code == 0 and "21 passed, 0 failed" in text and len(calls.splitlines()) == 3, text + calls)
check("slow tests are counted and named", "1 tests that run on a device are left out" in text and "  Slow/Tests.Walk/cuda\n" in text, text)
code, text, calls = case("--arch", "sm_80,sm_100", "--order", "random")
check("architectures come one after the other", code == 0 and "14 passed, 0 failed" in text and "ptx: sm_80" in text and "ptx: sm_100" in text, text)
check("one order alone", calls.split()[0] == "random" and len(calls.splitlines()) == 2, calls)
code, text, calls = case("--all")
check("all tests, none left out", code == 0 and "--gtest_filter=*\n" in calls and "left out" not in text, text + calls)
code, text, _ = case(failed=2)
check("failures are counted and end it", code == 1 and "21 passed, 6 failed" in text, text)
code, text, _ = case(ends_early="backward")
check("a program that ends early failed", code == 1 and "sm_90, threads backward: 0 passed, 1 failed: no test ran" in text, text)
for wrong in (("--arch", "90"), ("--arch", "sm_80;sm_90"), ("--order", "sideways"), ("--nonsense",)):
    check(f"{wrong} is refused", case(*wrong)[0] == 2, wrong)
print("ptx-check: 5 cases and 4 refusals")
