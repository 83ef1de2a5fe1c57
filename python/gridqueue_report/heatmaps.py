"""Cost by place in the queue, cost given who came before, and the bills of a few given orders."""

import numpy as np

from . import style
from .figure import Figure, Table, picture, plotly_figure

MOST_NUMBERS = 12  # rows and columns up to which the cells show their numbers
MOST_IN_FULL = 8   # columns up to which a cell has room for 3,622,080 $


def by_position(study):
    queue, mean = study.queue, study.outcome.mean_by_position
    positions = [str(p + 1) for p in range(queue.size)]
    table = Table(["unit", "bus"] + [f"mean cost at position {p} [USD]" for p in positions])
    table.rows = [[u, queue.bus[u], *map(float, mean[u])] for u in range(queue.size)]
    most = int(np.nanargmax(np.nanmax(mean, axis=1) - np.nanmin(mean, axis=1)))
    low, high = int(np.nanargmin(mean[most])), int(np.nanargmax(mean[most]))
    caption = (f"Mean bill of a unit, given its place in the queue (1 = first to be studied); blank: nothing to pay. {queue.labels()[most]} pays "
               f"{style.usd(mean[most][low])} on average at place {low + 1} and {style.usd(mean[most][high])} at place {high + 1}.")
    if np.isnan(mean).any():
        caption += " Grey: no order has the unit there."
    cells = Cells(mean, None, queue.labels(), positions, "place in the queue", "mean bill", style.BLUES, (0, None))
    return Figure("cost_by_position", "What a place in the queue is worth", caption, table, cells.html(), cells.png())


def pairwise(study):
    """E[cost of i | j before i]; the colour compares it with the row's average over j."""
    queue, outcome = study.queue, study.outcome
    means = outcome.of_unit["mean_usd"]
    with np.errstate(invalid="ignore", divide="ignore"):
        usual = np.nansum(outcome.mean_after, axis=1) / np.maximum(1, np.isfinite(outcome.mean_after).sum(axis=1))
        change = np.clip(100 * (outcome.mean_after / usual[:, None] - 1), -100, 100)
    change[usual == 0] = np.where(np.isnan(outcome.mean_after[usual == 0]), np.nan, 0)
    table = Table(["unit", "bus", "mean cost [USD]"] + [f"mean cost after {b} [USD]" for b in queue.labels()])
    table.rows = [[u, queue.bus[u], float(means[u]), *map(float, outcome.mean_after[u])] for u in range(queue.size)]
    gain = np.nan_to_num(outcome.mean_after - means[:, None])
    i, j = np.unravel_index(np.argmax(gain), gain.shape)
    names = queue.labels()
    caption = (f"Row: who pays. Column: who came before. The number is the mean bill over the orders in which the column's unit is "
               f"ahead; the colour says how far that is above (orange) or below (blue) the row's average: who it is that makes the row dear. Dearest "
               f"predecessor: {names[j]} ahead of {names[i]} lifts its bill from {style.usd(means[i])} to "
               f"{style.usd(outcome.mean_after[i, j])}.")
    cells = Cells(outcome.mean_after, change, names, names, "came before", "mean bill", style.DIVERGING, (-100, 100))
    return Figure("pairwise", "Who came before", caption, table, cells.html(), cells.png())


def given_orders(study):
    """Bills of orders that the study names; None for random or many orders."""
    outcome, queue = study.outcome, study.queue
    if outcome.given is None:
        return None
    every = list(zip(*outcome.given))
    names, rows = queue.labels(), [f"order {k}" for k in range(len(every))]
    table = Table(["order", "sequence"] + [f"{n} pays [USD]" for n in names] + ["total [USD]"])
    for k, (costs, units) in enumerate(every):
        table.rows.append([k, " ".join(names[u] for u in units), *map(float, costs), float(costs.sum())])
    cells = Cells(outcome.given[0], None, rows, names, "unit", "bill", style.BLUES, (0, None))
    caption = "What every unit pays in each of the orders that the study names. Blank means that it pays nothing."
    return Figure("orders", "The orders one by one", caption, table, cells.html(), cells.png())


class Cells:
    """A heatmap of money with its numbers in the cells."""

    def __init__(self, usd, colour, rows, columns, x_title, what, colours, limits):
        self.usd, self.rows, self.columns, self.x_title, self.what = usd, rows, columns, x_title, what
        self.relative = colour is not None
        self.ground = style.EMPTY if np.isnan(usd).any() else "white"
        self.divisor, self.unit = style.axis_unit(np.nanmax(usd, initial=0))
        self.colour = colour if self.relative else usd / self.divisor
        self.colours = colours
        self.low, self.high = limits[0], limits[1] or max(float(np.nanmax(self.colour, initial=0)), 1e-9)
        words = style.usd if len(columns) <= MOST_IN_FULL else style.short_usd
        self.text = [[cell(v, self.relative, words) for v in row] for row in usd] if max(usd.shape) <= MOST_NUMBERS else None
        self.bar = "against the row's average [%]" if self.relative else f"{what} [{self.unit}]"
        self.height = 130 + (40 if self.text else 24) * len(rows)

    def html(self):
        f = plotly_figure(self.height)
        hover = [[f"<b>{r}</b>, {self.x_title}: {c}<br>{self.what} {style.usd(v)}" for c, v in zip(self.columns, row)]
                 for r, row in zip(self.rows, self.usd)]
        f.add_heatmap(z=self.colour, zmin=self.low, zmax=self.high, colorscale=style.scale(self.colours), xgap=2, ygap=2,
                      text=self.text, texttemplate="%{text}" if self.text else None, customdata=hover,
                      hovertemplate="%{customdata}<extra></extra>", hoverongaps=False,
                      colorbar=dict(title=dict(text=self.bar, side="right"), thickness=12, outlinewidth=0, nticks=6))
        f.update_layout(plot_bgcolor=self.ground)
        crowded = max(map(len, self.columns)) * len(self.columns) > 75
        f.update_xaxes(title=self.x_title, tickvals=list(range(len(self.columns))), ticktext=self.columns, showgrid=False,
                       tickangle=-40 if crowded else 0)
        f.update_yaxes(tickvals=list(range(len(self.rows))), ticktext=self.rows, autorange="reversed", showgrid=False)
        return f

    def png(self):
        f, ax = picture(self.height)
        ax.set_facecolor(self.ground)
        drawn = ax.imshow(np.ma.masked_invalid(self.colour), cmap=style.colormap(self.colours), vmin=self.low, vmax=self.high,
                          aspect="auto")
        for i, row in enumerate(self.text or []):
            for j, text in enumerate(row):
                dark = sum(drawn.cmap(drawn.norm(self.colour[i][j]))[:3]) < 1.5 if text else False
                ax.text(j, i, text, ha="center", va="center", fontsize=8, color="white" if dark else style.INK)
        crowded = max(map(len, self.columns)) * len(self.columns) > 75
        ax.set_xticks(range(len(self.columns)), self.columns, rotation=40 if crowded else 0, ha="right" if crowded else "center")
        ax.set_yticks(range(len(self.rows)), self.rows)
        ax.set_xlabel(self.x_title)
        ax.tick_params(length=0)
        f.colorbar(drawn, ax=ax, label=self.bar, fraction=0.03)
        return f


def cell(v, zeros, words):
    """Zeros are left out where blank means nothing to pay."""
    return "" if np.isnan(v) or (abs(v) < 0.5 and not zeros) else words(v)
