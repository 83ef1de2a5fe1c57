"""What three sequences cannot show: all orders."""

from gridqueue_report.report import read_study
from notebook import Part
from table import Table


def bills(path):
    """The exact distribution of every unit's bill over all 40,320 orders."""
    study = read_study(path)
    outcome, queue = study.outcome, study.queue
    table = Table("all_orders", f"All {outcome.orders:,.0f} orders: each unit's bill [$]",
                  [("bus", ""), ("kW", ".0f"), ("pays in [%]", ".1f"), ("mean", ",.0f"), ("sd", ",.0f"), ("median", ",.0f"), ("95 %", ",.0f"),
                   ("largest", ",.0f")])
    for u, atoms in enumerate(outcome.unit):
        table.rows.append([queue.bus[u], float(queue.kw[u]), 100 * float(atoms.probability[atoms.usd > 0].sum()), atoms.mean(), outcome.sd(u),
                           atoms.quantile(0.5), atoms.quantile(0.95), float(atoms.usd[-1])])
    return Part([table], {"atoms": dict(zip(queue.bus, outcome.unit)), "kw": dict(zip(queue.bus, map(float, queue.kw))),
                          "total": outcome.total})
