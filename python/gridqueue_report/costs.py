"""What each unit pays, and what the whole queue costs: distributions."""

from dataclasses import dataclass

import numpy as np

from . import style
from .figure import Figure, Table, picture, plotly_figure

MOST_ATOMS = 40   # of a unit, shown one by one; more are binned
ROW, BUBBLE = 46, 36  # [px] height of a unit's row, diameter of probability 1


def binned(atoms, edges):
    """(usd, probability) to show: the values themselves where they are few; else 0 $ alone and the means of bins."""
    if edges is None:
        return atoms.usd, atoms.probability
    bins = np.where(atoms.usd == 0, 0, np.clip(np.digitize(atoms.usd, edges), 1, len(edges)))
    p = np.bincount(bins, weights=atoms.probability)
    total = np.bincount(bins, weights=atoms.probability * atoms.usd)
    seen = p > 0
    return total[seen] / p[seen], p[seen]


def bin_edges(atoms):
    if max(len(a.usd) for a in atoms) <= MOST_ATOMS:
        return None
    return np.linspace(0, max(float(a.usd[-1]) for a in atoms), MOST_ATOMS + 1)


def bill_rows(names, atoms):
    """([(name, usd, probability, mean, probability of paying)], edges of the classes or None): what bills_html and bills_png draw."""
    edges = bin_edges(atoms)
    return [(name, *binned(a, edges), a.mean(), pays(a)) for name, a in zip(names, atoms)], edges


def classes_text(edges):
    return "" if edges is None else f" Bills are grouped into {MOST_ATOMS} classes of {style.usd(edges[1])}; bills of exactly 0 $ stand alone."


def unit_costs(study):
    queue, outcome = study.queue, study.outcome
    order = np.argsort(outcome.of_unit["mean_usd"], kind="stable")  # the largest mean on top
    rows, edges = bill_rows([f"{label}, {kw:,.0f} kW" for label, kw in zip(queue.labels(), queue.kw)], outcome.unit)
    table = Table(["unit", "bus", "power [kW]", "cost [USD]", "probability"])
    for u, (_, usd, p, *_rest) in enumerate(rows):
        table.rows += [[u, queue.bus[u], float(queue.kw[u]), float(c), float(q)] for c, q in zip(usd, p)]
    sd = outcome.of_unit["sd_usd"]
    worst = int(np.argmax(sd))
    a = outcome.unit[worst]
    caption = (f"One row per unit, the dearest on average on top. A circle is a bill that the unit may get, its area the probability "
               f"of that bill; the vertical bar is the mean. {queue.labels()[worst]} depends most on its place in the queue: "
               f"its bill runs from {style.usd(a.usd[0])} to {style.usd(a.usd[-1])}, with a standard deviation of {style.usd(sd[worst])}.")
    rows = [rows[u] for u in order]
    return Figure("unit_costs", "What each unit pays", caption + classes_text(edges), table, bills_html(rows), bills_png(rows))


def pays(atoms):
    return float(atoms.probability[atoms.usd > 0].sum())


def bills_html(rows):
    divisor, unit = style.axis_unit(max(r[1][-1] for r in rows))
    f = plotly_figure(110 + ROW * len(rows))
    for i, (name, usd, p, mean, paying) in enumerate(rows):
        f.add_scatter(x=usd / divisor, y=np.full(len(usd), i), mode="markers", cliponaxis=False,
                      marker=dict(size=np.maximum(4, BUBBLE * np.sqrt(p)), color=style.BLUE, opacity=0.65, line=dict(width=0)),
                      text=[f"<b>{name}</b><br>pays {style.usd(c)}<br>in {style.percent(q, 2)} of the orders" for c, q in zip(usd, p)],
                      hovertemplate="%{text}<extra></extra>")
        f.add_annotation(x=1.01, xref="paper", y=i, text=style.percent(paying), showarrow=False, xanchor="left")
    f.add_scatter(x=[r[3] / divisor for r in rows], y=np.arange(len(rows)), mode="markers",
                  marker=dict(symbol="line-ns", size=24, line=dict(width=3, color=style.VERMILION)),
                  text=[f"<b>{r[0]}</b><br>mean {style.usd(r[3])}" for r in rows], hovertemplate="%{text}<extra></extra>")
    f.add_annotation(x=1.01, xref="paper", y=len(rows) - 0.35, text="<b>pays in</b>", showarrow=False, xanchor="left")
    f.update_xaxes(title=f"the unit's bill [{unit}]", range=_range(rows, divisor))
    f.update_yaxes(tickvals=np.arange(len(rows)), ticktext=[r[0] for r in rows], range=[-0.6, len(rows) - 0.1])
    f.update_layout(margin_r=80)
    return f


def _range(rows, divisor):
    """Room for the circles at both ends."""
    most = max(float(r[1][-1]) for r in rows) / divisor or 1.0
    return [-0.05 * most, 1.04 * most]


def bills_png(rows):
    divisor, unit = style.axis_unit(max(r[1][-1] for r in rows))
    f, ax = picture(90 + 42 * len(rows))
    for i, (_, usd, p, mean, paying) in enumerate(rows):
        ax.scatter(usd / divisor, np.full(len(usd), i), s=np.maximum(6, 700 * p), color=style.BLUE, alpha=0.65, linewidth=0,
                   clip_on=False)
        ax.plot([mean / divisor] * 2, [i - 0.3, i + 0.3], color=style.VERMILION, linewidth=2.5)
        ax.text(1.02, i, style.percent(paying), transform=ax.get_yaxis_transform(), va="center")
    ax.text(1.02, len(rows) - 0.3, "pays in", transform=ax.get_yaxis_transform(), va="center", fontweight="bold")
    ax.set_yticks(range(len(rows)), [r[0] for r in rows])
    ax.set_ylim(-0.6, len(rows) - 0.1)
    ax.set_xlim(_range(rows, divisor))
    ax.set_xlabel(f"the unit's bill [{unit}]")
    ax.grid(axis="both")
    return f


