"""scripts/gpu-check from start to end against the emulated device: packed, moved, run in a folder of its own, reported.

    check_gpu_rehearsal.py BUILD        (an emulated build folder with gridqueue, gridqueue_bench and test_cuda_emulation)

What only a machine with a GPU has is stood in for: nvidia-smi says that there is a device, compute-sanitizer runs its program. The
programs are the project's own, on the emulated device.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]).resolve()
SANITIZER = """#!/bin/sh
[ "$2" = "{refused}" ] && {{ echo "Error: Device not supported"; exit 255; }}
while [ "${{1#--}}" != "$1" ]; do [ "$1" = --tool ] || [ "$1" = --error-exitcode ] && shift; shift; done
exec "$@"
"""


def check(what, condition, text):
    if not condition:
        sys.exit(f"FAILED: {what}\n{text}")


def stand_in(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def run(script, *arguments, machine=None, **more):
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive", **more}
    if machine:
        environment["PATH"] = f"{machine}:{os.environ['PATH']}"
    done = subprocess.run([script, *arguments], capture_output=True, text=True, env=environment, timeout=900)
    return done.returncode, done.stdout + done.stderr


def programs(folder):
    """A build folder as gpu-check wants it: the device's tests are those of the emulation."""
    for name, program in (("gridqueue", "gridqueue"), ("gridqueue_bench", "gridqueue_bench"), ("test_device", "test_cuda_emulation")):
        if not (BUILD / program).exists():
            print(f"skipped: '{BUILD}' has no {program} (cmake --build {BUILD} --target {program})")
            sys.exit(77)
        folder.mkdir(exist_ok=True)
        (folder / name).symlink_to(BUILD / program)


def pack_and_move(folder):
    code, text = run(ROOT / "scripts/gpu-check", "--pack", folder / "packed", "--build", folder / "build")
    check("packing", code == 0 and re.search(r"has \d+ MB", text), text)
    size = int(re.search(r"has (\d+) MB", text)[1])
    check("the folder is small", size <= 50, text)
    code, text = run(ROOT / "scripts/gpu-check", "--pack", folder / "packed", "--build", folder / "build")
    check("a folder that is there is not written over", code == 2, text)
    shutil.move(folder / "packed", folder / "elsewhere")
    return folder / "elsewhere", size


def rehearse(pack, out, machine, **more):
    code, text = run(pack / "gpu-check", "--rehearse", "--out", out, machine=machine, **more)
    return code, text, (out / "report.md").read_text() if (out / "report.md").exists() else ""


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        programs(folder / "build")
        pack, size = pack_and_move(folder)
        machine = folder / "machine"
        stand_in(machine / "nvidia-smi", "#!/bin/sh\necho 'GPU 0: emulated'\n")
        stand_in(machine / "compute-sanitizer", SANITIZER.format(refused="racecheck"))

        code, text, report = rehearse(pack, folder / "out", machine)
        check("all passes", code == 0, text + report)
        for step in ("tests", "sanitizer-memcheck", "sanitizer-initcheck", "sanitizer-synccheck", "benchmarks", "million_orders", "many_queues", "all_orders"):
            check(f"{step} passed", f"| {step} | passed |" in report, report)
        check("a sanitizer that cannot work there is told, and is no failure", "| sanitizer-racecheck | refused by this machine |" in report, report)
        ran = re.search(r"(\d+) run, 0 failed", report)
        check("tests ran", ran and int(ran[1]) > 0, report)
        check("every target is judged", report.count("reached |") == 6 and report.count("not measured |") == 2, report)
        check("a rehearsal says so", "A rehearsal" in report, report)
        check("the mapping that was measured has its row", re.search(r"\| thread = evaluation \| float \| [\d,]+ \|", report), report)

        code, text, report = rehearse(pack, folder / "late", machine, GRIDQUEUE_GPU_CHECK_SECONDS="1")
        check("what finds no time left fails", code == 1 and "FAILED (no time left)" in report, text + report)
        (pack / "data" / "radial.h5").unlink()
        code, text, report = rehearse(pack, folder / "broken", machine, GRIDQUEUE_GPU_CHECK_SECONDS="60")
        check("what fails is told, and the report is made", code == 1 and "| million_orders | FAILED (exit 3) |" in report, text + report)
        code, text = run(pack / "gpu-check", "--out", folder / "none")
        check("without a device nothing runs", code == 4, text)
        print(f"gpu-check: packed {size} MB, rehearsed")


main()
