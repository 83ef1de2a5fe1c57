"""A figure of the report: its numbers as a table, an interactive drawing and a picture of the same table."""

import csv
import io
from dataclasses import dataclass, field

import numpy as np

from . import style


@dataclass
class Table:
    columns: list  # names, with units in brackets
    rows: list = field(default_factory=list)

    def csv(self):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([["" if isinstance(v, float) and np.isnan(v) else _plain(v) for v in row] for row in self.rows])
        return out.getvalue()


def _plain(value):
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.10g}"
    return int(value) if isinstance(value, np.integer) else value


@dataclass
class Figure:
    name: str         # of its files
    title: str
    caption: str      # plain text
    table: Table
    interactive: object  # plotly Figure
    picture: object      # matplotlib Figure


@dataclass
class Omitted:
    """A figure that this file has no numbers for, and the reason."""
    name: str
    title: str
    reason: str


def plotly_figure(height, **layout):
    import plotly.graph_objects as go
    figure = go.Figure()
    base = dict(height=height, template="plotly_white", font=dict(family=style.FONT, size=13, color=style.INK),
                margin=dict(l=20, r=20, t=44, b=20), hoverlabel=dict(font=dict(family=style.FONT)), showlegend=False)
    figure.update_layout(**(base | layout))
    figure.update_xaxes(automargin=True, title_standoff=10, linecolor=style.LIGHT, gridcolor="#eef1f4", zeroline=False)
    figure.update_yaxes(automargin=True, title_standoff=10, linecolor=style.LIGHT, gridcolor="#eef1f4", zeroline=False)
    return figure


def picture(height, rows=1, columns=1, width=style.WIDTH, **options):
    """(figure, axes) of `height` pixels."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib.figure import Figure as Canvas
    matplotlib.rcParams.update({"font.family": "DejaVu Sans", "font.size": 9, "axes.edgecolor": style.LIGHT,
                                "axes.labelcolor": style.INK, "text.color": style.INK, "xtick.color": style.INK,
                                "ytick.color": style.INK, "axes.spines.top": False, "axes.spines.right": False,
                                "axes.axisbelow": True, "grid.color": "#eef1f4"})
    figure = Canvas(figsize=(width / 100, height / 100), dpi=100, layout="constrained")
    return figure, figure.subplots(rows, columns, **options)
