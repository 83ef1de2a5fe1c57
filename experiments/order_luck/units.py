"""What the results file says of every unit of every queue, as one table: the experiment's numbers."""

import csv
from dataclasses import dataclass

import numpy as np
from gridqueue_report.queues import read_queues
from gridqueue_report.results import open_results

RULES = ("pro-rata-kw", "delta-hosting-capacity", "constraint-matrix")
NUMBERS = ("kW", "path [$]", "pays in [%]", "mean [$]", "sd [$]", "deviation [$]", "largest [$]", *(f"{r} [$]" for r in RULES))


@dataclass
class Units:
    queue: np.ndarray  # [unit of any queue]
    bus: list
    number: dict       # {column: [unit of any queue]}; NaN: the rule has no answer

    def of(self, name):
        return self.number[name]

    def queues(self):
        """Row numbers of each queue."""
        return [np.flatnonzero(self.queue == q) for q in np.unique(self.queue)]

    def paying(self):
        """The same, of the queues in which something is to be paid."""
        return [rows for rows in self.queues() if self.of("mean [$]")[rows].sum() > 0]

    def write_csv(self, path):
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["queue", "bus", *NUMBERS])
            for i, bus in enumerate(self.bus):
                writer.writerow([self.queue[i], bus, *("" if np.isnan(self.of(n)[i]) else f"{self.of(n)[i]:.10g}" for n in NUMBERS)])


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    number = {n: np.array([float(r[n]) if r[n] else np.nan for r in rows]) for n in NUMBERS}
    return Units(np.array([int(r["queue"]) for r in rows]), [r["bus"] for r in rows], number)


def path_usd(feeder):
    """[bus] What it costs to upgrade every line between a bus and the source."""
    usd = np.nan_to_num(feeder.upgrade_usd)
    for b in range(1, len(usd)):  # depth-first order: parents come first
        usd[b] += usd[feeder.parent[b]]
    return usd


def read_results(path):
    with open_results(path) as file:
        q, deviation = read_queues(file), file["queue/deviation_usd"][:]
    s, at = q.sharing, (q.queue, q.number)
    number = {"kW": q.unit["kw"], "path [$]": path_usd(q.feeder)[q.bus], "pays in [%]": 100 * q.pays(), "mean [$]": q.unit["mean_usd"],
              "sd [$]": q.unit["sd_usd"], "deviation [$]": deviation[at], "largest [$]": q.unit["max_usd"]}
    for rule in RULES:
        number[f"{rule} [$]"] = s.usd[:, s.rules.index(rule)][at]
    return Units(q.queue, q.site, number)
