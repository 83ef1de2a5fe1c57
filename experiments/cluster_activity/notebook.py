"""Parts 1 to 3 of the notebook, as numbers."""

from dataclasses import dataclass

import h5py
from gridqueue_report.results import texts
from table import Table


@dataclass
class Consideration:
    """One unit of a sequence."""
    bus: str
    kw: float
    cost_usd: float
    left_kw: float  # hosting capacity left at its bus
    lines: list     # built for it, in order


@dataclass
class Sequences:
    units: list         # (bus, kW) in the notebook's numbering
    steps: list         # [sequence][position] Consideration
    line_usd: dict
    line_ft: dict

    def trigger(self, k):
        """Position of the first trigger of sequence k."""
        return next(p for p, s in enumerate(self.steps[k]) if s.lines)

    def paid(self, k):
        """{bus: USD} of the triggers of sequence k, in their order."""
        return {s.bus: s.cost_usd for s in self.steps[k] if s.cost_usd > 0}

    def lines(self, k):
        return sorted(line for s in self.steps[k] for line in s.lines)


@dataclass
class Part:
    tables: list
    data: dict


def read_sequences(path):
    with h5py.File(path) as f:
        bus, kw = texts(f["unit/bus"]), f["unit/kw"][:]
        element = [name.removeprefix("line.") for name in texts(f["element/name"])]
        usd = f["element/upgrade_usd"][:]
        offset, count, line = (f[f"step/{n}"][:] for n in ("line_offset", "line_count", "line"))
        order = {n: f[f"order/{n}"][:] for n in ("unit", "step", "cost_usd", "hosting_kw")}
    steps = []
    for units, taken, costs, left in zip(order["unit"], order["step"], order["cost_usd"], order["hosting_kw"]):
        built = [[element[e] for e in line[offset[s]:offset[s] + count[s]]] for s in taken]
        steps.append([Consideration(bus[u], float(kw[u]), float(c), float(h), b) for u, c, h, b in zip(units, costs, left, built)])
    feet = {name: float(c) / 196 for name, c in zip(element, usd) if c == c}  # overhead lines: 196 $/ft
    return Sequences(list(zip(bus, map(float, kw))), steps, dict(zip(element, map(float, usd))), feet)


def part1(program, q):
    """Hosting capacity at each unit's bus when its turn came (units that came after the trigger: just before the trigger)."""
    independent = program.hosting_capacity([b for b, _ in q.units])
    by_sequence = []
    for k, steps in enumerate(q.steps):
        before = steps[:q.trigger(k)]
        found = {s.bus: s.left_kw + s.kw for s in before}
        found |= program.hosting_capacity([s.bus for s in steps[q.trigger(k):]], [(s.bus, s.kw) for s in before])
        by_sequence.append(found)
    table = Table("part1_hosting_capacity", "Part 1: hosting capacity [kW], independent and by sequence",
                  [("bus", ""), ("unit [kW]", ".0f"), ("independent", ",.0f")] + [(f"sequence {k}", ",.0f") for k in range(len(q.steps))])
    for bus, kw in sorted(q.units, key=lambda u: independent[u[0]]):
        table.rows.append([bus, kw, independent[bus], *(s[bus] for s in by_sequence)])
    return Part([table], {"independent": independent, "sequences": by_sequence, "kw": dict(q.units),
                          "triggers": [q.steps[k][q.trigger(k)].bus for k in range(len(q.steps))]})


def part2(q):
    """The first upgrades of each sequence, and who pays what when the queue goes on."""
    first = Table("part2_first_upgrade", "Part 2: the first upgrade of each sequence",
                  [("sequence", "d"), ("trigger", ""), ("trigger [kW]", ".0f"), ("installed [kW]", ",.0f"), ("lines", "d"), ("feet", ",.0f"),
                   ("cost [$]", ",.0f"), ("$/kW of all installed", ",.0f"), ("$/kW of the trigger", ",.0f"), ("ratio", ".1f")])
    for k, steps in enumerate(q.steps):
        s = steps[q.trigger(k)]
        total = sum(t.kw for t in steps[:q.trigger(k) + 1])
        first.rows.append([k, s.bus, s.kw, total, len(s.lines), sum(q.line_ft[n] for n in s.lines), s.cost_usd, s.cost_usd / total,
                           s.cost_usd / s.kw, total / s.kw])
    paid = [q.paid(k) for k in range(len(q.steps))]
    ends = [q.lines(k) for k in range(len(q.steps))]
    costs = Table("part2_costs", "Part 2: what each unit pays when the queue goes on to the end [$]",
                  [("bus", ""), ("kW", ".0f")] + [(f"sequence {k}", ",.0f") for k in range(len(paid))]
                  + [(f"$/kW in sequence {k}", ",.0f") for k in range(len(paid))])
    for bus, kw in q.units:
        if any(bus in p for p in paid):
            costs.rows.append([bus, kw, *(p.get(bus, 0.0) for p in paid), *(p.get(bus, 0.0) / kw for p in paid)])
    costs.rows.append(["total", sum(kw for _, kw in q.units), *(sum(p.values()) for p in paid), *(None for _ in paid)])
    built = Table("part2_lines", "Part 2: the lines that are upgraded in the end", [("sequence", "d"), ("number", "d"), ("lines in the end", "")],
                  [[k, len(e), " ".join(e)] for k, e in enumerate(ends)])
    return Part([first, costs, built], {"first": first.rows, "paid": paid, "units": q.units})


def part3(program, q):
    """The total shared in proportion to kW times the relative gain in independent hosting capacity."""
    buses = [b for b, _ in q.units]
    lines = q.lines(0)
    before, after = program.hosting_capacity(buses), program.hosting_capacity(buses, upgrades=lines)
    total = sum(q.line_usd[n] for n in lines)
    weight = {b: kw * (after[b] - before[b]) / before[b] for b, kw in q.units}
    table = Table("part3_sharing", "Part 3: sharing by the gain in hosting capacity (13 lines built, no unit connected)",
                  [("bus", ""), ("kW", ".0f"), ("before [kW]", ",.1f"), ("after [kW]", ",.1f"), ("gain [%]", ".1f"), ("cost share [$]", ",.0f"),
                   ("$/kW", ",.0f")])
    cost = {b: total * w / sum(weight.values()) for b, w in weight.items()}
    for bus, kw in q.units:
        table.rows.append([bus, kw, before[bus], after[bus], 100 * (after[bus] / before[bus] - 1), cost[bus], cost[bus] / kw])
    return Part([table], {"before": before, "after": after, "cost": cost, "total": total})
