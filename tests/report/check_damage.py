"""The report of spoilt results files: each is drawn, or refused in words, by a fixed seed. `check_damage.py PROGRAM [COUNT [SEED]]` spoils more.

Runs in the report's own Python, and draws each file in a child of this process, so that packages are loaded once."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys

from check_queues import RULES, STUDY
from support import ROOT, UNITS, Workplace, need_packages, package_python, run

COUNT, SEED = 36, 1
SECONDS, BYTES = 20, 4 << 30  # of processor time and of address space that a report of a small file may take
INPUT = 3
HOSTILE = (0, -1, 1, 2, 99, 2**31 - 1, -2**31, 10**9)
HOSTILE_REAL = (float("nan"), float("inf"), -float("inf"), 1e308, -1e308, 1e30, -1.0, 0.0, 0.5, 1e9)
STUDIES = {
    "sampled": UNITS.format(root=ROOT, orders="count = 300") + RULES,
    "all": UNITS.format(root=ROOT, orders='method = "all"'),
    "given": UNITS.format(root=ROOT, orders='method = "given"\norders = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]]'),
    "many": STUDY.format(root=ROOT, queues="count = 3\nqueues = 12", orders="count = 40") + RULES,
}


def spoil_values(d, rng):
    import numpy as np
    values = d[()]
    flat = np.atleast_1d(values).reshape(-1)
    if flat.size == 0:
        return
    value = rng.choice(HOSTILE_REAL if flat.dtype.kind == "f" else HOSTILE) if flat.dtype.kind in "iuf" else rng.choice(["", "x" * 100_000, "\u2028{}"])
    at = range(flat.size) if rng.random() < 0.3 else [rng.randrange(flat.size) for _ in range(3)]
    for i in at:
        try:
            flat[i] = value
        except OverflowError:  # a small type of integers
            flat[i] = 100
    d[...] = flat.reshape(values.shape) if values.ndim else flat[0]


def replace(file, name, rng):
    import numpy as np
    old = file[name]
    shape = rng.choice([old.shape, (), (0,), (3,), (10**9,), (7, 5), tuple(n + 1 for n in old.shape), old.shape[:-1]])
    kind = rng.choice([old.dtype, np.dtype("f8"), np.dtype("i4"), np.dtype("S5")])
    del file[name]
    file.create_dataset(name, shape, kind, chunks=True if shape and 0 not in shape else None)


def spoil_attribute(file, rng):
    name = rng.choice(sorted(file.attrs))
    old = file.attrs[name]
    if rng.random() < 0.3:
        del file.attrs[name]
    elif name == "committed_rows":
        old[rng.randrange(len(old))] += rng.choice([-1, 1, 1000, -10**6, 10**12])
        file.attrs[name] = old
    else:
        file.attrs[name] = rng.choice([-1, 0, 10**9, "x", [1, 2], float("nan"), "random", "all"])


def spoil_bytes(path, rng):
    data = bytearray(path.read_bytes())
    at = rng.randrange(len(data))
    if rng.random() < 0.3:
        del data[at:]
    else:
        data[at:at + rng.choice([1, 8, 64, 1024])] = bytes(rng.randrange(256) for _ in range(rng.choice([1, 8, 64])))
    path.write_bytes(data)


def spoil(path, rng):
    """Spoils the file once; says how."""
    import h5py
    if rng.random() < 0.15:
        spoil_bytes(path, rng)
        return "bytes"
    with h5py.File(path, "r+") as file:
        names = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        name, how = rng.choice(names), rng.choice(["attribute", "delete", "replace", "link", "values", "values", "values", "values"])
        if how == "attribute":
            spoil_attribute(file, rng)
        elif how == "delete":
            del file[rng.choice([name, name.split("/")[0]])]
        elif how == "replace":
            replace(file, name, rng)
        elif how == "link":
            del file[name]
            file[name] = h5py.SoftLink(rng.choice(["/" + name, "/queue", "/" + rng.choice(names)]))
        else:
            spoil_values(file[name], rng)
    return f"{how} {name}"


def report(results, out, said):
    """(exit code or -signal, what it said) of a report on the file, in a child."""
    child = os.fork()
    if child == 0:
        with open(said, "w", encoding="utf-8") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        sys.argv = ["gridqueue report", str(results), "--out", str(out)]
        code = 99
        try:
            from gridqueue_report.__main__ import main
            code = main()
        except BaseException:  # pylint: disable=broad-except
            import traceback
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said.read_text(encoding="utf-8", errors="replace")


def check(count, seed):
    sys.path.insert(0, str(ROOT / "python"))
    import gridqueue_report.report  # noqa: F401  loaded once, for all children
    drawn = refused = 0
    faults = []
    with Workplace() as place:
        samples = []
        for name, text in STUDIES.items():
            study = place.path / f"{name}.toml"
            study.write_text(text)
            run("run", study, "--out", study.with_suffix(".h5"))
            samples.append(study.with_suffix(".h5"))
            assert report(samples[-1], place.path / "out", place.path / "said")[0] == 0, f"{name} is not drawn"
        for i in range(count):
            rng = random.Random(1_000_003 * seed + i)
            results = place.path / "spoilt.h5"
            shutil.copyfile(samples[i % len(samples)], results)
            how = spoil(results, rng)
            code, said = report(results, place.path / "out", place.path / "said")
            drawn, refused = drawn + (code == 0), refused + (code == INPUT)
            if code not in (0, INPUT) or "Traceback" in said or (code == INPUT and not said.startswith("gridqueue: ")):
                reason = signal.Signals(-code).name if code < 0 else f"exit code {code}"
                faults.append(f"{i} ({samples[i % len(samples)].stem}, {how}): {reason}\n{said[-1500:]}")
    print(f"{count} spoilt files: {drawn} drawn, {refused} refused, {len(faults)} faults")
    assert not faults, "\n".join(faults)
    assert refused > count / 6, "hardly any damage is seen"


if __name__ == "__main__":
    need_packages()
    if os.path.realpath(sys.prefix) != os.path.realpath(subprocess.run([package_python(), "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True).stdout.strip()):
        sys.exit(subprocess.run([package_python(), "-B", *sys.argv], check=False).returncode)
    given = [int(v) for v in sys.argv[2:4]]
    check(*given, *(COUNT, SEED)[len(given):])
