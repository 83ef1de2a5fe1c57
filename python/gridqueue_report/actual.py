"""The order in which the units really stand, among all orders of the queue."""

from dataclasses import dataclass

import numpy as np

from . import style
from .damage import array, damaged
from .figure import Figure, Table, picture, plotly_figure

DECISIONS = ("accepted", "builds lines", "rejected")
ROW = 40  # [px]


@dataclass
class Actual:
    unit: np.ndarray      # [position]
    decision: np.ndarray  # [position] 0, 1, 2
    usd: np.ndarray       # [position] what the unit there pays
    less: np.ndarray      # [position] share of the orders in which it pays less
    at_most: np.ndarray   # [position] ... in which it pays no more
    total: tuple          # (usd, less, at_most)


def read_actual(file, size):
    """None where the study says no actual order."""
    if "actual" not in file:
        return None
    unit = array(file, "actual/unit", size, ids=(0, size))
    decision = array(file, "actual/decision", size, ids=(0, 3))
    usd, less, at_most = (array(file, f"actual/{n}", size) for n in ("cost_usd", "less_probability", "at_most_probability"))
    total = tuple(float(file["actual"].attrs[f"total_{n}"]) for n in ("usd", "less_probability", "at_most_probability"))
    if len(set(unit)) != size or not np.isfinite(total).all():
        raise damaged(file, "'/actual' is no order")
    return Actual(unit, decision, usd, less, at_most, total)


def sentence(study):
    """What the actual order comes to, in one sentence."""
    a = study.actual
    return (f"In the order in which they really stand the upgrades cost {style.usd(a.total[0])}: "
            f"{style.percent(a.total[1], 1)} of the orders cost less, {style.percent(1 - a.total[2], 1)} more. ")


def actual_order(study):
    if study.actual is None:
        return None
    a, q = study.actual, study.queue
    labels = [q.labels()[u] for u in a.unit]
    table = Table(["position", "unit", "bus", "power [kW]", "is", "pays [USD]", "pays less in share of the orders", "pays more in share of the orders"])
    for p, u in enumerate(a.unit):
        table.rows.append([p + 1, labels[p], q.bus[u], float(q.kw[u]), DECISIONS[int(a.decision[p])], float(a.usd[p]), float(a.less[p]), float(1 - a.at_most[p])])
    worst = int(np.argmax(a.less * (a.usd > 0)))
    caption = "The units from the first to the last of the real queue. A line is the range of bills that a unit may get, its bar the mean, the circle what it pays in this order."
    if a.usd[worst] > 0:
        caption += f" {labels[worst]} pays {style.usd(a.usd[worst])}, more than in {style.percent(a.less[worst], 1)} of the orders."
    rows = [Row(f"{p + 1}. {labels[p]}", study.outcome.unit[u], float(a.usd[p]), float(a.less[p]), float(1 - a.at_most[p])) for p, u in enumerate(a.unit)]
    return Figure("actual_order", "Your actual order", sentence(study) + caption, table, _html(rows), _png(rows))


@dataclass
class Row:
    name: str
    atoms: object  # of what the unit may pay
    usd: float
    less: float
    more: float


def _span(rows):
    """(divisor, unit, largest bill in it)."""
    most = max(float(r.atoms.usd[-1]) for r in rows)
    divisor, unit = style.axis_unit(most)
    return divisor, unit, most / divisor or 1.0


def _html(rows):
    divisor, unit, most = _span(rows)
    f = plotly_figure(110 + ROW * len(rows))
    for i, r in enumerate(rows):
        f.add_scatter(x=[r.atoms.usd[0] / divisor, r.atoms.usd[-1] / divisor], y=[i, i], mode="lines", line=dict(width=4, color=style.LIGHT), hoverinfo="skip")
    at = np.arange(len(rows))
    f.add_scatter(x=[r.atoms.mean() / divisor for r in rows], y=at, mode="markers", marker=dict(symbol="line-ns", size=20, line=dict(width=3, color=style.GREY)),
                  text=[f"<b>{r.name}</b><br>mean {style.usd(r.atoms.mean())}" for r in rows], hovertemplate="%{text}<extra></extra>")
    f.add_scatter(x=[r.usd / divisor for r in rows], y=at, mode="markers", cliponaxis=False, marker=dict(size=13, color=style.VERMILION),
                  text=[f"<b>{r.name}</b><br>pays {style.usd(r.usd)}<br>less in {style.percent(r.less, 1)}, more in {style.percent(r.more, 1)} of the orders" for r in rows],
                  hovertemplate="%{text}<extra></extra>")
    f.update_xaxes(title=f"the unit's bill [{unit}]", range=[-0.03 * most, 1.04 * most])
    f.update_yaxes(tickvals=at, ticktext=[r.name for r in rows], range=[len(rows) - 0.4, -0.6])
    return f


def _png(rows):
    divisor, unit, most = _span(rows)
    f, ax = picture(90 + ROW * len(rows))
    for i, r in enumerate(rows):
        ax.plot([r.atoms.usd[0] / divisor, r.atoms.usd[-1] / divisor], [i, i], color=style.LIGHT, linewidth=4, solid_capstyle="round")
        ax.plot([r.atoms.mean() / divisor] * 2, [i - 0.25, i + 0.25], color=style.GREY, linewidth=2.5)
        ax.scatter([r.usd / divisor], [i], s=70, color=style.VERMILION, zorder=3, clip_on=False)
    ax.set_yticks(range(len(rows)), [r.name for r in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(-0.03 * most, 1.04 * most)
    ax.set_xlabel(f"the unit's bill [{unit}]")
    ax.grid(axis="x")
    return f
