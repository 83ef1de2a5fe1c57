"""What three sequences cannot show: all orders."""

from gridqueue_report.report import read_study
from notebook import Part
from table import Table


def rules(study):
    """Five sharing rules of the same total; what a trigger pays is, on average over orders, its Shapley value."""
    s, queue, bill = study.sharing.of(0), study.queue, study.outcome.of_unit
    names = [n for n in s.rules if n != "trigger"]
    table = Table("sharing_rules", "Who should pay: five rules of the same total [$]",
                  [("bus", ""), ("kW", ".0f"), *((n, ",.0f") for n in ("trigger, smallest", "trigger, largest", "trigger, mean", *names))])
    usd = dict(zip(s.rules, s.usd))
    for u in range(queue.size):
        table.rows.append([queue.bus[u], float(queue.kw[u]), float(bill["min_usd"][u]), float(bill["max_usd"][u]), float(usd["trigger"][u]), *(float(usd[n][u]) for n in names)])
    moved = dict(zip(s.rules, s.distance))
    table.rows.append(["to be moved to reach Shapley [%]", None, None, None, 100 * moved["trigger"], *(100 * moved[n] for n in names)])
    return table


def bills(path):
    """The exact distribution of every unit's bill over all 40,320 orders."""
    study = read_study(path)
    outcome, queue = study.outcome, study.queue
    table = Table("all_orders", f"All {outcome.orders:,.0f} orders: each unit's bill [$]",
                  [("bus", ""), ("kW", ".0f"), ("pays in [%]", ".1f"), ("mean", ",.0f"), ("sd", ",.0f"), ("median", ",.0f"), ("95 %", ",.0f"),
                   ("largest", ",.0f")])
    for u, atoms in enumerate(outcome.unit):
        table.rows.append([queue.bus[u], float(queue.kw[u]), 100 * float(atoms.probability[atoms.usd > 0].sum()),
                           *(float(outcome.of_unit[n][u]) for n in ("mean_usd", "sd_usd", "median_usd", "p95_usd", "max_usd"))])
    return Part([table, rules(study)], {"atoms": dict(zip(queue.bus, outcome.unit)), "kw": dict(zip(queue.bus, map(float, queue.kw))),
                          "total": outcome.total})
