"""experiments/slurm/mpi.sbatch on a real Slurm: four ranks on two nodes, undisturbed, told to end early (by themselves on all, and
in the middle of queues that each walks alone), one killed, one's node lost. However it went, the file is, dataset by dataset,
that of one process.

    check_mpi.py PROGRAM      exit code 77 = skipped: Slurm cannot run here, the program has no MPI, or h5py is missing
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from jobs import PATIENCE, ROOT, STUDY, check_files, cut_off, end, skip, state, until, with_slurm

RANKS, NODES = 4, 2
ENDED = 60  # [s] in which the others end with one
# one queue, whose batches the ranks share; queues that each rank walks alone
STUDIES = {"one": STUDY + 'count = 10\n[orders]\ncount = 400\n[output]\nhosting_capacity = "each"\n',
           "many": STUDY + "count = 6\nqueues = 400\n[orders]\ncount = 40\n"}


class Job:
    """mpi.sbatch with one study, by one way to start ranks."""

    def __init__(self, slurm, folder, study, launch=""):
        self.slurm, self.folder, self.study = slurm, folder, study
        self.results = folder / f"{study}-{'mpirun' if launch else 'srun'}.h5"
        self.answers = self.results.with_name(self.results.name + ".d")
        self.environment = dict(slurm.environment, GRIDQUEUE=os.path.abspath(sys.argv[1]), OMP_WAIT_POLICY="passive")
        if launch:
            self.environment["GRIDQUEUE_LAUNCH"] = launch

    def submit(self, **environment):
        options = [f"--nodes={NODES}", f"--ntasks={RANKS}", f"--ntasks-per-node={RANKS // NODES}", "--cpus-per-task=1"]
        said = subprocess.run(["sbatch", "--parsable", *options, ROOT / "experiments/slurm/mpi.sbatch", "run", f"{self.study}.toml",
                               "--resume", "--save-seconds", "0.2", "--json", "--out", self.results],
                              cwd=self.folder, env=self.environment | environment, capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stderr
        self.id = said.stdout.strip()

    def state(self):
        return state(self.slurm, self.id)

    def told(self):
        return (self.folder / f"slurm-{self.id}.out").read_text()

    def at_work(self):
        """The ranks' processes, once each has saved answers of its own."""
        pids = []
        for rank in range(RANKS):
            try:
                status = json.loads((self.answers / f"rank-{rank}/status.json").read_text())
            except (OSError, ValueError):
                return None
            assert not status["done"], f"rank {rank} ended before it was disturbed: a larger study is needed"
            if not list((self.answers / f"rank-{rank}").glob("*.seg.h5")) or status["evaluated"] == 0:
                return None
            pids.append(status["pid"])
        return pids

    def wait(self, expected, restarts, patience=PATIENCE):
        said = until(f"job {self.id}", lambda: (s := self.state())["JobState"] not in ("PENDING", "RUNNING", "COMPLETING", "REQUEUED") and s, patience)
        got = (said["JobState"], said["Restarts"])
        assert got == (expected, restarts), f"job {self.id} of {self.results.name}: {got}, exit code {said['ExitCode']}"
        return said

    def report(self):
        """What the last turn said of itself, as JSON."""
        told = self.told()
        return json.loads(told[re.search(r"^\{$", told, re.M).start():].rpartition("}")[0] + "}")


def check_whole(job, alone, resumed):
    check_files(job.folder / f"{job.study}.h5", job.results)
    assert not job.answers.exists()
    said = job.report()
    by_rank = said["evaluated_by_rank"]
    assert len(by_rank) == RANKS and sum(by_rank) == said["evaluated"], said
    if resumed:
        assert said["evaluated"] < alone["evaluated"], f"{said['evaluated']} evaluated of {alone['evaluated']}: nothing was saved"
    else:
        assert min(by_rank) > 0.5 * alone["evaluated"] / RANKS and sum(by_rank) <= 1.05 * alone["evaluated"], by_rank
    print(f"{job.results.name}: ranks evaluated {by_rank}, one process {alone['evaluated']}")
    job.results.unlink()


