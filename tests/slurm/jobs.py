"""What tests of the job scripts have in common: a Slurm of their own, what it says of jobs, files compared to the last bit."""
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from local_slurm import LocalSlurm, why_not

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = 77
PATIENCE = 240  # [s] on a machine that does much else
# a study up to what its queues and orders count
STUDY = f"""[feeder]
file = "{ROOT}/data/radial.h5"
[queue.random]
kw_min = 50
kw_max = 800
seed = 3
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


def state(slurm, job):
    """Slurm's record of a job, word by word: JobState, Restarts, BatchHost, ..."""
    said = slurm.ask("scontrol", "-o", "show", "job", job)
    return dict(word.split("=", 1) for word in said.split() if "=" in word)


def end(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def cut_off(slurm, job, node):
    """The node is there no more for Slurm, while what the job has started there goes on: orphans. Returns what to end afterwards."""
    watchers = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and watches(p, job, slurm.log(node))]
    assert watchers, f"nothing of job {job} on {node}"
    for pid in watchers:
        os.kill(pid, signal.SIGSTOP)
    slurm.lose(node)
    return watchers


def watches(process, job, log):
    """Whether it is Slurm's process for a step of the job, on the node whose log it writes."""
    try:
        return ((process / "cmdline").read_bytes().startswith(f"slurmstepd: [{job}.".encode()) and
                any(os.readlink(fd) == log for fd in (process / "fd").iterdir()))
    except OSError:
        return False


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


def check_files(whole, other):
    a, b = datasets(whole), datasets(other)
    assert a.keys() == b.keys() and len(a) > 20, sorted(a.keys() ^ b.keys())
    differing = [name for name in a if not same_bits(a[name], b[name])]
    assert not differing, f"{differing} differ"
    print(f"{len(a)} datasets are equal ({other.name})")


def with_slurm(check, nodes, cpus):
    """check(slurm, folder) on a Slurm that has started, in a folder of its own; what jobs said is shown where it fails."""
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
    slurm = LocalSlurm(folder / "slurm")
    try:
        try:
            slurm.start(nodes, cpus)
        except RuntimeError as e:
            skip(e)
        try:
            check(slurm, folder)
        finally:
            slurm.stop()
    except BaseException as e:
        for log in sorted(folder.glob("slurm-*.out")) if not isinstance(e, SystemExit) else []:
            print(f"--- {log.name}\n{log.read_text()}")
        raise
    finally:
        shutil.rmtree(folder)
