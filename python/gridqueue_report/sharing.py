"""Who should pay: the sharing rules side by side (`gridqueue allocate`)."""

from dataclasses import dataclass

import numpy as np

from . import style
from .damage import array, damaged
from .figure import Figure, Omitted, Table, picture, plotly_figure
from .results import texts

NAME, TITLE = "sharing", "Who should pay"
ROW = 50  # [px] height of a unit's row
MEANS = {"shapley": "the Shapley value", "mean-over-orders": "the mean over orders"}  # the same rule: the second where the order changes a total
LOOKS = {**{name: (style.BLUE, "circle", "o") for name in MEANS}, "pro-rata-kw": (style.ORANGE, "square", "s"), "delta-hosting-capacity": (style.GREEN, "diamond", "D"),
         "constraint-matrix": (style.VERMILION, "triangle-up", "^"), "trigger": (style.BLUE, "circle", "o")}
NOT_SHARED = Omitted(NAME, TITLE, "This file does not say by which rule the costs should be shared. `gridqueue allocate` on it works it out.")


@dataclass
class Sharing:
    """What `gridqueue allocate` wrote, queue by queue."""
    rules: list           # [rule] names
    usd: np.ndarray       # [queue, rule, unit], NaN where the rule has no answer
    missing: list         # [queue][rule] why it has none
    distance: np.ndarray  # [queue, rule] part of the bill that would have to change hands, from the mean over orders; NaN also where nothing is to be paid

    def of(self, queue):
        """The same of one queue, without the first dimension."""
        return Sharing(self.rules, self.usd[queue], self.missing[queue], self.distance[queue])


def mean_name(rules):
    """What the mean over orders is called, from the names of the rules in a file."""
    return next((MEANS[n] for n in rules if n in MEANS), MEANS["mean-over-orders"])


def read_sharing(file, queues, most_units):
    """None where the file was not shared out."""
    if "allocation" not in file:
        return None
    rules, missing = texts(file["allocation/rule_name"]), [texts(row) for row in file["allocation/missing"][:]]
    if not LOOKS.keys() >= set(rules) or len(missing) != queues or any(len(row) != len(rules) for row in missing):
        raise damaged(file, "'allocation' has no rules, or other queues")
    usd = array(file, "allocation/share_usd", queues, len(rules), most_units, missing=True)
    return Sharing(rules, usd, missing, array(file, "allocation/distance_from_shapley", queues, len(rules), missing=True))


def who_should_pay(study):
    if study.sharing is None:
        return NOT_SHARED
    s, queue = study.sharing.of(0), study.queue
    low, high = (study.outcome.of_unit[n] for n in ("min_usd", "max_usd"))
    table = Table(["unit", "bus", "power [kW]"] + [f"{r} [USD]" for r in s.rules] + [f"{r} [USD/kW]" for r in s.rules] +
                  ["smallest bill [USD]", "largest bill [USD]"])
    for u in range(queue.size):
        usd = s.usd[:, u]
        table.rows.append([u, queue.bus[u], float(queue.kw[u]), *map(float, usd), *map(float, usd / queue.kw[u]), float(low[u]), float(high[u])])
    shown = [r for r, name in enumerate(s.rules) if not s.missing[r] and not (name == "trigger" and not MEANS.keys().isdisjoint(s.rules))]
    if not shown:
        return Omitted(NAME, TITLE, "No rule has an answer: " + "; ".join(f"{n}: {m}" for n, m in zip(s.rules, s.missing) if m))
    order = np.argsort(s.usd[shown[0]], kind="stable")  # the largest share on top
    names = [f"{label}, {kw:,.0f} kW" for label, kw in zip(queue.labels(), queue.kw)]
    drawing = Drawing([names[u] for u in order], [(s.rules[r], s.usd[r][order]) for r in shown], low[order], high[order])
    return Figure(NAME, TITLE, caption(s), table, drawing.html(), drawing.png())


def caption(s):
    text = ("Every mark of one kind adds up to the same total, the mean over orders. The grey bar runs from the smallest to the largest bill that the "
            f"order of the queue may bring; {mean_name(s.rules)} is the mean of these bills.")
    far = [(d, n) for d, n in zip(s.distance, s.rules) if n != "trigger" and n not in MEANS and not np.isnan(d)]
    if far:
        text += (f" Closest to it is {min(far)[1]}: {style.percent(min(far)[0], 0)} of the bill would have to change hands"
                 + (f" (with {max(far)[1]} {style.percent(max(far)[0], 0)}" if len(far) > 1 else ""))
        luck = dict(zip(s.rules, s.distance)).get("trigger", np.nan)
        tail = f"; after one order, on average, {style.percent(luck, 0)}" if not np.isnan(luck) else ""
        text += (f"{tail})" if len(far) > 1 else tail) + "."
    if (s.usd < -0.5).any():
        text += " A negative share means that the unit is paid."
    for name, why in zip(s.rules, s.missing):
        if why:
            text += f" {name} has no answer: {why}."
    return text


class Drawing:
    """A row per unit, a mark per rule."""

    def __init__(self, names, rules, low, high):
        self.names, self.rules, self.low, self.high = names, rules, low, high
        most = max(float(np.max(high)), *(float(np.max(usd)) for _, usd in rules))
        least = min(0.0, *(float(np.min(usd)) for _, usd in rules))
        self.divisor, self.unit = style.axis_unit(most)
        room = 0.04 * max(most - least, 1.0)
        self.range = [(least - room) / self.divisor, (most + room) / self.divisor]

    def at(self, r):
        """Marks of different rules stand a little above each other."""
        return np.arange(len(self.names)) + 0.16 * ((len(self.rules) - 1) / 2 - r)

    def html(self):
        f = plotly_figure(150 + ROW * len(self.names), showlegend=True, margin_t=60,
                          legend=dict(orientation="h", x=0, y=1, yanchor="bottom", xanchor="left"))
        for i, (low, high) in enumerate(zip(self.low / self.divisor, self.high / self.divisor)):
            f.add_scatter(x=[low, high], y=[i, i], mode="lines", line=dict(color=style.LIGHT, width=14), showlegend=False, hoverinfo="skip")
        for r, (rule, usd) in enumerate(self.rules):
            colour, symbol, _ = LOOKS[rule]
            f.add_scatter(x=usd / self.divisor, y=self.at(r), mode="markers", name=rule, marker=dict(color=colour, symbol=symbol, size=11),
                          text=[f"<b>{n}</b><br>{rule}: {style.usd(v)}" for n, v in zip(self.names, usd)], hovertemplate="%{text}<extra></extra>")
        f.update_xaxes(title=f"share of the cost [{self.unit}]", range=self.range)
        f.update_yaxes(tickvals=np.arange(len(self.names)), ticktext=self.names, range=[-0.6, len(self.names) - 0.4])
        return f

    def png(self):
        f, ax = picture(120 + 42 * len(self.names))
        ax.hlines(np.arange(len(self.names)), self.low / self.divisor, self.high / self.divisor, color=style.LIGHT, linewidth=9, zorder=1,
                  label="bills over orders")
        for r, (rule, usd) in enumerate(self.rules):
            colour, _, marker = LOOKS[rule]
            ax.scatter(usd / self.divisor, self.at(r), s=48, color=colour, marker=marker, label=rule, zorder=3)
        ax.set_yticks(range(len(self.names)), self.names)
        ax.set_ylim(-0.6, len(self.names) - 0.4)
        ax.set_xlim(self.range)
        ax.set_xlabel(f"share of the cost [{self.unit}]")
        ax.grid(axis="x")
        ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
        return f