def undisturbed(job, alone):
    job.submit()
    job.wait("COMPLETED", "0")
    check_whole(job, alone, resumed=False)


def told_to_end(job, alone):
    """USR1 before the walltime: exit code 6, another turn, the whole file."""
    job.submit()
    until("ranks at work", job.at_work)
    job.slurm.ask("scancel", "--signal=USR1", job.id)
    job.wait("COMPLETED", "1")
    assert "--resume goes on" in job.told(), job.told()
    check_whole(job, alone, resumed=True)


def no_turn_left(job):
    """The exit code itself."""
    job.submit(GRIDQUEUE_TURNS="0")
    until("ranks at work", job.at_work)
    job.slurm.ask("scancel", "--signal=USR1", job.id)
    said = job.wait("FAILED", "0", ENDED)
    assert said["ExitCode"] == "6:0", f"{said['ExitCode']}\n{job.told()}"
    shutil.rmtree(job.answers)
    job.results.unlink(missing_ok=True)


def killed(job, alone):
    """The others end with it, as does the job; the same line goes on."""
    job.submit()
    pids = until("ranks at work", job.at_work)
    os.kill(pids[RANKS - 1], signal.SIGKILL)
    start = time.monotonic()
    job.wait("FAILED", "0", ENDED)
    left = [pid for pid in pids if alive(pid)]
    assert not left, f"{left} of {pids} are left"
    print(f"{job.results.name}: ended {time.monotonic() - start:.0f} s after one rank was killed, exit code {job.state()['ExitCode']}")
    job.submit()
    job.wait("COMPLETED", "0")
    check_whole(job, alone, resumed=True)


def node_lost(job, alone):
    """Slurm starts the job again on the nodes that are left."""
    job.submit()
    pids = until("ranks at work", job.at_work)
    nodes = job.slurm.ask("scontrol", "show", "hostnames", job.state()["NodeList"]).split()
    for pid in pids[RANKS // NODES:]:  # nothing that they say arrives
        os.kill(pid, signal.SIGSTOP)
    orphans = [*pids, *cut_off(job.slurm, job.id, nodes[-1])]
    try:
        job.wait("COMPLETED", "1")
        check_whole(job, alone, resumed=True)
    finally:
        end(orphans)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def launches(slurm):
    """Ways to start ranks that are here, each as GRIDQUEUE_LAUNCH; what is not here is said."""
    if "pmix" in subprocess.run(["srun", "--mpi=list"], env=slurm.environment, capture_output=True, text=True, check=False).stdout:
        yield ""
    else:
        print("skipped: srun --mpi=pmix (this Slurm has no PMIx plugin)")
    if shutil.which("mpirun"):
        # as root; without shared memory, because mpirun tells nodes that are one machine one folder of it
        yield "mpirun --bind-to none --allow-run-as-root --mca btl tcp,self"
    else:
        print("skipped: mpirun (not installed)")


def check(slurm, folder):
    alone = {}
    for study, text in STUDIES.items():
        (folder / f"{study}.toml").write_text(text)
        said = subprocess.run([os.path.abspath(sys.argv[1]), "run", f"{study}.toml", "--threads", "1", "--json"], cwd=folder, capture_output=True, text=True, check=True)
        (folder / "results.h5").rename(folder / f"{study}.h5")
        alone[study] = json.loads(said.stdout)
    ways = list(launches(slurm))
    if not ways:
        skip("no way to start ranks")
    for launch in ways:
        one, many = (Job(slurm, folder, study, launch) for study in STUDIES)
        for job in (one,) if launch else (one, many):
            undisturbed(job, alone[job.study])
            no_turn_left(job)
            told_to_end(job, alone[job.study])
        killed(one, alone["one"])
    node_lost(Job(slurm, folder, "one", ways[0]), alone["one"])


def main():
    linked = subprocess.run(["ldd", sys.argv[1]], capture_output=True, text=True, check=True).stdout
    if "libmpi" not in linked:
        skip("the program was built without MPI (cmake --preset mpi builds one with it)")
    with_slurm(check, nodes=NODES + 1, cpus=RANKS // NODES)


if __name__ == "__main__":
    main()
