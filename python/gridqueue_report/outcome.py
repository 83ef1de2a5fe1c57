"""What the orders of one queue say, all of them or a sample: one form for every figure."""

import math
from dataclasses import dataclass, field

import numpy as np

from .results import check_summed_up, columns, text, whole_rows

MOST_GIVEN = 12  # orders shown one by one


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
class Outcome:
    method: str                      # all, random, given
    orders: float                    # N! or as many as were walked
    unit: list                       # [unit] Atoms of what it pays
    sds: np.ndarray                  # [unit] standard deviation of it; of a sample, the unbiased estimate of its square's root
    trigger_probability: np.ndarray  # [unit]
    reject_probability: np.ndarray   # [unit]
    mean_by_position: np.ndarray     # [unit, position] NaN where it never stood there
    mean_after: np.ndarray           # [unit, other unit] mean given that the other one came before; NaN: never seen
    total: Atoms
    order_gap: float                 # largest difference between what two orders of the same units cost, over all sets of units [USD]
    triggers_probability: np.ndarray  # [number]
    line_probability: np.ndarray     # [bus] that the line to this bus is upgraded in the end
    convergence: object = None       # Convergence of random orders
    interval: np.ndarray = None      # [unit, 2] 95 % interval of the mean, of random orders
    order_costs: np.ndarray = None   # [order, unit] where the orders are few and given
    order_units: np.ndarray = None   # [order, position]
    exact: bool = field(init=False)

    def __post_init__(self):
        self.exact = self.method == "all"

    def sd(self, u):
        return float(self.sds[u])

    @property
    def shapley(self):
        """Whether mean bills are Shapley values: no set of units costs more in one order than in another."""
        return self.method != "given" and self.order_gap == 0

    def means(self):
        return np.array([a.mean() for a in self.unit])


def line_probability(file, sets, probability):
    """Probability of each line from that of each set of lines."""
    result = np.zeros(file["element/name"].shape[0])
    offset, count = columns(file, "upgrade_set", "line_offset", "line_count")
    line = file["upgrade_set/line"][:whole_rows(file, "upgrade_line")]
    for s, p in zip(sets, probability):
        result[line[offset[s]:offset[s] + count[s]]] += p
    return np.minimum(result, 1.0)


@dataclass
class Convergence:
    """Means of what each unit pays after the first n orders, with 95 % intervals."""
    orders: np.ndarray      # [point]
    mean: np.ndarray        # [point, unit] USD
    half_width: np.ndarray  # [point, unit] USD


def read_convergence(file):
    """None where orders are not drawn, or too few."""
    if "estimate/convergence_orders" not in file:
        return None
    orders, mean, half = (file[f"estimate/convergence_{n}"][:] for n in ("orders", "mean_usd", "half_width_usd"))
    known = np.isfinite(half).all(axis=1)
    return Convergence(orders[known], mean[known], half[known]) if known.sum() > 1 else None


def given_orders(file):
    """(costs [order, unit], units [order, position]) of a few orders that the study names; else (None, None)."""
    orders = int(file.attrs["committed"])
    if text(file.attrs["order_method"]) != "given" or orders > MOST_GIVEN:
        return None, None
    unit, cost = (file[f"order/{n}"][:orders] for n in ("unit", "cost_usd"))
    return np.take_along_axis(cost, np.argsort(unit, axis=1), axis=1), unit


def read_outcome(file):
    """Of the one queue whose orders are kept."""
    check_summed_up(file)
    q, d, units = file["queue"], file["distribution"], file["unit/kw"].shape[0]
    owner, usd, p = columns(file, "mass", "unit", "usd", "probability")
    costs, order_units = given_orders(file)
    return Outcome(
        method=text(file.attrs["order_method"]), orders=float(q["orders"][0]) or float(math.factorial(units)),
        unit=[Atoms(usd[owner == u], p[owner == u]) for u in range(units)], sds=q["sd_usd"][0],
        trigger_probability=q["trigger_probability"][0], reject_probability=q["reject_probability"][0],
        mean_by_position=d["mean_by_position"][:], mean_after=d["mean_after"][:], total=Atoms(*columns(file, "total", "usd", "probability")),
        order_gap=float(q["order_gap_usd"][0]), triggers_probability=d["triggers_probability"][:],
        line_probability=line_probability(file, d["final_upgrade_set"][:], d["final_probability"][:]), convergence=read_convergence(file),
        interval=file["estimate/mean_interval_usd"][:] if "estimate" in file else None, order_costs=costs, order_units=order_units)
