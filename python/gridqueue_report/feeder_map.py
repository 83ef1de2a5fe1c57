"""The feeder with the lines it upgrades and the units that trigger them."""

from dataclasses import dataclass

import numpy as np

from . import style
from .drawing import Canvas, along_lines, coordinates, place_labels
from .figure import Figure, Table, picture, plotly_figure

NAME, TITLE = "feeder", "Where the feeder is upgraded, and by whom"
HEIGHT, NARROWEST = 480, 720  # [px] of the drawing; labels are clear of each other from this width up
CLASSES = 10                  # of upgrade probability


def feeder_map(study):
    p, lines = study.outcome.line_probability, upgradable(study.feeder)
    always, ever = int((p > 1 - 1e-9).sum()), int((p > 0).sum())
    touched = f"the same {ever} of {lines} in every order" if ever == always else f"{ever} of {lines} lines in some order, {always} of them in every order"
    caption = (f"Lines in orange to brown are upgraded, the darker the more often: {touched}. Circles are the queue's units, their area the power, their blue the share of the orders in which the "
               f"unit is the one that breaks a limit and has to pay.")
    return draw(study.feeder, p, _marks(study), caption)


def draw(feeder, line_probability, marks, caption):
    x, y, drawn = coordinates(feeder)
    scene = Scene(feeder, x, y, line_probability, marks)
    if not drawn:
        caption += " The feeder's file has no drawing of it; shown is its tree, the source on the left."
    return Figure(NAME, TITLE, caption, line_table(feeder, line_probability), html(scene), png(scene))


def upgradable(feeder):
    """Number of lines."""
    return int(np.isfinite(feeder.upgrade_usd[1:]).sum())


def line_table(feeder, p):
    table = Table(["line", "from bus", "to bus", "cost of its upgrade [USD]", "upgraded in share of the orders"])
    table.rows = [[feeder.element[b], feeder.bus[feeder.parent[b]], feeder.bus[b], float(feeder.upgrade_usd[b]), float(p[b])]
                  for b in range(1, len(p)) if not np.isnan(feeder.upgrade_usd[b])]
    return table


@dataclass
class Marks:
    """Circles at buses."""
    bus: list            # names
    kw: np.ndarray       # what the areas stand for
    share: np.ndarray    # colour: triggers in so many of the orders
    text: list           # when pointed at
    named: list          # names of the buses that get a label

    def diameters(self):
        """[px]; smaller where there are many."""
        least, more = (12, 22) if len(self.bus) <= 25 else (7, 9)
        return least + more * np.sqrt(self.kw / self.kw.max())


def _marks(study):
    o, queue = study.outcome, study.queue
    trigger = o.of_unit["trigger_probability"]
    text = [f"<b>{label}</b>, {kw:,.0f} kW<br>triggers in {style.percent(p, 2)} of the orders<br>mean bill {style.usd(a.mean())}"
            for label, kw, p, a in zip(queue.labels(), queue.kw, trigger, o.unit)]
    return Marks(queue.at, queue.kw, trigger, text, queue.at)


class Scene:
    """What both drawings show."""

    def __init__(self, feeder, x, y, line_probability, marks):
        self.feeder, self.marks, self.line_probability = feeder, marks, line_probability
        self.x, self.y = x, y
        self.canvas = Canvas(x, y, NARROWEST, HEIGHT)
        rows = [feeder.bus.index(b) for b in marks.bus]
        self.rows = np.array(rows)
        self.size = marks.diameters()
        texts = {row: b for row, b in zip(rows, marks.bus) if b in marks.named}
        texts.setdefault(0, "source")
        self.label_rows = list(texts)
        self.labels = [texts[b] for b in self.label_rows]
        px, py = self.canvas.pixels(x, y)
        radius = dict(zip(rows, self.size / 2))
        anchors = [(px[b], py[b], t, radius.get(b, 7)) for b, t in zip(self.label_rows, self.labels)]
        self.offsets = place_labels(self.canvas, anchors, along_lines(x, y, self.feeder.parent, self.canvas))

    def classes(self):
        """Lines by upgrade probability, the never upgraded first: [(probability, buses)]."""
        p = self.line_probability
        level = np.ceil(p * CLASSES - 1e-9).astype(int)
        for k in range(CLASSES + 1):
            buses = [b for b in range(1, len(p)) if level[b] == k]
            if buses:
                yield k / CLASSES, buses

    def path(self, buses):
        """x, y of lines one after the other, with gaps."""
        a = self.feeder.parent[buses]
        gap = np.full(len(buses), np.nan)
        return np.stack([self.x[a], self.x[buses], gap], 1).ravel(), np.stack([self.y[a], self.y[buses], gap], 1).ravel()

    def stroke(self, probability):
        if probability == 0:
            return "#b8c1ca", 1.5
        return style.mix(style.ORANGES, probability), 3 + 4 * probability

    def line_text(self, b):
        f = self.feeder
        cost = "" if np.isnan(f.upgrade_usd[b]) else f"<br>upgrade {style.usd(f.upgrade_usd[b])}"
        return f"<b>{f.element[b]}</b> to {f.bus[b]}{cost}<br>upgraded in {style.percent(self.line_probability[b], 2)} of the orders"


