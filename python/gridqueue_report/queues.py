"""What every results file says, of one queue or many: what every unit of every queue pays, and what every queue costs."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .damage import array, check_ids, damaged
from .results import Feeder, check_summed_up, columns, line_probability, read_feeder, site_names, text, whole_rows
from .sharing import Sharing, read_sharing
from .variance import Moments, unit_parts

UNIT_COLUMNS = ("kw", "mean_usd", "mean_se_usd", "sd_usd", "min_usd", "median_usd", "p95_usd", "max_usd", "trigger_probability", "reject_probability")
QUEUE_COLUMNS = ("total_mean_usd", "total_mean_se_usd", "total_sd_usd", "total_min_usd", "total_max_usd", "order_gap_usd", "lines_probability")


@dataclass
class Atoms:
    """A discrete distribution: values ascending, probabilities adding up to 1."""
    usd: np.ndarray
    probability: np.ndarray

    def quantile(self, share):
        """Smallest value with at least that share at or below it."""
        reached = np.cumsum(self.probability) >= share - 1e-12
        return float(self.usd[np.argmax(reached)]) if reached.any() else float(self.usd[-1])

    def mean(self):
        return float(self.usd @ self.probability)

    def sd(self):
        return math.sqrt(max(0.0, float((self.usd - self.mean()) ** 2 @ self.probability)))


@dataclass
class Queues:
    feeder: Feeder
    method: str            # all, random; of one queue also given
    orders: int            # of each queue, where they are drawn
    asked: int             # queues of the study
    queue: np.ndarray      # [unit of any queue] its queue
    number: np.ndarray     # [unit] its number within the queue
    bus: np.ndarray        # [unit] row of the feeder's buses
    site: list             # [unit] name of its place, with the phases where they are some only
    unit: dict             # {column of /queue: [unit]}
    total: dict            # {column of /queue: [queue]}
    size: np.ndarray       # [queue] units
    lines: np.ndarray      # [queue] lines of the most probable set
    mass_unit: np.ndarray  # [cost] unit of any queue that may pay it
    mass_usd: np.ndarray
    mass_probability: np.ndarray
    builds: np.ndarray     # [queue] probability that an order builds any line
    line_probability: np.ndarray  # [bus] that the line to this bus is upgraded, mean over queues
    ends: float            # mean over queues of the probability of the final states in the file
    sharing: Sharing | None

    @property
    def count(self):
        return len(self.size)

    @property
    def exact(self):
        return self.method == "all"

    def weights(self):
        """[unit] every queue counts alike, and every unit of a queue."""
        return 1 / (self.count * self.size[self.queue])

    def per_queue(self, values):
        """[queue] sums of what the units have."""
        return np.bincount(self.queue, weights=values, minlength=self.count)

    def pays(self):
        """[unit] probability that it pays anything."""
        return np.bincount(self.mass_unit, weights=np.where(self.mass_usd > 0, self.mass_probability, 0), minlength=len(self.queue))

    def atoms(self, u):
        """What unit u pays."""
        mine = self.mass_unit == u
        return Atoms(self.mass_usd[mine], self.mass_probability[mine])

    def bills(self, units=None):
        """What the units pay in any order, together; `units` = which of them (all alike), None = all, weighted by queue."""
        weight = self.weights() if units is None else units / units.sum()
        return pooled(self.mass_usd, self.mass_probability * weight[self.mass_unit])

    def moments(self):
        """What the law of total variance needs."""
        u, t = self.unit, self.total
        return Moments(self.queue, u["mean_usd"], u["sd_usd"] ** 2, u["mean_se_usd"] ** 2, t["total_mean_usd"], t["total_sd_usd"] ** 2, t["total_mean_se_usd"] ** 2)

    @cached_property
    def unit_parts(self):
        """Why units pay what they pay (variance.py)."""
        return unit_parts(self.moments())


def pooled(usd, weight):
    """Equal values of different units together."""
    values, which = np.unique(np.round(usd[weight > 0], 2), return_inverse=True)
    return Atoms(values, np.bincount(which, weights=weight[weight > 0]))


def read_queues(file):
    check_summed_up(file)
    feeder, count = read_feeder(file), whole_rows(file, "queue")
    most = file["queue/bus"].shape[1]
    size = array(file, "queue/units", count, ids=(1, most + 1))
    there = np.arange(most) < size[:, None]
    first = np.concatenate([[0], np.cumsum(size)])
    mass_queue, mass_unit, mass_usd, mass_probability = columns(file, "mass", "queue", "unit", "usd", "probability")
    check_ids(file, "mass/queue", mass_queue, 0, count)
    check_ids(file, "mass/unit", mass_unit, 0, size[mass_queue])
    total = {n: array(file, f"queue/{n}", count, missing=True) for n in QUEUE_COLUMNS}
    builds, lines, ends = read_ends(file, total, count)
    queue, number = np.nonzero(there)
    bus, phases = (array(file, f"queue/{n}", count, most)[there] for n in ("bus", "phases"))
    check_ids(file, "queue/bus", bus, 0, len(feeder.bus))
    check_ids(file, "queue/phases", phases, 0, 16)
    unit = {n: array(file, f"queue/{n}", count, most, missing=True)[there] for n in UNIT_COLUMNS}
    of_unit = first[mass_queue] + mass_unit
    check_distributions(file, of_unit, mass_probability, len(bus))
    return Queues(
        feeder=feeder, method=text(file.attrs["order_method"]), orders=int(file.attrs["orders"]), asked=int(file.attrs["queues"]),
        queue=queue, number=number, bus=bus, site=site_names([feeder.bus[b] for b in bus], phases), unit=unit, total=total, size=size,
        lines=array(file, "queue/line_count", count), mass_unit=of_unit, mass_usd=mass_usd, mass_probability=mass_probability,
        builds=builds, line_probability=lines, ends=ends, sharing=read_sharing(file, count, most))


def check_distributions(file, owner, probability, owners):
    """Of each owner they are none below 0, and 1 together."""
    if (probability < 0).any() or (np.abs(np.bincount(owner, weights=probability, minlength=owners) - 1) > 1e-6).any():
        raise damaged(file, "probabilities of what a unit pays do not add up to 1")


def read_ends(file, total, count):
    """(builds, line probability, probability of the ends in the file); what the file leaves out counts as what it has of that queue."""
    queue, p, lines = columns(file, "end", "queue", "probability", "line_count")
    check_ids(file, "end/queue", queue, 0, count)
    known = np.bincount(queue, weights=p, minlength=count)
    if (p < 0).any() or not (known > 0).all():
        raise damaged(file, "a queue of 'end' has no end")
    builds = np.bincount(queue, weights=p * (lines > 0), minlength=count) / known
    builds[total["total_min_usd"] > 0] = 1
    builds[total["total_max_usd"] == 0] = 0
    return builds, line_probability(file, "end", "end_line", p / known[queue] / count), float(known.mean())
