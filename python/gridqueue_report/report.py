"""From a results file to a folder: index.html, png/ and csv/."""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import convergence, costs, feeder_map, heatmaps, page, queues_page
from .actual import Actual, actual_order, read_actual
from .damage import BadResults, damaged, reading
from .figure import Figure
from .outcome import Outcome, Queue, read_outcome
from .queues import read_queues
from .results import Feeder, one_queue, open_results, read_facts, read_text, texts
from .sharing import Sharing, who_should_pay


@dataclass
class Study:
    """All that the figures of one queue draw from."""
    feeder: Feeder
    queue: Queue
    outcome: Outcome
    sharing: Sharing | None
    actual: Actual | None


@dataclass
class Report:
    figures: list     # Figure and Omitted, in the page's order
    tables: dict      # {name of a CSV: Table}, beside those of the figures
    page: page.Page


def study_of(file, q):
    """`q`: what read_queues() says."""
    size = len(q.site)
    names = texts(file["unit/name"]) if "unit/name" in file else [""] * size
    if len(names) != size:
        raise damaged(file, "'unit/name' is of another length")
    queue = Queue(q.site, q.unit["kw"], [q.feeder.bus[b] for b in q.bus], names)
    return Study(q.feeder, queue, read_outcome(file, q), q.sharing, read_actual(file, size))


def read_study(path):
    with open_results(path) as file, reading(path):
        if not one_queue(file):
            raise BadResults(f"'{path}' holds many queues, not the orders of one")
        return study_of(file, read_queues(file))


def make_figures(study):
    """Figures and what is omitted, in the page's order."""
    figures = [actual_order(study), feeder_map.feeder_map(study), costs.unit_costs(study), costs.totals(study), heatmaps.given_orders(study),
               heatmaps.by_position(study), heatmaps.pairwise(study), who_should_pay(study), convergence.convergence(study)]
    return [f for f in figures if f is not None]


@contextmanager
def drawing(path):
    """What can be read and not drawn."""
    try:
        yield
    except (OSError, MemoryError):
        raise
    except Exception as error:
        raise BadResults(f"'{path}' cannot be drawn ({type(error).__name__}: {error}); it is damaged, or its report is a fault of gridqueue") from error


def make_report(results):
    """Of one queue's orders, or of many queues."""
    with open_results(results) as file, reading(results):
        queues, facts, text = read_queues(file), read_facts(file), read_text(file)
        study = study_of(file, queues) if one_queue(file) else None
    with drawing(results):
        return report_of(study, queues, facts, text)


def report_of(study, queues, facts, text):
    if study:
        units = page.unit_table(study)
        return Report(make_figures(study), {"units": units}, page.one_queue(study, units, facts, text))
    tables = queues_page.tables(queues)
    return Report(queues_page.make_figures(queues, tables["buses"]), tables, queues_page.page(queues, tables["queues"], facts, text))


def write_report(results, out):
    """Writes the folder; returns a line for the user."""
    report = make_report(results)
    folder = Path(out)
    for name in ("png", "csv"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    drawn = [f for f in report.figures if isinstance(f, Figure)]
    for f in drawn:
        (folder / "csv" / f"{f.name}.csv").write_text(f.table.csv(), encoding="utf-8")
        with drawing(results):
            f.picture.savefig(folder / "png" / f"{f.name}.png", dpi=100, facecolor="white")
    for name, table in report.tables.items():
        (folder / "csv" / f"{name}.csv").write_text(table.csv(), encoding="utf-8")
    (folder / "index.html").write_text(page.render(report.page, report.figures), encoding="utf-8")
    return f"{folder / 'index.html'}: {len(drawn)} figures; the same as pictures in {folder / 'png'}, their numbers in {folder / 'csv'}."
