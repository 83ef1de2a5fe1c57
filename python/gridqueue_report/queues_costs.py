"""What queues cost, and why their units pay what they pay."""

import numpy as np

from . import style
from .costs import Bars, bars_html, bars_png, money_bars
from .figure import Figure, Omitted, Table, picture, plotly_figure
from .queues import pooled
from .variance import total_parts

PARTS = ("order in the queue", "place and size", "queue it is in")
COLOURS = (style.VERMILION, style.BLUE, style.GREY)
MOST_POINTS = 400  # of a curve
NOBODY = "Nobody pays in any of the queues."


def variance(queues):
    """Three parts of a unit's bill, two of a queue's total."""
    name, title = "variance", "Why units pay what they pay"
    if queues.count < 2:
        return Omitted(name, title, "One queue does not tell how queues differ; draw more (queue.random.queues).")
    parts, estimates = queues.unit_parts
    if not parts.sum() > 0:
        return Omitted(name, title, NOBODY)
    totals = total_parts(queues.moments())
    table = Table(["what of", "part", "variance [USD^2]", "share", "standard error", "95 % interval from", "to"])
    table.rows = [["a unit's bill", p, float(v), *map(float, e)] for p, v, e in zip(PARTS, parts, estimates)]
    share = totals / totals.sum() if totals.sum() > 0 else np.zeros(2)
    table.rows += [["a queue's total", p, float(v), float(s), np.nan, np.nan, np.nan] for p, v, s in zip((PARTS[0], PARTS[2]), totals, share)]
    sure = f" ± {style.percent(half_width(estimates[0]))}" if np.isfinite(estimates[0, 1]) else ""
    caption = (f"The variance of what a unit pays (standard deviation {style.usd(np.sqrt(parts.sum()))}), in three parts. "
               f"{style.percent(estimates[0, 0])}{sure} is the order of "
               f"the same queue: luck. {style.percent(estimates[1, 0])} is where the unit stands and how large it is, "
               f"{style.percent(estimates[2, 0])} which queue it is in.")
    caption += (f" Of the variance of a queue's total (standard deviation {style.usd(np.sqrt(totals.sum()))}) the order makes "
                f"{style.percent(share[0])}: what is built depends "
                "on who is in the queue; who pays, on the order.") if share[0] < 0.1 else \
        f" Of the variance of a queue's total the order makes {style.percent(share[0])}."
    rows = [("a unit's bill", estimates[:, 0], estimates[:, 2:], COLOURS), ("a queue's total", share, None, COLOURS[::2])]
    return Figure(name, title, caption, table, _variance_html(rows), _variance_png(rows))


def half_width(estimate):
    return float(estimate[3] - estimate[2]) / 2


def _variance_html(rows):
    f = plotly_figure(250, barmode="stack", showlegend=True, margin_t=60,
                      legend=dict(orientation="h", x=0, y=1, yanchor="bottom", xanchor="left", traceorder="normal"))
    for part, colour in zip(PARTS, COLOURS):
        for i, (what, share, interval, colours) in enumerate(rows):
            if colour not in colours:
                continue
            k = colours.index(colour)
            sure = "" if interval is None or np.isnan(interval[k][0]) else f"<br>95 % interval {style.percent(interval[k][0])} to {style.percent(interval[k][1])}"
            f.add_bar(y=[what], x=[100 * share[k]], orientation="h", name=part, legendgroup=part, showlegend=i == 0, marker_color=colour, width=0.6,
                      text=[style.percent(share[k], 0) if share[k] > 0.04 else ""], textposition="inside", insidetextanchor="middle",
                      textfont_color="white", textangle=0,
                      hovertemplate=f"<b>{part}</b><br>{style.percent(share[k], 2)} of the variance of {what}{sure}<extra></extra>")
    f.update_xaxes(title="share of the variance [%]", range=[0, 100])
    f.update_yaxes(autorange="reversed", showgrid=False)
    return f


def _variance_png(rows):
    f, ax = picture(210)
    for part, colour in zip(PARTS, COLOURS):
        for i, (what, share, _, colours) in enumerate(rows):
            if colour not in colours:
                continue
            k = colours.index(colour)
            left = 100 * float(np.sum(share[:k]))
            ax.barh(what, 100 * share[k], left=left, color=colour, height=0.6, label=part if i == 0 else None)
            if share[k] > 0.04:
                ax.text(left + 50 * share[k], i, style.percent(share[k], 0), color="white", ha="center", va="center")
    ax.set(xlabel="share of the variance [%]", xlim=(0, 100))
    ax.invert_yaxis()
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3)
    return f


