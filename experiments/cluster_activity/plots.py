"""Pictures of the tables, in the report's colours."""

import numpy as np
from gridqueue_report import style
from gridqueue_report.figure import picture

SEQUENCES = (style.ORANGE, style.VERMILION, style.PURPLE)
MARKS = ("o", "s", "^")


def save(figure, out, name):
    figure.savefig(out / f"{name}.png", dpi=85, facecolor="white")


def hosting_capacity(part, out):
    independent = part.data["independent"]
    buses = sorted(independent, key=independent.get)
    f, ax = picture(430)
    for i, bus in enumerate(buses):
        ax.plot([max(1, min(s[bus] for s in part.data["sequences"])), independent[bus]], [i, i], color=style.LIGHT, linewidth=2, zorder=1)
    ax.scatter([independent[b] for b in buses], range(len(buses)), marker="|", s=260, linewidth=3, color=style.BLUE, label="independent")
    for k, (found, colour, mark) in enumerate(zip(part.data["sequences"], SEQUENCES, MARKS)):
        label = f"sequence {k} (trigger: {part.data['triggers'][k]})"
        ax.scatter([max(1, found[b]) for b in buses], np.arange(len(buses)) + 0.18 * (k - 1), marker=mark, s=48, color=colour, label=label, zorder=3)
    kw = part.data["kw"]
    ax.scatter([kw[b] for b in buses], range(len(buses)), marker="x", color=style.INK, s=40, label="size of the unit", zorder=4)
    ax.set(xscale="log", xlabel="hosting capacity at the unit's bus when its turn comes [kW]")
    ax.set_yticks(range(len(buses)), buses)
    ax.grid()
    ax.legend(frameon=False, loc="lower right")
    ax.set_title("Part 1: who comes late finds less room", loc="left", fontweight="bold")
    save(f, out, "part1_hosting_capacity")


def usd_per_kw(part, out):
    f, axes = picture(330, 1, 3, width_ratios=[1, 1, 1.2])
    rows = part.data["first"]
    names = [f"sequence {r[0]}" for r in rows]
    for ax, column, title, kw in ((axes[0], 7, "by all installed kW", 3), (axes[1], 8, "by the trigger's kW", 2)):
        bars = ax.bar(names, [r[column] for r in rows], color=SEQUENCES, width=0.65)
        ax.bar_label(bars, [f"{r[kw]:,.0f} kW\n{style.usd(r[6])}" for r in rows], fontsize=8, padding=2)
        ax.set(ylabel="$/kW", title=title, ylim=(0, 1.22 * max(r[column] for r in rows)))
    at = np.arange(len(rows))
    axes[2].bar(at - 0.2, [r[7] for r in rows], 0.4, color=style.SKY, label="all installed kW")
    bars = axes[2].bar(at + 0.2, [r[8] for r in rows], 0.4, color=style.BLUE, label="the trigger's kW")
    axes[2].bar_label(bars, [f"{r[9]:.1f}x" for r in rows], fontsize=8, padding=2)
    axes[2].set_xticks(at, names)
    axes[2].set(title="side by side", ylim=(0, 1.22 * max(r[8] for r in rows)))
    axes[2].legend(frameon=False, fontsize=8)
    for ax in axes:
        ax.grid(axis="y")
    f.suptitle("Part 2: what the first upgrade costs per kW", fontweight="bold", x=0.01, ha="left")
    save(f, out, "part2_usd_per_kw")


def _columns(part2, columns, title, out, name):
    """Bars of $ and $/kW: one column of panels per (heading, {bus: USD})."""
    kw = dict(part2.data["units"])
    buses = list(kw)
    f, axes = picture(480, 2, len(columns), sharey="row")
    for k, (heading, paid) in enumerate(columns):
        usd = np.array([paid.get(b, 0.0) for b in buses])
        for row, values in enumerate((usd / 1e6, usd / [kw[b] for b in buses])):
            axes[row, k].barh(buses, values, color=style.BLUE if k < 3 else style.GREEN)
            axes[row, k].set_xlabel("M$" if row == 0 else "$/kW", fontsize=9)
            axes[row, k].grid(axis="x")
        axes[0, k].set_title(heading, fontsize=10)
    for row, most in enumerate((max(max(p.values()) for _, p in columns) / 1e6, max(v / kw[b] for _, p in columns for b, v in p.items()))):
        for ax in axes[row]:
            ax.set_xlim(min(0, -0.02 * most), 1.06 * most)
    for ax in axes[:, 0]:
        ax.invert_yaxis()
    f.suptitle(title, fontweight="bold", x=0.01, ha="left")
    save(f, out, name)


def costs_by_sequence(part2, out):
    columns = [(f"sequence {k}", paid) for k, paid in enumerate(part2.data["paid"])]
    _columns(part2, columns, "Part 2: the same lines, the same total, other payers", out, "part2_costs")


def sharing(part2, part3, out):
    columns = [(f"sequence {k}", paid) for k, paid in enumerate(part2.data["paid"])] + [("shared by the gain\nin hosting capacity", part3.data["cost"])]
    _columns(part2, columns, "Part 3: sharing by the gain in hosting capacity, against the sequences", out, "part3_sharing")


def all_orders(part2, bills, out):
    atoms, kw = bills.data["atoms"], bills.data["kw"]
    buses = sorted(atoms, key=lambda b: atoms[b].mean())
    f, ax = picture(470)
    for i, bus in enumerate(buses):
        a = atoms[bus]
        ax.scatter(a.usd / 1e6, np.full(len(a.usd), i), s=np.maximum(6, 650 * a.probability), color=style.SKY, alpha=0.75, linewidth=0,
                   label="all 40,320 orders (area: probability)" if i == 0 else None)
        ax.plot([a.mean() / 1e6] * 2, [i - 0.36, i + 0.36], color=style.BLUE, linewidth=2.5, label="mean over all orders" if i == 0 else None)
    for k, (paid, colour, mark) in enumerate(zip(part2.data["paid"], SEQUENCES, MARKS)):
        ax.scatter([paid.get(b, 0.0) / 1e6 for b in buses], np.arange(len(buses)) + 0.16 * (k - 1), marker=mark, s=30, color=colour,
                   edgecolor="white", linewidth=0.6, zorder=3, label=f"sequence {k}")
    ax.set_yticks(range(len(buses)), [f"{b}, {kw[b]:.0f} kW" for b in buses])
    ax.set_xlabel("bill [M$]")
    ax.grid()
    ax.legend(frameon=False, loc="lower right")
    ax.set_title("Behind the three bars: every bill that the order can bring", loc="left", fontweight="bold")
    save(f, out, "all_orders")
