"""From a results file to a folder: index.html, png/ and csv/."""

from dataclasses import dataclass
from pathlib import Path

from . import convergence, costs, feeder_map, heatmaps, page
from .figure import Figure
from .outcome import Outcome, read_outcome
from .results import Feeder, Queue, open_results, read_facts, read_feeder, read_queue
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


def read_study(path):
    with open_results(path) as file:
        text = file.attrs.get("study", "")
        return Study(read_feeder(file), read_queue(file), read_outcome(file), read_facts(file),
                     text.decode() if isinstance(text, bytes) else str(text), str(path), read_sharing(file))


def make_figures(study):
    """Figures and what is omitted, in the page's order."""
    figures = [feeder_map.feeder_map(study), costs.unit_costs(study), costs.totals(study), heatmaps.given_orders(study),
               heatmaps.by_position(study), heatmaps.pairwise(study), who_should_pay(study), convergence.convergence(study)]
    return [f for f in figures if f is not None]


def write_report(results, out):
    """Writes the folder; returns a line for the user."""
    study = read_study(results)
    figures = make_figures(study)
    folder = Path(out)
    for name in ("png", "csv"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    drawn = [f for f in figures if isinstance(f, Figure)]
    for f in drawn:
        (folder / "csv" / f"{f.name}.csv").write_text(f.table.csv(), encoding="utf-8")
        f.picture.savefig(folder / "png" / f"{f.name}.png", dpi=100, facecolor="white")
    units = page.unit_table(study)
    (folder / "csv" / "units.csv").write_text(units.csv(), encoding="utf-8")
    (folder / "index.html").write_text(page.render(study, figures, units), encoding="utf-8")
    return f"{folder / 'index.html'}: {len(drawn)} figures; the same as pictures in {folder / 'png'}, their numbers in {folder / 'csv'}."
