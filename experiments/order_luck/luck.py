"""How much of a bill is order, place and size, or queue; and which rule comes closest to the mean over orders."""

import numpy as np
from table import Table
from units import RULES

RULE_NAMES = ("trigger, one order", *RULES)


def variance_parts(units):
    """Order, place and size, queue [$^2]: the law of total variance, twice; equally many units in every queue."""
    rows = units.queues()
    mean, sd = units.of("mean [$]"), units.of("sd [$]")
    order = np.mean([np.mean(sd[r] ** 2) for r in rows])
    place = np.mean([np.var(mean[r]) for r in rows])
    queue = np.var([np.mean(mean[r]) for r in rows], ddof=1)
    return np.array([order, place, queue])


def jackknife(units):
    """Standard errors of the three shares, leaving out one queue at a time."""
    rows = units.queues()
    mean, sd = units.of("mean [$]"), units.of("sd [$]")
    order = np.array([np.mean(sd[r] ** 2) for r in rows])
    place = np.array([np.var(mean[r]) for r in rows])
    level = np.array([np.mean(mean[r]) for r in rows])
    n = len(rows)
    shares = []
    for k in range(n):
        keep = np.arange(n) != k
        parts = np.array([order[keep].mean(), place[keep].mean(), level[keep].var(ddof=1)])
        shares.append(parts / parts.sum())
    shares = np.array(shares)
    return np.sqrt((n - 1) / n * ((shares - shares.mean(0)) ** 2).sum(0))


def parts_table(units):
    parts, error = variance_parts(units), jackknife(units)
    table = Table("variance", "Variance of what a unit pays: three parts", [("part", ""), ("sd [$]", ",.0f"), ("share [%]", ".1f"), ("+- [%]", ".1f")])
    for name, part, e in zip(("order in the queue", "place and size", "queue it is in"), parts, error):
        table.rows.append([name, float(np.sqrt(part)), 100 * float(part / parts.sum()), 100 * 1.96 * float(e)])
    table.rows.append(["together", float(np.sqrt(parts.sum())), 100.0, None])
    return table


def explained(x, y):
    """R^2 of y by the columns x, least squares."""
    design = np.column_stack([np.ones(len(y)), *x])
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - residual.var() / y.var()


def place_table(units):
    """What of a unit's mean bill, against the others of its queue, its size and its place tell."""
    rows = units.paying()
    keep = np.concatenate(rows)

    def within(x):
        return np.concatenate([x[r] - x[r].mean() for r in rows])

    kw, path, mean = units.of("kW"), units.of("path [$]"), units.of("mean [$]")
    y = within(mean)
    models = (("its size: kW", [kw]), ("its place: cost of all lines to the source", [path]), ("both", [kw, path]), ("both, and their product", [kw, path, kw * path]))
    table = Table("place_and_size", f"What of a unit's mean bill is told by ({len(keep)} units of {len(rows)} queues that pay)",
                  [("linear in", ""), ("R2 [%]", ".0f")])
    for name, columns in models:
        table.rows.append([name, 100 * float(explained([within(c) for c in columns], y))])
    return table


def luck_table(units):
    mean, sd, pays = units.of("mean [$]"), units.of("sd [$]"), units.of("pays in [%]")
    touched = (pays > 1e-9) & (pays < 100 - 1e-9)
    table = Table("luck", "Units and luck", [("units", ""), ("number", ",.0f"), ("share [%]", ".1f")])
    n = len(mean)
    for name, which in (("all", np.ones(n, bool)), ("pay nothing in any order", pays <= 1e-9), ("pay or not: the order decides", touched),
                        ("pay in every order", pays >= 100 - 1e-9), ("sd over orders above the mean bill", sd > np.maximum(mean, 1e-9))):
        table.rows.append([name, float(which.sum()), 100 * float(which.mean())])
    return table


def distances(units):
    """{rule: [queue that pays] part of the bill that would have to change hands to make it the mean over orders}."""
    found = {name: [] for name in RULE_NAMES}
    for r in units.paying():
        mean = units.of("mean [$]")[r]
        found[RULE_NAMES[0]].append(0.5 * units.of("deviation [$]")[r].sum() / mean.sum())
        for rule in RULES:
            found[rule].append(0.5 * np.abs(units.of(f"{rule} [$]")[r] - mean).sum() / mean.sum())
    return {name: np.array(d) for name, d in found.items()}


def rules_table(units):
    found = distances(units)
    everywhere = np.column_stack(list(found.values()))
    closest = np.nanargmin(everywhere, axis=1)
    table = Table("rules", f"Distance from the mean over orders [% of the bill], {len(closest)} queues in which something is to be paid",
                  [("rule", ""), ("queues with an answer", ".0f"), ("mean", ".1f"), ("+-", ".1f"), ("median", ".1f"), ("95 %", ".1f"), ("closest in", ".0f"),
                   ("rms $ of a unit", ",.0f"), ("correlation with the mean", ".2f")])
    rows = np.concatenate(units.paying())
    mean = units.of("mean [$]")[rows]
    for k, (name, d) in enumerate(found.items()):
        there = d[~np.isnan(d)]
        error = there.std(ddof=1) / np.sqrt(len(there))
        if k == 0:
            rms, correlation = np.sqrt(np.mean(units.of("sd [$]")[rows] ** 2)), None
        else:
            share = units.of(f"{name} [$]")[rows]
            known = ~np.isnan(share)
            rms = np.sqrt(np.mean((share - mean)[known] ** 2))
            correlation = float(np.corrcoef(share[known], mean[known])[0, 1])
        table.rows.append([name, float(len(there)), 100 * float(there.mean()), 100 * 1.96 * float(error), 100 * float(np.quantile(there, 0.5, method="inverted_cdf")),
                           100 * float(np.quantile(there, 0.95, method="inverted_cdf")), float((closest == k).sum()), float(rms), correlation])
    return table


def tables(units):
    return [parts_table(units), luck_table(units), place_table(units), rules_table(units)]
