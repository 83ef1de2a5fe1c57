"""The picture of the experiment, in the report's colours."""

from gridqueue_report import style
from gridqueue_report.figure import picture


def draw(hosted, queues, out):
    """Left: hosting capacities of each feeder's buses against its load. Right: what units pay on average."""
    names = list(hosted)
    load = {row[0]: row[1] for row in queues.rows}
    f, (left, right) = picture(140 + 46 * len(names), 1, 2, width_ratios=[1.6, 1])
    places = range(len(names), 0, -1)
    relative = [[100 * kw / load[n] for kw in hosted[n]] for n in names]
    left.boxplot(relative, positions=list(places), vert=False, widths=0.6, whis=(0, 100), patch_artist=True,
                 boxprops={"facecolor": style.LIGHT, "edgecolor": style.BLUE}, medianprops={"color": style.BLUE},
                 whiskerprops={"color": style.BLUE}, capprops={"color": style.BLUE})
    left.set_yticks(list(places), names)
    left.set(xlabel="hosting capacity of a bus, of the feeder's nominal load [%]")
    left.set_xscale("log")
    left.grid(axis="x")
    left.set_title("What the feeders host", loc="left", fontweight="bold")
    bars = right.barh(list(places), [row[5] for row in queues.rows], color=style.VERMILION, height=0.6)
    right.bar_label(bars, [f"{row[7]:.0f} % rejected" if row[7] >= 0.5 else "" for row in queues.rows], padding=3)
    right.set_yticks(list(places), [""] * len(names))
    right.set(xlabel="mean bill of a unit [$]")
    style.dollar_ticks(right.xaxis)
    right.margins(x=0.3)
    right.grid(axis="x")
    right.set_title("What eight random units pay", loc="left", fontweight="bold")
    f.savefig(out / "feeders.png", dpi=85, facecolor="white")
