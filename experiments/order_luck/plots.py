"""Pictures of the experiment, in the report's colours."""

import numpy as np
from gridqueue_report import style
from gridqueue_report.figure import picture
from luck import distances, variance_parts
from units import RULES

COLOURS = dict(zip(RULES, (style.ORANGE, style.GREEN, style.PURPLE)))


def save(figure, out, name):
    figure.savefig(out / f"{name}.png", dpi=85, facecolor="white")


def luck(units, out):
    """Left: the three parts. Right: every unit's mean bill and its spread over orders."""
    f, (left, right) = picture(400, 1, 2, width_ratios=[1, 2.2])
    parts = variance_parts(units)
    share, names = 100 * parts / parts.sum(), ("order", "place and size", "queue")
    bars = left.bar(names, share, color=(style.VERMILION, style.BLUE, style.LIGHT), width=0.65)
    left.bar_label(bars, [f"{s:.0f} %" for s in share], padding=2)
    left.set(ylabel="share of the variance of a unit's bill [%]", ylim=(0, 1.15 * share.max()))
    left.grid(axis="y")
    left.set_title("Why units pay what they pay", loc="left", fontweight="bold")
    mean, sd, pays = units.of("mean [$]"), units.of("sd [$]"), units.of("pays in [%]")
    some = pays > 0
    points = right.scatter(mean[some], np.maximum(sd[some], 1), c=pays[some], s=16, cmap=style.colormap(style.ORANGES), linewidth=0)
    line = np.array([mean[some].min(), mean.max()])
    right.plot(line, line, color=style.GREY, linewidth=1)
    right.annotate("sd = mean", (line[1], line[1]), xytext=(-4, 6), textcoords="offset points", ha="right", color=style.GREY)
    right.set(xscale="log", yscale="log", xlabel="mean bill over all orders [$]", ylabel="sd over orders [$]", ylim=(max(1e3, sd[sd > 0].min()) / 2, 2 * sd.max()))
    style.dollar_ticks(right.xaxis, right.yaxis)
    right.grid()
    right.set_title("Nearly every unit's spread is larger than its bill", loc="left", fontweight="bold")
    f.colorbar(points, ax=right, label="pays in so many of the orders [%]")
    save(f, out, "luck")


def rules(units, out):
    f, axes = picture(360, 1, 3, sharex=True, sharey=True)
    rows = np.concatenate(units.paying())
    mean = units.of("mean [$]")[rows] / 1e6
    shares = {rule: units.of(f"{rule} [$]")[rows] / 1e6 for rule in RULES}
    most = max(mean.max(), *(np.nanmax(s) for s in shares.values()))
    for ax, rule in zip(axes, RULES):
        ax.plot([0, most], [0, most], color=style.GREY, linewidth=1)
        ax.scatter(mean, shares[rule], s=14, color=COLOURS[rule], alpha=0.7, linewidth=0)
        ax.set(title=rule, xlabel="mean over orders [M$]")
        ax.grid()
    axes[0].set_ylabel("share by the rule [M$]")
    f.suptitle("Every unit's share by three rules against its mean over orders", fontweight="bold", x=0.01, ha="left")
    save(f, out, "rules")


def rule_distances(units, out):
    f, ax = picture(330)
    found = distances(units)
    for name, d in found.items():
        x = np.sort(100 * d[~np.isnan(d)])
        ax.step(np.append(x, x[-1]), np.append(np.arange(len(x)) / len(x), 1), where="post", linewidth=2, color=COLOURS.get(name, style.VERMILION), label=name)
    ax.set(xlabel="part of the bill that would have to change hands to make it the mean over orders [%]", ylabel="share of the queues", ylim=(0, 1), xlim=(0, 110))
    ax.grid()
    ax.legend(frameon=False, loc="lower right")
    beyond = sum(int((d > 1.1).sum()) for d in found.values())
    ax.set_title(f"How far each rule is from the mean over orders ({beyond} values beyond 110 %)", loc="left", fontweight="bold")
    save(f, out, "distances")


def draw(units, out):
    luck(units, out)
    rules(units, out)
    rule_distances(units, out)
