"""What the results file says of every unit of every queue, as one table: the experiment's numbers."""

import csv
from dataclasses import dataclass

import h5py
import numpy as np

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


def path_usd(file):
    """[bus] What it costs to upgrade every line between a bus and the source."""
    parent, usd = file["bus/parent"][:], np.nan_to_num(file["element/upgrade_usd"][:])
    total = np.zeros(len(parent))
    for b in range(1, len(parent)):  # depth-first order: parents come first
        total[b] = total[parent[b]] + usd[b]
    return total


def read_results(path):
    with h5py.File(path) as file:
        g, a = file["queue"], file["allocation"]
        there = np.arange(g["bus"].shape[1]) < g["units"][:][:, None]
        queue = np.nonzero(there)[0]
        bus = g["bus"][:][there]
        names = [n.decode() for n in file["bus/name"][:]]
        rules = [n.decode() for n in a["rule_name"][:]]
        pays = np.zeros(there.shape)
        mass = {k: file["mass"][k][:] for k in ("queue", "unit", "usd", "probability")}
        deviation = np.zeros(there.shape)
        np.add.at(pays, (mass["queue"], mass["unit"]), np.where(mass["usd"] > 0, mass["probability"], 0))
        np.add.at(deviation, (mass["queue"], mass["unit"]), mass["probability"] * np.abs(mass["usd"] - g["mean_usd"][:][mass["queue"], mass["unit"]]))
        number = {"kW": g["kw"][:][there], "path [$]": path_usd(file)[bus], "pays in [%]": 100 * pays[there], "mean [$]": g["mean_usd"][:][there],
                  "sd [$]": g["sd_usd"][:][there], "deviation [$]": deviation[there], "largest [$]": g["max_usd"][:][there]}
        for rule in RULES:
            number[f"{rule} [$]"] = a["share_usd"][:, rules.index(rule), :][there]
        return Units(queue, [names[b] for b in bus], number)
