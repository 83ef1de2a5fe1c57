"""experiments/slurm on a real Slurm: an array of four parts, of which one is told to end early, one is killed and one loses
its node; the merged file is, dataset by dataset, that of a run that nothing disturbed.

    check_array.py PROGRAM      exit code 77 = skipped: Slurm cannot run here, or h5py is missing
"""
import json
import os
import signal
import subprocess
import sys

from jobs import PATIENCE, ROOT, STUDY, check_files, cut_off, end, state, until, with_slurm

PARTS = 4
ARRAY_STUDY = STUDY + "count = 10\nqueues = 80\n[orders]\ncount = 40\n"


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
        return state(self.slurm, job)

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


def disturb(array):
    """One part each; returns processes that are left."""
    for part in (2, 3, 4):
        until(f"part {part} at work", lambda: array.at_work(part))
    array.slurm.ask("scancel", "--signal=USR1", f"{array.array}_2")
    os.kill(array.at_work(3), signal.SIGKILL)
    job = array.state(f"{array.array}_4")
    return [array.at_work(4), *cut_off(array.slurm, job["JobId"], job["BatchHost"])]


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


def check(slurm, folder):
    program = os.path.abspath(sys.argv[1])
    (folder / "study.toml").write_text(ARRAY_STUDY)
    whole = subprocess.Popen([program, "run", "study.toml", "--threads", "1", "--out", "whole.h5"], cwd=folder,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    orphans = []
    try:
        array = Array(slurm, folder, program)
        array.submit()
        orphans = disturb(array)
        until("all jobs", array.ended)
        check_turns(array)
        check_no_space(array)
        assert whole.wait(PATIENCE) == 0
        check_files(folder / "whole.h5", folder / "array.h5")
    finally:
        end(orphans)
        whole.kill()
        whole.wait()


if __name__ == "__main__":
    with_slurm(check, nodes=5, cpus=1)
