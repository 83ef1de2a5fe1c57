"""One look for the page and the pictures: colours that colour-blind readers tell apart, money in words."""

import math

INK, GREY, LIGHT, EMPTY = "#1f2933", "#7b8794", "#d9dee3", "#eceff2"
BLUE, SKY, GREEN, ORANGE, VERMILION, PURPLE, YELLOW = (  # Okabe and Ito
    "#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00", "#CC79A7", "#F0E442")
BLUES = ["#ffffff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b"]
ORANGES = ["#fde3c0", "#fdc57f", "#f99b45", "#e8701a", "#b84a0b", "#7f2704"]
DIVERGING = ["#08519c", "#4292c6", "#9ecae1", "#ffffff", "#fdc57f", "#e8701a", "#7f2704"]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
NARROW = "\u00a0"  # a space at which no line ends
WIDTH = 1000  # [px] of a picture, and the widest a figure gets on the page


def scale(colours):
    """As plotly wants it."""
    return [[i / (len(colours) - 1), c] for i, c in enumerate(colours)]


def colormap(colours):
    from matplotlib.colors import LinearSegmentedColormap
    return LinearSegmentedColormap.from_list("gridqueue", colours)


def mix(colours, share):
    """The colour at a share between 0 and 1 of a list."""
    at = min(max(share, 0.0), 1.0) * (len(colours) - 1)
    i = min(int(at), len(colours) - 2)
    rgb = [[int(c[k:k + 2], 16) for k in (1, 3, 5)] for c in colours[i:i + 2]]
    return "#" + "".join(f"{round(a + (b - a) * (at - i)):02x}" for a, b in zip(*rgb))


def usd(x):
    """Money wherever people read it: 3,622,080 $."""
    return "-" if x is None or math.isnan(x) else f"{x:,.0f}{NARROW}$"


def short_usd(x):
    """Where a drawing has no room for more than three digits: 3.62 M$, 190 k$, 12 $."""
    if x is None or math.isnan(x):
        return ""
    for size, name in ((1e9, "bn$"), (1e6, "M$"), (1e3, "k$")):
        if abs(x) >= 0.9995 * size:
            v = x / size
            return f"{v:.{2 if abs(v) < 9.995 else 1 if abs(v) < 99.95 else 0}f}{NARROW}{name}"
    return f"{x:.0f}{NARROW}$" if abs(x) >= 0.5 else "0"


def axis_unit(largest):
    """(divisor, name) for an axis in money; the names are those of short_usd."""
    return (1e6, "M$") if largest >= 2e6 else (1e3, "k$") if largest >= 2e3 else (1.0, "$")


def dollar_ticks(*axes):
    """1,000,000 instead of a power of ten, on axes of matplotlib; plotly takes tickformat=DOLLAR_TICKS."""
    for axis in axes:
        axis.set_major_formatter(lambda x, _: f"{x:,.0f}")


DOLLAR_TICKS = ",.0f"


def percent(p, digits=1):
    if 0 < p < 0.5 * 10 ** -(digits + 2):
        return f"<{NARROW}{10 ** -digits:g}{NARROW}%"
    return f"{100 * p:.{digits}f}{NARROW}%"


def count(n):
    return f"{n:,.0f}" if n < 1e7 else f"{n:.3g}"
