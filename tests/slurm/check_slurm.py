"""experiments/slurm on a real Slurm: an array of four parts, of which one is told to end early, one is killed and one loses
its node; the merged file is, dataset by dataset, that of a run that nothing disturbed.

    check_slurm.py PROGRAM      exit code 77 = skipped: Slurm cannot run here, or h5py is missing
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from local_slurm import LocalSlurm, why_not

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = 77
PARTS, PATIENCE = 4, 240  # [s] on a machine that does much else; about 30 on an idle one
STUDY = f"""[feeder]
file = "{ROOT}/data/radial.h5"
[queue.random]
kw_min = 50
kw_max = 800
seed = 3
count = 10
queues = 80
[orders]
count = 40
"""


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def until(what, condition, patience=PATIENCE):
    end = time.monotonic() + patience
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {patience} s")
        time.sleep(0.1)
    return value


class Array:
    """The jobs of array.sh, and what Slurm and gridqueue say of them."""

    def __init__(self, slurm, folder, program):
        self.slurm, self.folder = slurm, folder
        self.environment = dict(slurm.environment, GRIDQUEUE=program, OMP_WAIT_POLICY="passive")
        self.answers = folder / "array.h5.d"

    def submit(self):
        said = subprocess.run([ROOT / "experiments/slurm/array.sh", "study.toml", "array.h5", str(PARTS), "--cpus-per-task=1"],
                              cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stderr
        words = said.stdout.split()
        self.array, self.merge = words[2].rstrip(","), words[5]

    def state(self, job):
        """Slurm's record of a job, word by word: JobState, Restarts, BatchHost, ..."""
        said = self.slurm.ask("scontrol", "-o", "show", "job", job)
        return dict(word.split("=", 1) for word in said.split() if "=" in word)

    def at_work(self, part):
        """Its process, once it has answered states and has not ended."""
        try:
            status = json.loads((self.answers / f"{part}-of-{PARTS}/status.json").read_text())
        except (OSError, ValueError):
            return None
        assert not status["done"], f"part {part} ended before it was disturbed: a larger study is needed"
        return status["pid"] if status["evaluated"] > 0 else None

    def ended(self):
        return not self.slurm.ask("squeue", "-h").strip() and "JobState" in self.state(self.merge)


def cut_off(array, part):
    """The task's node is there no more for Slurm, while the program goes on: an orphan. Returns what to end afterwards."""
    job = array.state(f"{array.array}_{part}")
    daemons = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and stepd_of(p, job["JobId"])]
    for pid in daemons:
        os.kill(pid, signal.SIGSTOP)
    array.slurm.lose(job["BatchHost"])
    return daemons


def stepd_of(process, job):
    try:
        return (process / "cmdline").read_bytes().startswith(f"slurmstepd: [{job}.".encode())
    except OSError:
        return False


def disturb(array):
    """One part each; returns processes that are left."""
    for part in (2, 3, 4):
        until(f"part {part} at work", lambda: array.at_work(part))
    array.slurm.ask("scancel", "--signal=USR1", f"{array.array}_2")
    os.kill(array.at_work(3), signal.SIGKILL)
    return [array.at_work(4), *cut_off(array, 4)]


def check_turns(array):
    for part, state, restarts in ((1, "COMPLETED", "0"), (2, "COMPLETED", "1"), (3, "FAILED", "0"), (4, "COMPLETED", "1")):
        job = array.state(f"{array.array}_{part}")
        assert (job["JobState"], job["Restarts"]) == (state, restarts), f"part {part}: {job['JobState']}, {job['Restarts']} restarts"
    assert array.state(array.merge)["JobState"] == "COMPLETED"
    told = (array.folder / f"slurm-{array.merge}.out").read_text()
    assert f"3-of-{PARTS}" in told and "worked out now" in told, told
    print(told.strip().splitlines()[-1])


def check_no_space(array):
    """Exit code 7 ends a job: no second turn."""
    full = array.folder / "full"
    full.write_text("#!/bin/sh\nexit 7\n")
    full.chmod(0o755)
    job = subprocess.run(["sbatch", "--parsable", "--cpus-per-task=1", ROOT / "experiments/slurm/job.sh", "run"], text=True,
                         env=array.environment | {"GRIDQUEUE": str(full)}, cwd=array.folder, capture_output=True, check=True).stdout.strip()
    until("the job without space", lambda: array.state(job)["JobState"] == "FAILED")
    said = array.state(job)
    assert (said["Restarts"], said["ExitCode"]) == ("0", "7:0"), said
    assert "stopped" in (array.folder / f"slurm-{job}.out").read_text()


def datasets(path):
    import h5py
    found = {}
    with h5py.File(path) as f:
        f.visititems(lambda name, at: found.update({name: at[()]}) if isinstance(at, h5py.Dataset) else None)
    return found


def same_bits(a, b):
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    return bool((a == b).all()) if a.dtype == object else a.tobytes() == b.tobytes()


def check_files(whole, merged):
    a, b = datasets(whole), datasets(merged)
    assert a.keys() == b.keys() and len(a) > 20, sorted(a.keys() ^ b.keys())
    other = [name for name in a if not same_bits(a[name], b[name])]
    assert not other, f"{other} differ"
    print(f"{len(a)} datasets are equal")


def check(slurm, folder, program):
    (folder / "study.toml").write_text(STUDY)
    whole = subprocess.Popen([program, "run", "study.toml", "--threads", "1", "--out", "whole.h5"], cwd=folder,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    orphans = []
    try:
        try:
            slurm.start(nodes=5, cpus=1)
        except RuntimeError as e:
            skip(e)
        array = Array(slurm, folder, program)
        array.submit()
        orphans = disturb(array)
        until("all jobs", array.ended)
        check_turns(array)
        check_no_space(array)
        assert whole.wait(PATIENCE) == 0
        check_files(folder / "whole.h5", folder / "array.h5")
    finally:
        for pid in orphans:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        slurm.stop()
        whole.kill()
        whole.wait()


def main():
    if reason := why_not():
        skip(f"Slurm cannot run here: {reason}")
    try:
        import h5py  # noqa: F401
    except ImportError:
        own = ROOT / ".venv/bin/python"
        if not own.exists() or sys.executable == str(own):
            skip("no h5py (make python)")
        os.execv(own, [own, "-B", *sys.argv])
    folder = Path(tempfile.mkdtemp(prefix="gq-slurm-"))
    try:
        check(LocalSlurm(folder / "slurm"), folder, os.path.abspath(sys.argv[1]))
    except BaseException:
        for log in sorted(folder.glob("slurm-*.out")):
            print(f"--- {log.name}\n{log.read_text()}")
        raise
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
