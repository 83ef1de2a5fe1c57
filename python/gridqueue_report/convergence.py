"""How well the sample knows the means."""

import numpy as np

from . import style
from .figure import Figure, Omitted, Table, picture, plotly_figure

NAME, TITLE = "convergence", "How sure the means are"
MOST_PANELS, COLUMNS = 12, 4


def convergence(study):
    outcome, queue = study.outcome, study.queue
    if outcome.exact:
        return Omitted(NAME, TITLE, f"Nothing here is sampled: the numbers hold over all {style.count(outcome.orders)} orders exactly.")
    if outcome.method == "given":
        return Omitted(NAME, TITLE, "The orders were given by the study, not drawn, so the means say nothing about other orders.")
    if outcome.convergence is None:
        return Omitted(NAME, TITLE, f"{style.count(outcome.orders)} orders are too few to show how the means settle.")
    c = outcome.convergence
    labels = queue.labels()
    table = Table(["orders"] + [f"{n} {w} [USD]" for n in labels for w in ("mean", "95 % half width")])
    table.rows = [[int(n), *(float(v) for pair in zip(m, h) for v in pair)] for n, m, h in zip(c.orders, c.mean, c.half_width)]
    units = np.argsort(-outcome.of_unit["mean_usd"], kind="stable")[:MOST_PANELS]
    widest = int(np.argmax(c.half_width[-1]))
    caption = (f"Mean bill after the first {c.orders[0]} to {style.count(c.orders[-1])} orders (line) and its 95 % interval (band). In the end the "
               f"widest interval is that of {labels[widest]}: {style.usd(c.mean[-1, widest])} ± {style.usd(c.half_width[-1, widest])}. "
               f"Four times the orders halve it.")
    if len(units) < queue.size:
        caption += f" Shown are the {len(units)} units with the largest means; the table has all."
    panels = [(labels[u], c.mean[:, u], c.half_width[:, u]) for u in units]
    return Figure(NAME, TITLE, caption, table, _html(c.orders, panels), _png(c.orders, panels))


def _limits(mean, half):
    """The interval is wide at first: the panel shows what is within three times the last quarter's band."""
    spread = 3 * max(half[len(half) // 3], 1e-9)
    return max(0.0, mean[-1] - spread), mean[-1] + spread


def _html(orders, panels):
    from plotly.subplots import make_subplots
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    grid = make_subplots(rows, columns, subplot_titles=[p[0] for p in panels], horizontal_spacing=0.08, vertical_spacing=0.28 / rows)
    f = plotly_figure(80 + 190 * rows)
    grid.update_layout({k: v for k, v in f.layout.to_plotly_json().items() if k not in ("xaxis", "yaxis")})
    grid.update_layout(margin_t=40)
    for i, (_, mean, half) in enumerate(panels):
        divisor, unit = style.axis_unit(mean[-1])
        at = dict(row=i // columns + 1, col=i % columns + 1)
        grid.add_scatter(x=np.concatenate([orders, orders[::-1]]), y=np.concatenate([mean + half, (mean - half)[::-1]]) / divisor,
                         fill="toself", fillcolor="rgba(86,180,233,0.35)", line_width=0, hoverinfo="skip", **at)
        grid.add_scatter(x=orders, y=mean / divisor, customdata=half / divisor, line=dict(color=style.BLUE, width=2),
                         hovertemplate="%{x:,} orders<br>%{y:.4g} ± %{customdata:.3g} " + unit + "<extra></extra>", **at)
        grid.update_yaxes(range=[v / divisor for v in _limits(mean, half)], title=unit, title_standoff=4, title_font_size=11, **at)
    grid.update_xaxes(type="log", dtick=1, exponentformat="power", tickfont_size=11, ticklabelstandoff=6)
    grid.update_yaxes(tickfont_size=11, nticks=4)
    grid.update_annotations(font_size=13)
    for column in range(columns):
        grid.update_xaxes(title="orders", title_font_size=11, title_standoff=4,
                          row=rows if (rows - 1) * columns + column < len(panels) else rows - 1, col=column + 1)
    return grid


def _png(orders, panels):
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    f, axes = picture(60 + 185 * rows, rows, columns, squeeze=False)
    for ax in axes.flat[len(panels):]:
        ax.set_visible(False)
    for ax, (name, mean, half) in zip(axes.flat, panels):
        divisor, unit = style.axis_unit(mean[-1])
        ax.fill_between(orders, (mean - half) / divisor, (mean + half) / divisor, color=style.SKY, alpha=0.4, linewidth=0)
        ax.plot(orders, mean / divisor, color=style.BLUE)
        ax.set(xscale="log", title=name, ylabel=unit, ylim=[v / divisor for v in _limits(mean, half)], xlabel="orders")
        ax.grid()
    return f
