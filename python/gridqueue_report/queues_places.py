"""Where on the feeder units of random queues pay, and how sure a unit can be of its bill."""

import numpy as np

from . import feeder_map, style
from .costs import bill_rows, bills_html, bills_png, classes_text
from .figure import Figure, Omitted, Table, picture, plotly_figure
from .queues_costs import NOBODY

MOST_BUSES, MOST_NAMED, MOST_UNITS = 20, 12, 3000  # in a figure


def bus_table(queues):
    """One row per bus that a unit was drawn at: means over these units, and over their orders."""
    u = queues.unit
    table = Table(["bus", "units", "mean power [kW]", "triggers in share of the orders", "rejected in share of the orders",
                   "pays in share of the orders", "mean bill [USD]",
                   "standard deviation over orders [USD]", "mean per kW [USD/kW]"])
    pays = queues.pays()
    for b in np.unique(queues.bus):
        at = queues.bus == b
        mean = {k: float(u[k][at].mean()) for k in ("kw", "trigger_probability", "reject_probability", "mean_usd")}
        table.rows.append([queues.feeder.bus[b], int(at.sum()), mean["kw"], mean["trigger_probability"], mean["reject_probability"],
                           float(pays[at].mean()), mean["mean_usd"],
                           float(np.sqrt((u["sd_usd"][at] ** 2).mean())), mean["mean_usd"] / mean["kw"]])
    return table


def feeder(queues, buses):
    """`buses`: bus_table()."""
    f = queues.feeder
    rows = buses.rows
    text = [f"<b>{r[0]}</b>, {r[1]:,} units of {r[2]:,.0f} kW on average<br>trigger in {style.percent(r[3], 2)} of the orders"
            f"<br>mean bill {style.usd(r[6])}" for r in rows]
    dearest = [r[0] for r in sorted(rows, key=lambda r: -r[6])[:MOST_NAMED]]
    marks = feeder_map.Marks([r[0] for r in rows], np.array([r[1] * r[2] for r in rows]), np.array([r[3] for r in rows]), text, dearest)
    p = queues.line_probability
    top = int(np.argmax(p))
    caption = (f"Lines in orange to brown are upgraded, the darker the more often over all queues and orders: {int((p > 0).sum())} of "
               f"{feeder_map.upgradable(f)} lines in some queue, "
               f"{f.element[top]} the most often ({style.percent(p[top], 0)}). " if p.max() > 0 else "No queue upgrades any line. ")
    caption += (f"Circles are the {len(rows)} buses that units were drawn at, their area the power of all units there, their blue the share of the "
                "orders in which a unit there is the one "
                f"that breaks a limit. The {len(dearest)} buses with the dearest bills are named.")
    if queues.ends < 0.999:
        caption += f" The file has the most probable final states of each queue, {style.percent(queues.ends)} of the orders: the lines are those of these."
    return feeder_map.draw(f, p, marks, caption)


def bus_costs(queues, buses):
    """What units pay at the dearest buses, over queues and orders."""
    summary = {r[0]: r for r in buses.rows}
    dearest = sorted(summary, key=lambda b: -summary[b][6])[:MOST_BUSES][::-1]
    atoms = [queues.bills((queues.bus == queues.feeder.bus.index(b)).astype(float)) for b in dearest]
    table = Table(["bus", "units", "cost [USD]", "probability"])
    rows, edges = bill_rows([f"{b}, {summary[b][1]:,} units" for b in dearest], atoms)
    for b, (_, usd, p, *_rest) in zip(dearest[::-1], rows[::-1]):
        table.rows += [[b, summary[b][1], float(c), float(q)] for c, q in zip(usd, p)]
    first, some = summary[dearest[-1]], "" if len(summary) <= MOST_BUSES else f" ({MOST_BUSES} of {len(summary)}; the others are in csv/buses.csv)"
    caption = ("One row per bus, the dearest on average on "
               f"top{some}. A circle is a "
               "bill that a unit there "
               f"may get, its area the probability over queues and orders; the vertical bar is the mean. A unit at {first[0]} pays "
               f"{style.usd(first[6])} on average, {style.usd(first[8])} per kW, and "
               f"pays anything in {style.percent(first[5])} of the orders.")
    return Figure("bus_costs", "Where units pay", caption + classes_text(edges), table, bills_html(rows), bills_png(rows))