def html(s):
    f = plotly_figure(HEIGHT + 90, xaxis=dict(visible=False, range=s.canvas.x_range), yaxis=dict(visible=False, range=s.canvas.y_range),
                      margin=dict(l=10, r=10, t=70, b=10), hovermode="closest")
    for probability, buses in s.classes():
        colour, width = s.stroke(probability)
        px, py = s.path(np.array(buses))
        f.add_scatter(x=px, y=py, mode="lines", line=dict(color=colour, width=width), hoverinfo="skip")
    lines = np.array([b for b in range(1, len(s.x)) if s.feeder.element[b]])
    f.add_scatter(x=(s.x[lines] + s.x[s.feeder.parent[lines]]) / 2, y=(s.y[lines] + s.y[s.feeder.parent[lines]]) / 2, mode="markers",
                  text=[s.line_text(b) for b in lines], hovertemplate="%{text}<extra></extra>",
                  marker=dict(size=9, opacity=0, color=100 * s.line_probability[lines], cmin=0, cmax=100,
                              colorscale=style.scale(style.ORANGES), colorbar=_bar("line upgraded [% of the orders]", 0.26)))
    f.add_scatter(x=[s.x[0]], y=[s.y[0]], mode="markers", hovertemplate="source<extra></extra>",
                  marker=dict(symbol="square", size=13, color=style.INK))
    f.add_scatter(x=s.x[s.rows], y=s.y[s.rows], mode="markers", text=s.marks.text,
                  hovertemplate="%{text}<extra></extra>", cliponaxis=False,
                  marker=dict(size=s.size, color=100 * s.marks.share, cmin=0, cmax=100, opacity=1,
                              colorscale=style.scale(style.BLUES), line=dict(width=1.5, color=style.INK),
                              colorbar=_bar("unit triggers [% of the orders]", 0.76)))
    for b, text, (dx, dy) in zip(s.label_rows, s.labels, s.offsets):
        f.add_annotation(x=s.x[b], y=s.y[b], text=f"<b>{text}</b>", ax=dx, ay=dy, showarrow=True, arrowhead=0, arrowwidth=1,
                         arrowcolor=style.GREY, bgcolor="rgba(255,255,255,0.8)", borderpad=1, font_size=12, standoff=8)
    return f


def _bar(title, x):
    return dict(orientation="h", x=x, y=1.0, yanchor="bottom", len=0.42, thickness=10, outlinewidth=0, title=dict(text=title, side="top"),
                tickvals=[0, 25, 50, 75, 100], tickfont_size=11)


def png(s):
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    f, ax = picture(HEIGHT + 90)
    for probability, buses in s.classes():
        colour, width = s.stroke(probability)
        ax.plot(*s.path(np.array(buses)), color=colour, linewidth=0.8 * width, solid_capstyle="round")
    ax.scatter(s.x[0], s.y[0], marker="s", s=80, color=style.INK, zorder=3)
    ax.scatter(s.x[s.rows], s.y[s.rows], s=(0.72 * s.size) ** 2, c=100 * s.marks.share, vmin=0, vmax=100,
               cmap=style.colormap(style.BLUES), edgecolor=style.INK, zorder=4)
    for b, text, (dx, dy) in zip(s.label_rows, s.labels, s.offsets):
        ax.annotate(text, (s.x[b], s.y[b]), xytext=(0.72 * dx, -0.72 * dy), textcoords="offset points", ha="center", va="center",
                    fontweight="bold", fontsize=8.5, zorder=5, bbox=dict(boxstyle="round,pad=0.1", color="white", alpha=0.8),
                    arrowprops=dict(arrowstyle="-", color=style.GREY, linewidth=0.8))
    ax.set(xlim=s.canvas.x_range, ylim=s.canvas.y_range)
    ax.axis("off")
    for place, colours, label in ((0.06, style.ORANGES, "line upgraded [% of the orders]"), (0.56, style.BLUES, "unit triggers [% of the orders]")):
        bar = ax.inset_axes([place, 1.03, 0.4, 0.02])
        f.colorbar(ScalarMappable(Normalize(0, 100), style.colormap(colours)), cax=bar, orientation="horizontal")
        bar.set_title(label, fontsize=9)
    return f