def histogram(atoms, most=60):
    """(centre, width, probability, from, to) of bars; the values themselves where they are few."""
    if len(atoms.usd) <= most:
        return atoms.usd, None, atoms.probability, atoms.usd, atoms.usd
    edges = np.linspace(atoms.usd[0], atoms.usd[-1], most + 1)
    p, _ = np.histogram(atoms.usd, bins=edges, weights=atoms.probability)
    return (edges[:-1] + edges[1:]) / 2, edges[1] - edges[0], p, edges[:-1], edges[1:]


def bar_width(usd, width):
    if len(usd) == 1:
        return max(1.0, 0.1 * abs(usd[0]))
    gap, spread = np.diff(usd).min(), usd[-1] - usd[0]
    return width if width else max(min(0.8 * gap, spread / 20), spread / 150)


def gap_text(outcome):
    """What the order does to totals, and what mean bills are."""
    if outcome.method == "given":
        return ""
    whose = "Sets" if outcome.exact else "In the orders walked sets"
    if outcome.shapley:
        return f" {whose} of units cost the same whatever their order, so mean bills are Shapley values."
    gap = outcome.total.usd[-1] - outcome.total.usd[0]
    return (f" The dearest order costs {style.usd(gap)} more than the cheapest. {whose} of units cost up to {style.usd(outcome.order_gap)} more in one order than in "
            "another: mean bills are means over orders and no Shapley values.")


def totals(study):
    outcome = study.outcome
    total = outcome.total
    bars, money = money_bars(total, "total cost of an order")
    numbers = np.arange(len(outcome.triggers_probability))
    table = Table(["quantity", "from", "to", "probability"])
    table.rows = [["total cost [USD]", *row] for row in money]
    table.rows += [["units that trigger", int(k), int(k), float(q)] for k, q in zip(numbers, outcome.triggers_probability)]
    mean_triggers = float(numbers @ outcome.triggers_probability)
    if len(total.usd) == 1:
        caption = f"Every order ends with the same bill for all: {style.usd(total.usd[0])}. The order decides only who pays it, "
    else:
        caption = (f"All upgrades together cost {style.usd(total.mean())} on average, from {style.usd(total.usd[0])} to "
                   f"{style.usd(total.usd[-1])} (standard deviation {style.usd(total.sd())}); ")
    caption += f"and how many units have to build something: {mean_triggers:.1f} on average."
    caption += gap_text(outcome)
    panels = (bars,
              Bars("units that trigger upgrades", numbers, 0.7, outcome.triggers_probability,
                   [f"{k} triggers: {style.percent(q, 2)} of the orders" for k, q in zip(numbers, outcome.triggers_probability)], style.ORANGE))
    return Figure("totals", "What the whole queue costs", caption, table, bars_html(panels, "share of the orders [%]"), bars_png(panels, "share of the orders [%]"))


@dataclass
class Bars:
    """A panel of bars."""
    title: str         # of the x axis
    x: np.ndarray      # centres
    width: float
    p: np.ndarray      # heights
    text: list         # when pointed at
    colour: str

    def span(self):
        """Of the x axis, where a single bar does not tell; else None."""
        if len(self.x) > 1:
            return None
        return (0.5 * self.x[0], 1.5 * self.x[0]) if self.x[0] else (-1, 1)

    def counts(self):
        """Whether every x is a whole number, with a mark of its own."""
        return len(self.x) <= 16 and np.array_equal(self.x, np.arange(len(self.x)))


def money_bars(atoms, title, of=""):
    """(Bars, rows [from, to, probability] of a table); `of`: what the probability is a share of."""
    usd, width, p, low, high = histogram(atoms)
    divisor, unit = style.axis_unit(usd[-1])
    text = [style.usd(a) + (f" to {style.usd(b)}" if b > a else "") + f"<br>{style.percent(q, 2)}{of}" for a, b, q in zip(low, high, p)]
    return (Bars(f"{title} [{unit}]", usd / divisor, bar_width(usd, width) / divisor, p, text, style.BLUE),
            [[float(v) for v in row] for row in zip(low, high, p)])


def bars_html(panels, y_title):
    """Two panels side by side."""
    f = plotly_figure(360, xaxis=dict(domain=[0, 0.54]), xaxis2=dict(domain=[0.64, 1], anchor="y2"), yaxis2=dict(anchor="x2"))
    for axis, b in zip(("", "2"), panels):
        f.add_bar(x=b.x, y=100 * b.p, width=b.width, marker_color=b.colour, text=b.text, textposition="none", hovertemplate="%{text}<extra></extra>",
                  xaxis="x" + axis, yaxis="y" + axis)
    for i, b in enumerate(panels):
        f.update_xaxes(title=b.title, dtick=1 if b.counts() else None, range=b.span(), selector=i)
    f.update_yaxes(title=y_title, rangemode="tozero")
    return f


def bars_png(panels, y_title):
    f, axes = picture(340, 1, 2, width_ratios=[3, 2])
    for ax, b in zip(axes, panels):
        ax.bar(b.x, 100 * b.p, b.width, color=b.colour)
        ax.set(xlabel=b.title, ylabel=y_title, xlim=b.span())
        if b.counts():
            ax.set_xticks(b.x)
        ax.grid(axis="y")
    return f