def luck(queues):
    """Every unit: its mean bill, and how far the order carries it from there."""
    mean, sd, pays = queues.unit["mean_usd"], queues.unit["sd_usd"], queues.pays()
    name, title = "luck", "How sure a unit can be of its bill"
    some = np.flatnonzero(mean > 0.5)
    if len(some) == 0:
        return Omitted(name, title, NOBODY)
    sure, beyond = float(np.mean(pays >= 1 - 1e-9)), float(np.mean(sd > np.maximum(mean, 0.5)))
    caption = ("Every unit that pays in some order: its mean bill over the orders of its queue, and the standard deviation. Above the line the "
               "spread is larger than the bill. "
               f"{style.percent(1 - len(some) / len(mean), 0)} of the {len(mean):,} units never pay, {style.percent(sure, 0)} pay in every order, "
               f"and for {style.percent(beyond, 0)} the spread is larger "
               f"than the mean: for them one order says little.")
    shown = some[np.unique(np.linspace(0, len(some) - 1, MOST_UNITS).astype(int))]
    if len(shown) < len(some):
        caption += f" Shown are {len(shown):,} of the {len(some):,} that pay; all are in csv/units.csv."
    table = Table(["queue", "unit", "bus", "power [kW]", "mean [USD]", "standard deviation over orders [USD]", "pays in share of the orders"])
    for i in shown:
        table.rows.append([int(queues.queue[i]), int(queues.number[i]), queues.site[i], float(queues.unit["kw"][i]),
                           float(mean[i]), float(sd[i]), float(pays[i])])
    points = (mean[shown], np.maximum(sd[shown], 1), 100 * pays[shown])
    return Figure(name, title, caption, table, _luck_html(*points, table.rows), _luck_png(*points))


def _ranges(mean, sd):
    low, high = float(min(mean.min(), np.max(sd) / 1e4 if (sd <= 1).all() else sd[sd > 1].min())), float(max(mean.max(), sd.max()))
    return 0.6 * max(low, 1), 1.7 * high


def _luck_html(mean, sd, pays, rows):
    f = plotly_figure(460)
    low, high = _ranges(mean, sd)
    f.add_scatter(x=[low, high], y=[low, high], mode="lines", line=dict(color=style.GREY, width=1), hoverinfo="skip")
    f.add_scatter(x=mean, y=np.maximum(sd, low), mode="markers",
                  marker=dict(size=6, color=pays, cmin=0, cmax=100, colorscale=style.scale(style.ORANGES), line_width=0,
                  colorbar=dict(title=dict(text="pays in [% of the orders]", side="right"), thickness=12, outlinewidth=0)),
                  text=[f"<b>queue {r[0]}, {r[2]}</b>, {r[3]:,.0f} kW<br>mean {style.usd(r[4])}, sd {style.usd(r[5])}"
                        f"<br>pays in {style.percent(r[6], 2)} of the orders" for r in rows],
                  hovertemplate="%{text}<extra></extra>")
    span = [np.log10(low), np.log10(high)]
    f.update_xaxes(title="mean bill over the orders [$]", type="log", dtick=1, tickformat=style.DOLLAR_TICKS, range=span)
    f.update_yaxes(title="standard deviation over the orders [$]", type="log", dtick=1, tickformat=style.DOLLAR_TICKS, range=span)
    return f


def _luck_png(mean, sd, pays):
    f, ax = picture(430)
    low, high = _ranges(mean, sd)
    ax.plot([low, high], [low, high], color=style.GREY, linewidth=1)
    points = ax.scatter(mean, np.maximum(sd, low), c=pays, vmin=0, vmax=100, s=14, cmap=style.colormap(style.ORANGES), linewidth=0)
    ax.set(xscale="log", yscale="log", xlabel="mean bill over the orders [$]", ylabel="standard deviation over the orders [$]", xlim=(low, high), ylim=(low, high))
    style.dollar_ticks(ax.xaxis, ax.yaxis)
    ax.grid()
    f.colorbar(points, ax=ax, label="pays in [% of the orders]", fraction=0.04)
    return f
