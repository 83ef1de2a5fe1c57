"""Feeders: files of gridqueue, and OpenDSS models that are imported."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np

CIRCUIT = re.compile(r'^\s*new\s+(object\s*=\s*)?["\']?circuit\.', re.IGNORECASE | re.MULTILINE)
FEWEST_FREE = 5  # else units stand at customers
OTHER_MODE = re.compile(r"--mode (daily|yearly)")


@dataclass
class Feeder:
    name: str
    path: Path = None               # of the feeder file; None = refused
    seconds: float = None           # of the import, its check included; None = was a file already
    why: list = field(default_factory=list)  # it was refused

    def numbers(self):
        """Buses, nodes, nominal load [kW], days checked against OpenDSS, their largest difference [pu], wrong taps, taps."""
        with h5py.File(self.path) as f:
            load = np.maximum(f["load/kw"][:], 0).sum() if "load/kw" in f else 0
            nodes = f["bus/num_nodes"][:]
            checked = [f.attrs[f"check_{k}"] for k in ("days", "voltage_pu", "wrong_taps", "taps")]
            return [len(nodes), int(nodes.sum()), float(load), *checked]

    def places(self):
        """Where units stand, as a study says it, and the buses: those of medium voltage that carry nothing, else customers'."""
        with h5py.File(self.path) as f:
            names = f["bus/name"].asstr()[:]
            free = f["candidate_bus"][:]
            if len(free) >= FEWEST_FREE:
                return "three-phase", [names[i] for i in free]
            low = np.sqrt(3) * f["bus/kv_base"][:] < 1
            return "secondary", list(names[low & (f["bus/has_load"][:] != 0)])


def masters(folder):
    """Main files of the OpenDSS models below a folder: those that make a circuit."""
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() == ".dss")
    return [p for p in files if CIRCUIT.search(p.read_text(encoding="latin-1"))]


def imported(program, master, out):
    """The model as a feeder file, its yearly shapes where its loads have those alone."""
    name = f"{master.parent.name}-{master.stem}" if master.stem.lower() in ("master", "case") else master.stem
    path = out / f"{name}.h5"
    start = time.perf_counter()
    done = program.attempt("import-dss", master.resolve(), "--name", name, "--out", path)
    other = OTHER_MODE.search(done.stdout + done.stderr)
    if other:
        start = time.perf_counter()
        done = program.attempt("import-dss", master.resolve(), "--name", name, "--out", path, "--mode", other[1])
    if done.returncode:
        return Feeder(name, why=[line for line in done.stderr.splitlines() if line.strip()])
    return Feeder(name, path, time.perf_counter() - start)


def collect(program, places, out):
    """Feeder files, OpenDSS models, and whatever of both lies below folders; one after the other."""
    for place in places:
        if place.is_dir():
            yield from collect(program, [*sorted(place.rglob("*.h5")), *masters(place)], out)
        elif place.suffix.lower() == ".dss":
            yield imported(program, place, out)
        else:
            yield Feeder(place.stem, place.resolve())