def bills(queues):
    """How many units pay more than so much: in one order, on average over orders, as their queue's mean."""
    name, title = "bills", "How unevenly bills fall"
    means, weight = queues.unit["mean_usd"], queues.weights()
    if not means.max() > 0:
        return Omitted(name, title, NOBODY)
    levels = [("in one order", queues.bills()), ("mean over orders", pooled(means, weight)),
              ("mean of its queue", pooled(queues.per_queue(means) / queues.size, np.full(queues.count, 1 / queues.count)))]
    one = levels[0][1]
    table = Table(["bill", "from [USD]", "units that pay so much or more"])
    curves = []
    for (level, atoms), colour in zip(levels, COLOURS):
        usd, share = _exceeding(atoms)
        table.rows += [[level, float(u), float(s)] for u, s in zip(usd, share)]
        curves.append((level, usd, share, colour))
    paying = float(one.probability[one.usd > 0].sum())
    ever = float(weight[means > 0.5].sum())
    caption = (f"Share of the units of all queues that pay so much or more. In one order {style.percent(paying)} of the units pay anything, "
               f"{style.usd(one.mean() / paying)} on average, one "
               f"of them {style.usd(one.usd[-1])}. If everybody paid the mean over all orders of its queue, bills would be smaller and "
               f"{style.percent(ever)} of the units would pay; "
               "if the units of a queue shared alike, only the queue would make a difference.")
    return Figure(name, title, caption, table, _bills_html(curves), _bills_png(curves))


def _exceeding(atoms):
    """(usd, share at or above it) of what is paid at all; at most MOST_POINTS."""
    above = np.cumsum(atoms.probability[::-1])[::-1]
    usd, above = atoms.usd[atoms.usd > 0.5], above[atoms.usd > 0.5]
    if len(usd) > MOST_POINTS:
        some = np.unique(np.searchsorted(-above, -np.linspace(above[0], above[-1], MOST_POINTS)))
        usd, above = usd[some], above[some]
    return usd, above


def _bills_html(curves):
    f = plotly_figure(380, showlegend=True, margin_t=60, legend=dict(orientation="h", x=0, y=1, yanchor="bottom", xanchor="left"))
    for name, usd, share, colour in curves:
        f.add_scatter(x=usd, y=100 * share, mode="lines", line=dict(color=colour, width=2.5, shape="vh"), name=name,
                      text=[f"<b>{name}</b><br>{style.percent(s, 2)} of the units pay {style.usd(u)} or more" for u, s in zip(usd, share)],
                      hovertemplate="%{text}<extra></extra>")
    f.update_xaxes(title="bill [$]", type="log", dtick=1, tickformat=style.DOLLAR_TICKS)
    f.update_yaxes(title="units that pay so much or more [%]", rangemode="tozero")
    return f


def _bills_png(curves):
    f, ax = picture(350)
    for name, usd, share, colour in curves:
        ax.step(usd, 100 * share, where="pre", color=colour, linewidth=2, label=name)
    ax.set(xscale="log", xlabel="bill [$]", ylabel="units that pay so much or more [%]")
    style.dollar_ticks(ax.xaxis)
    ax.set_ylim(bottom=0)
    ax.grid()
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3)
    return f


def totals(queues):
    """Over the queues: the mean total of a queue's orders, and how many units trigger."""
    total = queues.total["total_mean_usd"]
    over = pooled(total, np.full(queues.count, 1 / queues.count))
    bars, money = money_bars(over, "mean total of a queue", " of the queues")
    triggers = queues.per_queue(queues.unit["trigger_probability"])
    t_edges = np.arange(0, np.floor(triggers.max() * 2) / 2 + 1, 0.5)
    t_share = np.histogram(triggers, bins=t_edges)[0] / queues.count
    never, always, sometimes = built(queues)
    table = Table(["quantity", "from", "to", "share of the queues"])
    table.rows = [["mean total of the orders [USD]", *row] for row in money]
    table.rows += [["units that trigger, mean over orders", float(a), float(b), float(q)] for a, b, q in zip(t_edges[:-1], t_edges[1:], t_share)]
    table.rows += [[f"builds lines in {what}", np.nan, np.nan, q] for what, q in (("no order", never), ("some orders", sometimes), ("every order", always))]
    caption = (f"A queue costs {style.usd(over.mean())} on average over its orders and over the queues (standard deviation between queues "
               f"{style.usd(over.sd())}); one in twenty costs "
               f"{style.usd(over.quantile(0.95))} or more. {style.percent(never, 0)} of the queues build nothing in any order, "
               f"{style.percent(always, 0)} build in every order, and in "
               f"{style.percent(sometimes, 0)} the order decides. {triggers.mean():.1f} units trigger on average.")
    panels = (bars,
              Bars("units that trigger, mean", (t_edges[:-1] + t_edges[1:]) / 2, 0.45, t_share,
                   [f"{a:g} to {b:g} units trigger<br>{style.percent(q, 2)} of the queues" for a, b, q in zip(t_edges[:-1], t_edges[1:], t_share)], style.ORANGE))
    return Figure("totals", "What a queue costs", caption, table, bars_html(panels, "share of the queues [%]"), bars_png(panels, "share of the queues [%]"))


