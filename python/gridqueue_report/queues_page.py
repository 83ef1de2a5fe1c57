"""The page of many queues: its words, its figures, the table of queues."""

import numpy as np

from . import queues_costs, queues_places, style
from .figure import Table
from .page import Page, download, table_html
from .queues_rules import rule_distances
from .variance import student_t

MOST_ROWS = 40  # of the table on the page


def make_figures(queues, buses):
    """`buses`: the table of this name."""
    return [queues_costs.variance(queues), queues_costs.bills(queues), queues_costs.totals(queues), queues_costs.spread(queues),
            queues_places.feeder(queues, buses), queues_places.bus_costs(queues, buses), queues_places.luck(queues), rule_distances(queues)]


def tables(queues):
    return {"queues": queue_table(queues), "units": unit_table(queues), "buses": queues_places.bus_table(queues)}


def unit_table(queues):
    u, pays = queues.unit, queues.pays()
    table = Table(["queue", "unit", "bus", "power [kW]", "triggers in share of the orders", "rejected in share of the orders",
                   "pays in share of the orders", "mean [USD]",
                   "standard error of the mean [USD]", "standard deviation [USD]", "median [USD]", "95 % quantile [USD]", "largest [USD]"])
    for i, site in enumerate(queues.site):
        table.rows.append([int(queues.queue[i]), int(queues.number[i]), site,
                           *(float(u[k][i]) for k in ("kw", "trigger_probability", "reject_probability")), float(pays[i]),
                           *(float(u[k][i]) for k in ("mean_usd", "mean_se_usd", "sd_usd", "median_usd", "p95_usd", "max_usd"))])
    return table


def queue_table(queues):
    t = queues.total
    kw, triggers, rejects = (queues.per_queue(queues.unit[n]) for n in ("kw", "trigger_probability", "reject_probability"))
    table = Table(["queue", "units", "power [kW]", "units that trigger, mean", "units rejected, mean", "builds lines in share of the orders",
                   "lines of the most probable set",
                   "share of the orders with that set", "mean total [USD]", "standard error of the mean [USD]",
                   "standard deviation over orders [USD]", "smallest [USD]", "largest [USD]"])
    for k in range(queues.count):
        table.rows.append([k, int(queues.size[k]), float(kw[k]), float(triggers[k]), float(rejects[k]), float(queues.builds[k]),
                           int(queues.lines[k]), float(t["lines_probability"][k]),
                           *(float(t[f"total_{n}_usd"][k]) for n in ("mean", "mean_se", "sd", "min", "max"))])
    return table


def queues_html(queues, table):
    order = np.argsort(-queues.total["total_mean_usd"], kind="stable")[:MOST_ROWS]
    rows = []
    for k in order:
        _, units, kw, triggers, rejects, builds, lines, share, mean, se, sd, low, high = table.rows[k]
        small = "" if queues.exact else f"<br><small>± {1.96 * se:,.0f}</small>"
        rows.append((f"queue {k}", [f"{units}", f"{kw:,.0f}", f"{triggers:.2f}", f"{rejects:.2f}", style.percent(builds),
                                    f"{lines}<br><small>in {style.percent(share, 0)}</small>",
                                    f"{mean:,.0f}{small}", f"{sd:,.0f}", f"{low:,.0f}", f"{high:,.0f}"]))
    head = ("queue", "units", "kW", "trigger", "rejected", "builds in", "lines", "mean $", "sd $", "smallest $", "largest $")
    note = "" if queues.count <= MOST_ROWS else f"The {MOST_ROWS} dearest of {queues.count:,} queues; the file of numbers has all. "
    note += "Units that trigger or are rejected: means over orders. Lines: the most probable set. `gridqueue show RESULTS.h5 --queue K` tells one queue's units."
    return table_html(head, rows, note) + download("queues", table)


def orders_text(queues):
    return "all orders of each, exactly" if queues.exact else f"{style.count(queues.orders)} random orders of each"


def sizes(queues):
    low, high = int(queues.size.min()), int(queues.size.max())
    return f"{low}" if low == high else f"{low} to {high}"


def story(queues):
    total = queues.total["total_mean_usd"]
    if queues.total["total_max_usd"].max() == 0:
        return f"All units of all {queues.count:,} queues fit: in none of the orders does any of them break a limit for which something is built, and nobody pays."
    never, _, _ = queues_costs.built(queues)
    free = f"{style.percent(never, 0)} of the queues cost nothing in any order" if never > 0 else "none of them is for free"
    text = f"A random queue costs {style.usd(total.mean())} on average; {free}."
    if queues.count < 2:
        return text
    parts, share = queues.unit_parts
    return (f"{text} What a unit pays spreads by {style.usd(np.sqrt(parts.sum()))}, and {style.percent(share[0, 0], 0)} of that variance is nothing "
            "but the order in which the queue is studied; "
            f"{style.percent(share[1, 0], 0)} is its place and size, {style.percent(share[2, 0], 0)} the queue it happens to be in.")


def key_figures(queues):
    total, n = queues.total["total_mean_usd"], queues.count
    sure = f" ± {style.usd(float(student_t(n - 1) * total.std(ddof=1) / np.sqrt(n)))}" if n >= 8 else ""
    paying = float(queues.weights() @ queues.pays())
    rejected = float(queues.per_queue(queues.unit["reject_probability"]).mean())
    tiles = [(f"{n:,}", f"random queues of {sizes(queues)} units, {queues.per_queue(queues.unit['kw']).mean():,.0f} kW on average"),
             (style.usd(total.mean()), f"upgrades per queue{sure}"),
             (style.percent(float(queues.builds.mean()), 0), "of queues and orders build any line"),
             (style.percent(paying, 0), "of the units pay in an order, on average"),
             (f"{rejected:.2g}", "units rejected per queue, on average")]
    return tiles


def page(queues, table, facts, text):
    """`table`: that of the queues."""
    of = "" if queues.count == queues.asked else f" of {queues.asked:,}"
    return Page(f"Who pays on feeder {queues.feeder.name}, queue by queue", f"{queues.count:,}{of} random queues of {sizes(queues)} units, {orders_text(queues)}",
                story(queues), key_figures(queues), ("queues", "Queue by queue", queues_html(queues, table)), facts, text)
