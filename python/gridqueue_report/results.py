"""What a results file says of its feeder, its queue and how it came about (docs/results-format.md)."""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

KINDS, VERSION = ("gridqueue results", "gridqueue queues"), 2  # the second up to version 1


class BadResults(Exception):
    """A file that is missing, of another kind, or empty; the text is for the user."""


@dataclass
class Feeder:
    name: str
    bus: list           # [bus] names, row 0 is the source
    parent: np.ndarray  # [bus] row towards the source, -1 at the source; empty in files that do not know it
    x: np.ndarray       # [bus] of the drawing, NaN where unknown
    y: np.ndarray
    element: list       # [bus] name of what connects the bus to its parent
    upgrade_usd: np.ndarray  # [bus], NaN where it cannot be upgraded


@dataclass
class Queue:
    bus: list       # [unit]
    kw: np.ndarray  # [unit]

    @property
    def size(self):
        return len(self.bus)

    def labels(self):
        """Names of units, told apart by number where two stand at one bus."""
        twice = {b for b in self.bus if self.bus.count(b) > 1}
        return [f"{b} #{i}" if b in twice else b for i, b in enumerate(self.bus)]


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def texts(values):
    """Of a dataset with one dimension, or a row of another."""
    return [text(t) for t in values[:]]


def open_results(path):
    """The open file; raises BadResults."""
    if not Path(path).is_file():
        raise BadResults(f"no such results file '{path}'")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise BadResults(f"'{path}' is no HDF5 file ({error})") from None
    kind = file.attrs.get("file_type", "")
    if kind not in KINDS:
        raise BadResults(f"'{path}' is no results file (file_type '{kind}'); `gridqueue run` writes one")
    if file.attrs.get("version") != VERSION:
        raise BadResults(f"'{path}' has version {file.attrs.get('version')} (this program reads {VERSION}); run the study again")
    return file


def keeps_orders(file):
    """Of one queue, one by one; else it has what the orders of many queues say."""
    return "order" in file


def whole_rows(file, table):
    """Rows of a table that grows, without any that were cut off."""
    tables = [text(t) for t in file.attrs["committed_tables"]]
    return int(file.attrs["committed_rows"][tables.index(table)])


def columns(file, table, *names):
    """Whole rows of these columns."""
    rows = whole_rows(file, table)
    return [file[table][n][:rows] for n in names]


def check_summed_up(file):
    """Whether there is a row of /queue."""
    if whole_rows(file, "queue") > 0:
        return
    if keeps_orders(file) and int(file.attrs["committed"]) > 0:
        raise BadResults(f"'{file.filename}' was cut off before its orders were summed up; `gridqueue run --resume` goes on with it")
    what = "order (the run was interrupted before its first batch)" if keeps_orders(file) else "queue (the run was interrupted before the first ones were done)"
    raise BadResults(f"'{file.filename}' holds no {what}; go on with gridqueue run --resume")


def read_text(file):
    """The study, as it was run."""
    return text(file.attrs.get("study", ""))


def read_feeder(file):
    size = file["bus/name"].shape[0]
    unknown = np.full(size, np.nan)
    return Feeder(
        name=str(file.attrs["feeder"]),
        bus=texts(file["bus/name"]),
        parent=file["bus/parent"][:] if "bus/parent" in file else np.empty(0, int),
        x=file["bus/x"][:] if "bus/x" in file else unknown,
        y=file["bus/y"][:] if "bus/y" in file else unknown,
        element=texts(file["element/name"]),
        upgrade_usd=file["element/upgrade_usd"][:])


def read_queue(file):
    return Queue(texts(file["unit/bus"]), file["unit/kw"][:])


def model_text(a):
    """What a linear or screened run's model did, and how far from AC it was."""
    n = {name: int(a[name]) for name in ("states_linear", "states_few", "states_near", "verified", "verified_other_limits", "verified_other_decisions")}
    return (f"{n['states_linear']:,} states answered by it, {n['states_few'] + n['states_near']:,} by AC ({n['states_near']:,} of them near a limit); of {n['verified']:,} of its answers solved "
            f"again in AC, {n['verified_other_limits']:,} violate other limits and {n['verified_other_decisions']:,} decide otherwise")


def read_facts(file):
    """Where the numbers come from, in the order in which the page lists it: [(what, value)]."""
    a = {key: (value.decode() if isinstance(value, bytes) else value) for key, value in file.attrs.items()}
    facts = [("program", f"gridqueue {a['program_version']} (commit {a['commit']})"), ("command", a["command_line"]),
             ("feeder", f"{a['feeder']} (source files' SHA-256 {str(a['feeder_checksum'])[:16]})"),
             ("power flow", f"{a['model']} in {a['precision']} precision"), ("backend", f"{a['backend']} on {a['device']}"),
             ("daily power flows", f"{int(a.get('evaluations', 0)):,} solved; {int(a.get('evaluations_asked', 0)):,} "
                                   "without sharing equal states")]
    if a["order_method"] == "random":
        drawn = "antithetic pairs (each order and its reverse)" if a.get("antithetic") else "independent draws"
        orders, each = (int(a["committed"]), "") if keeps_orders(file) else (int(a["orders"]), " of each queue")
        facts.insert(2, ("orders", f"{orders:,} random orders{each}, seed {a['seed']}, {drawn}"))
    if "model" in file:
        facts.append(("linearized model", model_text(file["model"].attrs)))
    if a.get("until"):
        facts.append(("stopping rule", a["until"]))
    if "seconds_total" in a:
        facts.append(("time", f"{float(a['seconds_total']):.2f} s, of which power flows {float(a['seconds_evaluate']):.2f} s"))
    if not a.get("complete", 1):
        facts.append(("complete", f"no: the run was interrupted after {int(a['committed']):,} {'orders' if keeps_orders(file) else 'queues'}"))
    return facts
