"""What the orders of one queue say, all of them or a sample: one form for every figure."""

import math
from dataclasses import dataclass

import numpy as np

from .damage import array
from .queues import Atoms, check_distributions
from .results import columns, line_probability, whole_rows

MOST_GIVEN = 12  # orders shown one by one


@dataclass
class Queue:
    bus: list       # [unit] as the study names it, with the phases where they are some only
    kw: np.ndarray  # [unit]
    at: list        # [unit] the bus alone
    name: list      # [unit] of the project, "" = none

    @property
    def size(self):
        return len(self.bus)

    def labels(self):
        """Names of units, else their places, told apart by number where two are the same."""
        names = [name or bus for name, bus in zip(self.name, self.bus)]
        return [f"{n} ({names[:i + 1].count(n)})" if names.count(n) > 1 else n for i, n in enumerate(names)]


@dataclass
class Convergence:
    """Means of what each unit pays after the first n orders, with 95 % intervals."""
    orders: np.ndarray      # [point]
    mean: np.ndarray        # [point, unit] USD
    half_width: np.ndarray  # [point, unit] USD


@dataclass
class Outcome:
    method: str                      # all, random, given
    orders: float                    # N! or as many as were walked
    of_unit: dict                    # {column of /queue: [unit]}
    unit: list                       # [unit] Atoms of what it pays
    mean_by_position: np.ndarray     # [unit, position] NaN where it never stood there
    mean_after: np.ndarray           # [unit, other unit] mean given that the other one came before; NaN: never seen
    total: Atoms
    order_gap: float                 # largest difference between what two orders of the same units cost, over all sets of units [USD]
    triggers_probability: np.ndarray  # [number]
    line_probability: np.ndarray     # [bus] that the line to this bus is upgraded in the end
    convergence: Convergence | None  # of random orders
    interval: np.ndarray | None      # [unit, 2] 95 % interval of the mean, of random orders
    given: tuple | None              # (costs [order, unit], units [order, position]) where the orders are few and given

    @property
    def exact(self):
        return self.method == "all"

    @property
    def shapley(self):
        """Whether mean bills are Shapley values: no set of units costs more in one order than in another."""
        return self.method != "given" and self.order_gap == 0


def read_convergence(file, units):
    """None where orders are not drawn, or too few."""
    if "estimate/convergence_orders" not in file:
        return None
    orders = array(file, "estimate/convergence_orders", None, ids=(1, 1 << 62))
    mean, half = (array(file, f"estimate/convergence_{n}", len(orders), units, missing=True) for n in ("mean_usd", "half_width_usd"))
    known = np.isfinite(half).all(axis=1)
    return Convergence(orders[known], mean[known], half[known]) if known.sum() > 1 else None


def read_given(file, method, units):
    orders = int(file.attrs["committed"])
    if method != "given" or orders > MOST_GIVEN or "order" not in file or whole_rows(file, "realization") < orders:
        return None
    unit, cost = array(file, "order/unit", orders, units, ids=(0, units)), array(file, "order/cost_usd", orders, units)
    return np.take_along_axis(cost, np.argsort(unit, axis=1), axis=1), unit


def read_outcome(file, queues):
    """Of a file of one queue."""
    units, rows = len(queues.bus), whole_rows(file, "upgrade_set")
    final = array(file, "distribution/final_upgrade_set", None, ids=(0, rows))
    sets = np.bincount(final, weights=array(file, "distribution/final_probability", len(final)), minlength=rows)
    total_usd, total_probability = columns(file, "total", "usd", "probability")
    check_distributions(file, np.zeros(len(total_usd), int), total_probability, 1)
    by_position, after = (array(file, f"distribution/{n}", units, units, missing=True) for n in ("mean_by_position", "mean_after"))
    return Outcome(
        method=queues.method, orders=float(file["queue/orders"][0]) or float(math.factorial(units)), of_unit=queues.unit,
        unit=[queues.atoms(u) for u in range(units)], mean_by_position=by_position, mean_after=after,
        total=Atoms(total_usd, total_probability), order_gap=float(queues.total["order_gap_usd"][0]),
        triggers_probability=array(file, "distribution/triggers_probability", None), line_probability=line_probability(file, "upgrade_set", "upgrade_line", sets),
        convergence=read_convergence(file, units), interval=array(file, "estimate/mean_interval_usd", units, 2, missing=True) if "estimate" in file else None,
        given=read_given(file, queues.method, units))