def built(queues):
    """Shares of the queues that build lines in no order, in every order, in some."""
    never, always = float(np.mean(queues.builds <= 1e-9)), float(np.mean(queues.builds >= 1 - 1e-9))
    return never, always, max(0.0, 1 - never - always)


def spread(queues):
    """Queues side by side, the cheapest first: mean total and its range over orders."""
    order = np.argsort(queues.total["total_mean_usd"], kind="stable")
    mean, low, high = (queues.total[f"total_{n}_usd"][order] for n in ("mean", "min", "max"))
    table = Table(["queue", "mean total [USD]", "standard deviation over orders [USD]", "smallest [USD]", "largest [USD]", "builds lines in share of the orders"])
    table.rows = [[int(k), *(float(queues.total[f"total_{n}_usd"][k]) for n in ("mean", "sd", "min", "max")), float(queues.builds[k])] for k in order]
    same = float(np.mean(high - low < 0.5))
    which = order[int(np.argmax(high - low))]
    caption = ("Every queue is a place on the horizontal axis, the cheapest first; the line is the mean total over its orders, the band runs from "
               "the smallest to the largest. "
               f"In {style.percent(same, 0)} of the queues the total is the same in every order; the order then only decides who pays.")
    caption += f" In {style.percent(float(np.mean(queues.total['order_gap_usd'] == 0)), 0)} sets of units cost the same whatever their order: there mean bills are Shapley values."
    if same < 1:
        caption += f" Widest is queue {which}: {style.usd(queues.total['total_min_usd'][which])} to {style.usd(queues.total['total_max_usd'][which])}."
    x = 100 * (np.arange(queues.count) + 0.5) / queues.count
    curves = (x, order, mean, low, high)
    return Figure("spread", "Queue beside queue", caption, table, _spread_html(*_thinned(curves)), _spread_png(*curves))


def _thinned(curves, most=2000):
    some = np.unique(np.linspace(0, len(curves[0]) - 1, most).astype(int))
    return [c[some] for c in curves]


def _spread_html(x, queue, mean, low, high):
    divisor, unit = style.axis_unit(high.max())
    f = plotly_figure(340)
    f.add_scatter(x=np.concatenate([x, x[::-1]]), y=np.concatenate([high, low[::-1]]) / divisor, fill="toself",
                  fillcolor="rgba(86,180,233,0.45)", line_width=0, hoverinfo="skip")
    f.add_scatter(x=x, y=mean / divisor, mode="lines+markers", line=dict(color=style.BLUE, width=2), marker_size=4 if len(x) <= 300 else 2,
                  text=[f"<b>queue {k}</b><br>mean total {style.usd(m)}<br>from {style.usd(a)} to {style.usd(b)}" for k, m, a, b in zip(queue, mean, low, high)],
                  hovertemplate="%{text}<extra></extra>")
    f.update_xaxes(title="queues, the cheapest first [%]", range=[0, 100])
    f.update_yaxes(title=f"total cost [{unit}]", rangemode="tozero")
    return f


def _spread_png(x, _, mean, low, high):
    divisor, unit = style.axis_unit(high.max())
    f, ax = picture(320)
    ax.fill_between(x, low / divisor, high / divisor, color=style.SKY, alpha=0.45, linewidth=0)
    ax.plot(x, mean / divisor, color=style.BLUE)
    ax.set(xlabel="queues, the cheapest first [%]", ylabel=f"total cost [{unit}]", xlim=(0, 100))
    ax.set_ylim(bottom=0)
    ax.grid()
    return f
