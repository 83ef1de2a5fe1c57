"""What all orders of a queue say, exactly or from a sample: one form for every figure."""

import math
from dataclasses import dataclass, field

import numpy as np

from .results import BadResults
from .sampled import read_sampled


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
    trigger_probability: np.ndarray  # [unit]
    reject_probability: np.ndarray   # [unit]
    mean_by_position: np.ndarray     # [unit, position] NaN where it never stood there
    mean_after: np.ndarray           # [unit, other unit] mean given that the other one came before; NaN: never seen
    total: Atoms
    order_gap: float                 # largest difference between what two orders of the same units cost, over all sets of units [USD]
    triggers_probability: np.ndarray  # [number]
    line_probability: np.ndarray     # [bus] that the line to this bus is upgraded in the end
    convergence: object = None       # sampled.Convergence of random orders
    interval: np.ndarray = None      # [unit, 2] 95 % interval of the mean, of random orders
    order_costs: np.ndarray = None   # [order, unit] where the orders are few and given
    order_units: np.ndarray = None   # [order, position]
    exact: bool = field(init=False)

    def __post_init__(self):
        self.exact = self.method == "all"

    def sd(self, u):
        """Standard deviation of what unit u pays; of a sample, the unbiased estimate of its square's root."""
        return self.unit[u].sd() * (1 if self.exact or self.orders < 2 else math.sqrt(self.orders / (self.orders - 1)))

    @property
    def shapley(self):
        """Whether mean bills are Shapley values: no set of units costs more in one order than in another."""
        return self.method != "given" and self.order_gap == 0

    def means(self):
        return np.array([a.mean() for a in self.unit])


def line_probability(file, sets, probability):
    """Probability of each line from that of each set of lines."""
    result = np.zeros(file["element/name"].shape[0])
    offset, count, line = (file[f"upgrade_set/{n}"][:] for n in ("line_offset", "line_count", "line"))
    for s, p in zip(sets, probability):
        result[line[offset[s]:offset[s] + count[s]]] += p
    return np.minimum(result, 1.0)


def order_gap(file):
    """Over all sets of units that the orders came through; totals count to the cent."""
    usd = np.round(file["upgrade_set/cost_usd"][:], 2)[file["state/upgrade_set"][:]]
    considered = file["state/considered"][:]
    order = np.lexsort((usd, *considered.T))
    considered, usd = considered[order], usd[order]
    first = np.flatnonzero(np.concatenate([[True], (considered[1:] != considered[:-1]).any(axis=1)]))
    return float((np.maximum.reduceat(usd, first) - usd[first]).max())


def read_exact(file):
    d = file["distribution"]
    units = file["unit/kw"].shape[0]
    owner, usd, p = (d[f"mass_{n}"][:] for n in ("unit", "usd", "probability"))
    return Outcome(
        method="all", orders=float(math.factorial(units)),
        unit=[Atoms(usd[owner == u], p[owner == u]) for u in range(units)],
        trigger_probability=d["trigger_probability"][:], reject_probability=d["reject_probability"][:],
        mean_by_position=d["mean_by_position"][:], mean_after=d["mean_after"][:],
        total=Atoms(d["total_usd"][:], d["total_probability"][:]), order_gap=order_gap(file), triggers_probability=d["triggers_probability"][:],
        line_probability=line_probability(file, d["final_upgrade_set"][:], d["final_probability"][:]))


def read_orders(file):
    s = read_sampled(file)
    atoms = [Atoms(np.array(sorted(m)), np.array([m[k] for k in sorted(m)]) / s.orders) for m in s.mass]
    total = Atoms(np.array(sorted(s.total_mass)), np.array([s.total_mass[k] for k in sorted(s.total_mass)]) / s.orders)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_position, after = s.position_sum / s.position_count, s.after_sum / s.after_count
    np.fill_diagonal(after, np.nan)
    sets = np.flatnonzero(s.final_sets)
    outcome = Outcome(
        method=str(file.attrs["order_method"]), orders=s.orders, unit=atoms, trigger_probability=s.triggers / s.orders,
        reject_probability=s.rejects / s.orders, mean_by_position=by_position, mean_after=after, total=total, order_gap=order_gap(file),
        triggers_probability=s.trigger_numbers / s.orders,
        line_probability=line_probability(file, sets, s.final_sets[sets] / s.orders))
    if outcome.method == "random":
        outcome.convergence = s.convergence
        outcome.interval = file["estimate/mean_interval_usd"][:] if "estimate/mean_interval_usd" in file else None
    elif s.orders <= 12:
        outcome.order_costs, outcome.order_units = s.first_costs, s.first_units
    return outcome


def read_outcome(file):
    if "distribution" in file:
        return read_exact(file)
    if int(file.attrs.get("committed", 0)) == 0:
        raise BadResults(f"'{file.filename}' holds no order (the run was interrupted before its first batch); run the study again")
    return read_orders(file)
