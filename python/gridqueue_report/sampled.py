"""Orders one by one, read in pieces so that a million of them need little memory: counts and sums only."""

from dataclasses import dataclass

import numpy as np

PIECE = 100_000  # orders read at once; even, so that antithetic pairs stay together
FIRST = 12       # orders kept as they are


@dataclass
class Convergence:
    """Means of what each unit pays after the first n orders, with 95 % intervals."""
    orders: np.ndarray      # [point]
    mean: np.ndarray        # [point, unit] USD
    half_width: np.ndarray  # [point, unit] USD


def student_t(dof):
    """97.5 % quantile of Student's t (Cornish-Fisher about the normal, within 0.2 % for dof >= 7)."""
    z = 1.959963984540054
    return z + (z**3 + z) / (4 * dof) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * dof**2) \
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * dof**3)


class RunningMeans:
    """Sums of draws up to chosen numbers of orders. A draw is an order, or an antithetic pair."""

    def __init__(self, orders, units, orders_per_draw):
        self.per_draw = orders_per_draw
        draws = orders // orders_per_draw
        self.goals = np.unique(np.geomspace(min(10, max(draws, 1)), max(draws, 1), 40).astype(int))
        self.done, self.sum, self.square = 0, np.zeros(units), np.zeros(units)
        self.points = []

    def add(self, costs):
        """costs [order, unit], the orders that follow."""
        draws = costs.reshape(-1, self.per_draw, costs.shape[1]).mean(axis=1)
        start = 0
        while start < len(draws):
            ahead = self.goals[self.goals > self.done]
            take = min(len(draws) - start, int(ahead[0]) - self.done) if len(ahead) else len(draws) - start
            part = draws[start:start + take]
            self.sum += part.sum(axis=0)
            self.square += (part**2).sum(axis=0)
            self.done, start = self.done + take, start + take
            if self.done in self.goals:
                self.points.append((self.done, self.sum.copy(), self.square.copy()))

    def convergence(self):
        points = [p for p in self.points if p[0] >= 8]
        if len(points) < 2:
            return None
        n = np.array([p[0] for p in points])[:, None]
        mean = np.array([p[1] for p in points]) / n
        variance = np.maximum(0, np.array([p[2] for p in points]) / n - mean**2) * n / (n - 1)
        return Convergence(n[:, 0] * self.per_draw, mean, student_t(n - 1) * np.sqrt(variance / n))


@dataclass
class Sampled:
    orders: int
    mass: list                  # [unit] {USD: orders}
    total_mass: dict            # {USD: orders}
    triggers: np.ndarray        # [unit] orders
    rejects: np.ndarray         # [unit] orders
    position_sum: np.ndarray    # [unit, position] USD
    position_count: np.ndarray
    after_sum: np.ndarray       # [unit, other unit] USD, orders with the other one before
    after_count: np.ndarray
    trigger_numbers: np.ndarray  # [number] orders
    final_sets: np.ndarray      # [upgrade set] orders
    convergence: Convergence = None
    first_costs: np.ndarray = None  # [order, unit]
    first_units: np.ndarray = None  # [order, position]


def count_values(values, mass):
    usd, count = np.unique(np.round(values, 2), return_counts=True)
    for u, c in zip(usd.tolist(), count.tolist()):
        mass[u] = mass.get(u, 0) + c


def empty(orders, units, sets):
    square = lambda: np.zeros((units, units))
    return Sampled(orders, [{} for _ in range(units)], {}, np.zeros(units), np.zeros(units), square(), square(), square(),
                   square(), np.zeros(units + 1), np.zeros(sets))


def add_piece(s, unit, cost, limit, decision, set_of_state, total, triggers, state):
    """unit, cost, ... [order, position]."""
    units = unit.shape[1]
    position = np.empty_like(unit)
    np.put_along_axis(position, unit, np.arange(units)[None, :].repeat(len(unit), 0).astype(unit.dtype), axis=1)
    costs = np.take_along_axis(cost, position, axis=1)  # [order, unit]
    for u in range(units):
        count_values(costs[:, u], s.mass[u])
        before = position[:, [u]] < position
        s.after_sum[:, u] += (costs * before).sum(axis=0)
        s.after_count[:, u] += before.sum(axis=0)
        s.position_sum[:, u] += np.bincount(unit[:, u], weights=cost[:, u], minlength=units)
        s.position_count[:, u] += np.bincount(unit[:, u], minlength=units)
    count_values(total, s.total_mass)
    s.triggers += np.take_along_axis(limit != 0, position, axis=1).sum(axis=0)
    s.rejects += np.take_along_axis(decision == 2, position, axis=1).sum(axis=0)
    s.trigger_numbers += np.bincount(triggers, minlength=units + 1)
    s.final_sets += np.bincount(set_of_state[state[:, -1]], minlength=len(s.final_sets))
    return costs


def read_sampled(file):
    order = file["order"]
    orders, units = int(file.attrs["committed"]), order["unit"].shape[1]
    s = empty(orders, units, file["upgrade_set/line_offset"].shape[0])
    means = RunningMeans(orders, units, 2 if file.attrs.get("antithetic", 0) else 1)
    set_of_state = file["state/upgrade_set"][:]
    for first in range(0, orders, PIECE):
        rows = slice(first, min(first + PIECE, orders))
        unit, cost, limit, decision, total, triggers, state = (
            order[n][rows] for n in ("unit", "cost_usd", "limit", "decision", "total_usd", "triggers", "state"))
        costs = add_piece(s, unit, cost, limit, decision, set_of_state, total, triggers, state)
        means.add(costs)
        if first == 0:
            s.first_costs, s.first_units = costs[:FIRST], unit[:FIRST]
    s.convergence = means.convergence()
    return s
