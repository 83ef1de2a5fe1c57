"""From a results file to a folder: index.html, png/ and csv/."""

from dataclasses import dataclass
from pathlib import Path

from . import convergence, costs, feeder_map, heatmaps, page, queues_page
from .figure import Figure
from .outcome import Outcome, read_outcome
from .queues import read_queues
from .results import BadResults, Feeder, Queue, keeps_orders, open_results, read_facts, read_feeder, read_queue, read_text
from .sharing import Sharing, read_sharing, who_should_pay


@dataclass
class Study:
    """All that the figures draw from."""
    feeder: Feeder
    queue: Queue
    outcome: Outcome
    facts: list  # [(what, value)]
    text: str    # of the study file
    path: str    # of the results file
    sharing: Sharing | None = None


@dataclass
class Report:
    figures: list     # Figure and Omitted, in the page's order
    tables: dict      # {name of a CSV: Table}, beside those of the figures
    page: page.Page


def study_of(file):
    return Study(read_feeder(file), read_queue(file), read_outcome(file), read_facts(file), read_text(file), str(file.filename), read_sharing(file))


def read_study(path):
    with open_results(path) as file:
        if not keeps_orders(file):
            raise BadResults(f"'{path}' holds many queues, not the orders of one")
        return study_of(file)


def make_figures(study):
    """Figures and what is omitted, in the page's order."""
    figures = [feeder_map.feeder_map(study), costs.unit_costs(study), costs.totals(study), heatmaps.given_orders(study),
               heatmaps.by_position(study), heatmaps.pairwise(study), who_should_pay(study), convergence.convergence(study)]
    return [f for f in figures if f is not None]


def make_report(results):
    """Of one queue's orders, or of many queues."""
    with open_results(results) as file:
        if not keeps_orders(file):
            queues = read_queues(file)
            tables = queues_page.tables(queues)
            return Report(queues_page.make_figures(queues, tables["buses"]), tables,
                          queues_page.page(queues, tables["queues"], read_facts(file), read_text(file)))
        study = study_of(file)
    units = page.unit_table(study)
    return Report(make_figures(study), {"units": units}, page.one_queue(study, units))


def write_report(results, out):
    """Writes the folder; returns a line for the user."""
    report = make_report(results)
    folder = Path(out)
    for name in ("png", "csv"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    drawn = [f for f in report.figures if isinstance(f, Figure)]
    for f in drawn:
        (folder / "csv" / f"{f.name}.csv").write_text(f.table.csv(), encoding="utf-8")
        f.picture.savefig(folder / "png" / f"{f.name}.png", dpi=100, facecolor="white")
    for name, table in report.tables.items():
        (folder / "csv" / f"{name}.csv").write_text(table.csv(), encoding="utf-8")
    (folder / "index.html").write_text(page.render(report.page, report.figures), encoding="utf-8")
    return f"{folder / 'index.html'}: {len(drawn)} figures; the same as pictures in {folder / 'png'}, their numbers in {folder / 'csv'}."
