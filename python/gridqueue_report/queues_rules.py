"""How near sharing rules come to the mean over orders, the Shapley value where the order changes no total (`gridqueue allocate`)."""

import numpy as np

from . import style
from .figure import Figure, Omitted, Table, picture, plotly_figure
from .sharing import LOOKS, MEANS, NAME, NOT_SHARED, TITLE, mean_name


def rule_distances(queues):
    r = queues.sharing
    if r is None:
        return NOT_SHARED
    known = {n: np.sort(r.distance[~np.isnan(r.distance[:, k]), k]) for k, n in enumerate(r.rules) if n not in MEANS}
    known = {n: d for n, d in known.items() if len(d)}
    if not known:
        return Omitted(NAME, TITLE, "In no queue does a rule tell how far it is from the mean over orders (nothing is to be paid).")
    mean = mean_name(r.rules)
    table = Table(["rule", "queue", f"distance from {mean}", "no answer because"])
    for k, n in enumerate(r.rules):
        table.rows += [[n, q, float(d), r.missing[q][k]] for q, d in enumerate(r.distance[:, k])]
    paying = int((~np.isnan(r.distance)).any(axis=1).sum())
    means = {n: float(d.mean()) for n, d in known.items()}
    rules = sorted((n for n in means if n != "trigger"), key=means.get)
    caption = (f"How much of the bill would have to change hands to make it {mean}{', the mean over all orders' if mean == MEANS['shapley'] else ''}. A curve says in what share of "
               "the queues a rule is at most so far away")
    caption += f" ({paying} queues in which something is to be paid). " if paying < queues.count else ". "
    if "trigger" in means:
        caption += f"After one order, as triggers pay, it is {style.percent(means['trigger'], 0)} on average. "
    if rules:
        median = {n: float(np.quantile(known[n], 0.5, method="inverted_cdf")) for n in rules}
        caption += "On average " + ", ".join(f"{n} {style.percent(means[n], 0)} (median {style.percent(median[n], 0)})" for n in rules) + "."
    silent = {n: int(np.sum([row[k] != "" for row in r.missing])) for k, n in enumerate(r.rules)}
    caption += "".join(f" {n} has no answer in {c} queues." for n, c in silent.items() if c)
    most = max(1.1, *(min(2.0, float(d[-1])) for d in known.values()))
    beyond = sum(int((d > most).sum()) for d in known.values())
    if beyond:
        caption += f" {beyond} values beyond {style.percent(most, 0)} are not shown."
    curves = [("trigger, one order" if n == "trigger" else n, d, (style.GREY if n == "trigger" else LOOKS[n][0])) for n, d in known.items()]
    return Figure(NAME, TITLE, caption, table, _html(curves, most, mean), _png(curves, most, mean))


def _steps(distance):
    """Of the distribution function, from 0 to 1."""
    return 100 * np.concatenate([distance[:1], distance]), 100 * np.arange(len(distance) + 1) / len(distance)


def _html(curves, most, mean):
    f = plotly_figure(380, showlegend=True, margin_t=60, legend=dict(orientation="h", x=0, y=1, yanchor="bottom", xanchor="left"))
    for name, distance, colour in curves:
        x, y = _steps(distance)
        f.add_scatter(x=x, y=y, mode="lines", line=dict(color=colour, width=2.5, shape="hv"), name=name,
                      text=[f"<b>{name}</b><br>at most {a:.1f} % of the bill in {b:.1f} % of the queues" for a, b in zip(x, y)],
                      hovertemplate="%{text}<extra></extra>")
    f.update_xaxes(title=f"distance from {mean} [% of the bill]", range=[0, 100 * most])
    f.update_yaxes(title="share of the queues [%]", range=[0, 101])
    return f


def _png(curves, most, mean):
    f, ax = picture(350)
    for name, distance, colour in curves:
        ax.step(*_steps(distance), where="post", color=colour, linewidth=2, label=name)
    ax.set(xlabel=f"distance from {mean} [% of the bill]", ylabel="share of the queues [%]", xlim=(0, 100 * most), ylim=(0, 101))
    ax.grid()
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4)
    return f
