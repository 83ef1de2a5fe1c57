"""The page: a story in plain words, the figures, a table, the facts of the run; and what it says of one queue."""

import base64
import re
from dataclasses import dataclass
from html import escape
from importlib.resources import files

import numpy as np

from . import style
from .actual import sentence
from .costs import pays
from .figure import Figure, Table


@dataclass
class Page:
    """What stands around the figures. Plain text, but for the table."""
    title: str
    subtitle: str
    story: str
    tiles: list        # [(number, what it is)]
    section: tuple     # (id, title, HTML) of the table
    facts: list        # [(what, value)]
    study: str         # file's text


def orders_text(outcome):
    if outcome.exact:
        return f"all {style.count(outcome.orders)} orders, exactly"
    kind = "random orders" if outcome.method == "random" else "given orders" if outcome.orders > 1 else "given order"
    return f"{style.count(outcome.orders)} {kind}"


def unit_table(study):
    o, q = study.outcome, study.queue
    table = Table(["unit", "bus", "power [kW]", "triggers in share of the orders", "rejected in share of the orders", "mean [USD]",
                   "standard deviation [USD]", "median [USD]", "95 % quantile [USD]", "largest [USD]", "mean per kW [USD/kW]"])
    columns = [o.of_unit[n] for n in ("kw", "trigger_probability", "reject_probability", "mean_usd", "sd_usd", "median_usd", "p95_usd", "max_usd")]
    for u, numbers in enumerate(np.array([*columns, o.of_unit["mean_usd"] / q.kw]).T):
        table.rows.append([u, q.bus[u], *map(float, numbers)])
    return table


def story(study):
    """The first paragraph: what an engineer would say in a few sentences, of the actual order first."""
    return (sentence(study) if study.actual else "") + orders_story(study)


def orders_story(study):
    o, q = study.outcome, study.queue
    total, names = o.total, q.labels()
    if total.usd[-1] == 0:
        return f"All {q.size} units fit: in none of the orders does any of them break a limit, and nobody pays."
    if len(total.usd) == 1:
        which = "In each of the given orders" if o.method == "given" else "Whatever the order of the queue,"
        first = f"{which} the feeder ends with the same upgrades for {style.usd(total.usd[0])}; the order only decides who pays."
    else:
        first = (f"Depending on the order of the queue the upgrades cost between {style.usd(total.usd[0])} and {style.usd(total.usd[-1])}, "
                 f"{style.usd(total.mean())} on average.")
    u = int(np.argmax(o.of_unit["sd_usd"]))
    a = o.unit[u]
    if a.sd() == 0:
        return first
    free = 1 - pays(a)
    never = (f"nothing in {style.percent(free, 0)} of the orders, and " if free > 0.005 else "")
    return (f"{first} Luck matters most to {names[u]} ({q.kw[u]:,.0f} kW): it pays {never}up to {style.usd(a.usd[-1])}, "
            f"{style.usd(a.mean())} on average.")


def key_figures(study):
    o, q = study.outcome, study.queue
    total = o.total
    spread = "the same in every order" if len(total.usd) == 1 else f"{style.usd(total.usd[0])} to {style.usd(total.usd[-1])}"
    triggers = float(np.arange(len(o.triggers_probability)) @ o.triggers_probability)
    rejected = float(o.of_unit["reject_probability"].sum())
    return [(f"{q.size}", f"units, {q.kw.sum():,.0f} kW together"),
            (style.count(o.orders), "orders, exactly" if o.exact else orders_text(o).split(" ", 1)[1]),
            (style.usd(total.mean()), f"upgrades per order; {spread}"),
            (f"{triggers:.1f}", "units trigger upgrades in an order, on average"),
            (f"{rejected:.2g}", "units rejected in an order, on average")]


def _units_html(study, table):
    o, q = study.outcome, study.queue
    head = ("unit at", "kW", "triggers", "rejected", "mean $", "sd $", "median $", "95 % $", "largest $", "mean $/kW")
    rows = []
    for u, (_, _, kw, trigger, reject, *usd, per_kw) in enumerate(table.rows):
        mean = f"{usd[0]:,.0f}"
        if o.interval is not None and np.isfinite(o.interval[u]).all():
            mean += f"<br><small>{o.interval[u][0]:,.0f} to {o.interval[u][1]:,.0f}</small>"
        cells = [f"{kw:,.0f}", style.percent(trigger), style.percent(reject), mean, *(f"{v:,.0f}" for v in usd[1:]), f"{per_kw:,.0f}"]
        rows.append((q.labels()[u], cells))
    note = "" if o.interval is None else "Small print under the means: their 95 % intervals."
    return table_html(head, rows, note) + download("units", table)


def table_html(head, rows, note=""):
    """head: names of columns; rows: [(name, cells in HTML)]."""
    columns = "".join(f"<th>{h}</th>" for h in head)
    body = "".join(f"<tr><th>{escape(name)}</th>" + "".join(f"<td>{c}</td>" for c in cells) + "</tr>\n" for name, cells in rows)
    below = f"<p class=caption>{escape(note)}</p>" if note else ""
    return f"<div class=wide><table><thead><tr>{columns}</tr></thead><tbody>\n{body}</tbody></table></div>{below}"


def download(name, table):
    data = base64.b64encode(table.csv().encode()).decode()
    return f'<p class=data><a download="{name}.csv" href="data:text/csv;base64,{data}">the numbers (CSV)</a></p>'


def _figure_html(f):
    head = f'<section id="{f.name}"><h2>{escape(f.title)}</h2>'
    if not isinstance(f, Figure):
        return f"{head}<p class=omitted>{escape(f.reason)}</p></section>"
    config = {"displaylogo": False, "responsive": True, "toImageButtonOptions": {"filename": f.name, "scale": 2},
              "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"]}
    div = f.interactive.to_html(full_html=False, include_plotlyjs=False, div_id=f"figure-{f.name}", config=config)
    return f"{head}<div class=figure>{div}</div><p class=caption>{escape(f.caption)}</p>{download(f.name, f.table)}</section>"


def one_queue(study, units, facts, text):
    o, q = study.outcome, study.queue
    return Page(f"Who pays on feeder {study.feeder.name}", f"{q.size} units of {q.kw.sum():,.0f} kW in a queue, {orders_text(o)}", story(study), key_figures(study),
                ("units", "Unit by unit", _units_html(study, units)), facts, text)


def render(page, figures):
    from plotly.offline import get_plotlyjs
    values = {
        "title": escape(page.title),
        "subtitle": escape(page.subtitle),
        "story": escape(page.story),
        "tiles": "".join(f"<div class=tile><b>{escape(v)}</b><span>{escape(t)}</span></div>" for v, t in page.tiles),
        "figures": "\n".join(_figure_html(f) for f in figures),
        "table_id": page.section[0], "table_title": escape(page.section[1]), "table": page.section[2],
        "facts": "".join(f"<tr><th>{escape(k)}</th><td>{escape(str(v))}</td></tr>" for k, v in page.facts),
        "study": escape(page.study),
        "plotly": get_plotlyjs(),
    }
    text = files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda m: values[m[1]], text)
