"""scripts/gpu-check with stand-ins for the tools it calls: what it runs, what it says, how it exits."""
import os
import pathlib
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "gpu-check"
SANITIZER = "#!/bin/sh\necho \"$@\" >> {log}\necho '[  PASSED  ] {passed} tests.'\nexit {code}\n"


def run(folder, *arguments):
    done = subprocess.run([str(SCRIPT), *arguments], capture_output=True, text=True, timeout=60,
                          env={"PATH": f"{folder}/bin", "HOME": str(folder)})
    return done.returncode, done.stdout + done.stderr


def stand_in(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if text.startswith("#!") else "#!/bin/sh\n" + text)
    path.chmod(0o755)


def machine(folder, device=True, usable=True, tests=0, sanitizer=0, passed=3):
    """A machine with coreutils and these stand-ins alone."""
    for tool in ("bash", "sh", "sed", "dirname", "mkdir", "cat", "tail", "head", "grep", "mv", "env"):
        (folder / "bin").mkdir(exist_ok=True)
        found = next(p for p in (f"/bin/{tool}", f"/usr/bin/{tool}") if os.path.exists(p))
        (folder / "bin" / tool).symlink_to(found)
    if device:
        stand_in(folder, "bin/nvidia-smi", "echo 'GPU 0: a stand-in'")
    stand_in(folder, "bin/ctest", f"echo ctest ran; exit {tests}")
    stand_in(folder, "bin/python3", "echo \"$@\"")
    stand_in(folder, "bin/compute-sanitizer", SANITIZER.format(log=folder / "sanitized", passed=passed, code=sanitizer))
    stand_in(folder, "build/gridqueue", "echo 'gridqueue 0 (commit x)'; echo 'backends: cpu" +
             (", cuda'" if usable else "; cuda not usable here: too old'"))


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

code, text, sanitized = case()
check("all passes", code == 0 and "FAILED" not in text and "GPU 0: a stand-in" in text, text)
for step in ("tests", "sanitizer-memcheck", "sanitizer-racecheck", "sanitizer-initcheck", "benchmark"):
    check(f"{step} is in the summary", any(line.split()[:2] == [step, "passed"] for line in text.splitlines() if line.strip()), text)
for tool in ("memcheck", "racecheck", "initcheck"):
    check(f"{tool} ran on a filter of CUDA tests", f"--tool {tool} --error-exitcode 1" in sanitized and "cuda" in sanitized, sanitized)

code, text, _ = case(tests=8)
check("failing tests fail it, and the rest still runs", code == 1 and "FAILED (exit 8)" in text and "benchmark" in text, text)
code, text, _ = case(sanitizer=1)
check("a sanitizer's finding fails it", code == 1 and "sanitizer-racecheck    FAILED" in text, text)
code, text, _ = case(passed=0)
check("a filter that runs nothing fails it", code == 1 and "sanitized-anything     FAILED" in text, text)
print("gpu-check: 7 cases")
