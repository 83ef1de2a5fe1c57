"""What a results file says of its feeder, its queue and how it came about (docs/results-format.md)."""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from .damage import BadResults, array, check_ids, check_sizes, damaged, reading

KINDS, VERSION = ("gridqueue results", "gridqueue queues"), 3  # the second up to version 1


@dataclass
class Feeder:
    name: str
    bus: list           # [bus] names, row 0 is the source
    parent: np.ndarray  # [bus] row towards the source, -1 at the source
    x: np.ndarray       # [bus] of the drawing, NaN where unknown
    y: np.ndarray
    element: list       # [bus] name of what connects the bus to its parent
    upgrade_usd: np.ndarray  # [bus], NaN where it cannot be upgraded


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def texts(values):
    """Of a dataset with one dimension, or a row of another."""
    return [text(t) for t in values[:]]


def site_names(bus, phases):
    """As a study names them: bits 1, 2, 4, 8 of `phases` are nodes 1 to 4 of the bus, 0 all that it has."""
    return [b + "".join(f".{p}" for p in (1, 2, 3, 4) if int(bits) >> (p - 1) & 1) for b, bits in zip(bus, phases)]


def open_results(path):
    """The open file; raises BadResults."""
    if not Path(path).is_file():
        raise BadResults(f"no such results file '{path}'")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise BadResults(f"'{path}' is no HDF5 file ({error})") from None
    with reading(path):
        kind = file.attrs.get("file_type", "")
        if kind not in KINDS:
            raise BadResults(f"'{path}' is no results file (file_type '{kind}'); `gridqueue run` writes one")
        if file.attrs.get("version") != VERSION:
            raise BadResults(f"'{path}' has version {file.attrs.get('version')} (this program reads {VERSION}); run the study again")
        check_sizes(file)
    return file


def one_queue(file):
    """Of which more is kept; else it has what the orders of many queues say."""
    return "unit" in file


def whole_rows(file, table):
    """Rows of a table that grows, without any that were cut off."""
    tables = [text(t) for t in file.attrs["committed_tables"]]
    rows = int(file.attrs["committed_rows"][tables.index(table)])
    if rows < 0:
        raise damaged(file, f"'{table}' has {rows} rows")
    return rows


def columns(file, table, *names):
    """Whole rows of these columns."""
    rows = whole_rows(file, table)
    return [array(file, f"{table}/{n}", rows) for n in names]


def line_probability(file, table, lines, probability):
    """[bus] that the line to it is built, from the probability of each row of a table with lists of lines."""
    offset, count = columns(file, table, "line_offset", "line_count")
    elements, entries = file["element/name"].shape[0], whole_rows(file, lines)
    check_ids(file, f"{table}/line_count", count, 0, elements + 1)
    check_ids(file, f"{table}/line_offset", offset, 0, entries + 1)
    check_ids(file, f"{table}/line_offset", offset + count, 0, entries + 1)
    row = np.repeat(np.arange(len(count)), count)
    at = np.arange(len(row)) + np.repeat(offset - np.cumsum(count) + count, count)
    line = array(file, f"{table}/line", entries, ids=(0, elements))[at]
    return np.minimum(np.bincount(line, weights=probability[row], minlength=elements), 1)


def check_summed_up(file):
    """Whether what the orders come to is there, of any queue."""
    kept = one_queue(file)
    if whole_rows(file, "queue") > 0 and ("distribution" in file or not kept):
        return
    if kept and int(file.attrs["committed"]) > 0:
        raise BadResults(f"'{file.filename}' was cut off before its orders were summed up; `gridqueue run --resume` goes on with it")
    what = "order (the run was interrupted before its first batch)" if kept else "queue (the run was interrupted before the first ones were done)"
    raise BadResults(f"'{file.filename}' holds no {what}; `gridqueue run --resume` goes on with it")


def read_text(file):
    """The study, as it was run."""
    return text(file.attrs.get("study", ""))


def read_feeder(file):
    bus, element = texts(file["bus/name"]), texts(file["element/name"])
    parent = array(file, "bus/parent", len(bus), ids=(-1, len(bus)))
    if len(element) != len(bus) or (parent >= np.arange(len(bus))).any() or (parent[1:] < 0).any():
        raise damaged(file, "'bus' is no tree")
    x, y, usd = (array(file, n, len(bus), missing=True) for n in ("bus/x", "bus/y", "element/upgrade_usd"))
    return Feeder(text(file.attrs["feeder"]), bus, parent, x, y, element, usd)


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
        orders, each = (int(a["committed"]), "") if one_queue(file) else (int(a["orders"]), " of each queue")
        facts.insert(2, ("orders", f"{orders:,} random orders{each}, seed {a['seed']}, {drawn}"))
    if "model" in file:
        facts.append(("linearized model", model_text(file["model"].attrs)))
    if a.get("until"):
        facts.append(("stopping rule", a["until"]))
    if "seconds_total" in a:
        facts.append(("time", f"{float(a['seconds_total']):.2f} s, of which power flows {float(a['seconds_evaluate']):.2f} s"))
    if not a.get("complete", 1):
        facts.append(("complete", f"no: the run was interrupted after {int(a['committed']):,} {'orders' if one_queue(file) else 'queues'}"))
    return facts
