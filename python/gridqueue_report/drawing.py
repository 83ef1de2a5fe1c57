"""Where the feeder's buses and labels go in the drawing."""

import numpy as np

MARGIN = 0.055                       # of each side
LABEL_HEIGHT, LETTER = 18, 7.2       # [px]
DIRECTIONS = [(0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1), (1, 0), (-1, 0)]
DISTANCES = (14, 30, 48, 70)         # [px] from the rim of the bus's circle to the label's centre


def coordinates(feeder):
    """(x, y, drawn): the feeder's own coordinates, or its tree where too few buses have them."""
    known = np.isfinite(feeder.x) & np.isfinite(feeder.y)
    if known.mean() < 0.5:
        return (*_tree(feeder.parent), False)
    x, y = feeder.x.copy(), feeder.y.copy()
    for b in np.flatnonzero(~known):  # parents come first: a bus without a place stands at its parent's
        if feeder.parent[b] >= 0 and np.isfinite(x[feeder.parent[b]]):
            x[b], y[b] = x[feeder.parent[b]], y[feeder.parent[b]]
    return x, y, True


def _tree(parent):
    """x = branches from the source; y = rows of leaves, a bus amid its children."""
    depth, y = np.zeros(len(parent)), np.full(len(parent), np.nan)
    for b in range(1, len(parent)):
        depth[b] = depth[parent[b]] + 1
    children = [[] for _ in parent]
    for b in range(1, len(parent)):
        children[parent[b]].append(b)
    leaf = 0
    for b in range(len(parent)):  # depth-first numbering
        if not children[b]:
            y[b], leaf = leaf, leaf + 1
    for b in reversed(range(len(parent))):
        if children[b]:
            y[b] = y[children[b][0]]
    return depth, -y


class Canvas:
    """From coordinates to pixels of a drawing `width` by `height`; y grows downwards, as in a browser."""

    def __init__(self, x, y, width, height):
        self.x_range, self.y_range = _padded(x), _padded(y)
        self.width, self.height = width, height

    def pixels(self, x, y):
        return ((x - self.x_range[0]) / (self.x_range[1] - self.x_range[0]) * self.width,
                (self.y_range[1] - y) / (self.y_range[1] - self.y_range[0]) * self.height)


def _padded(v):
    low, high = float(np.nanmin(v)), float(np.nanmax(v))
    pad = MARGIN * (high - low) or 1.0
    return low - pad, high + pad


def _box(x, y, text):
    half = LETTER * len(text) / 2 + 3
    return x - half, y - LABEL_HEIGHT / 2, x + half, y + LABEL_HEIGHT / 2


def _overlap(a, b):
    return max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))


def place_labels(canvas, anchors, obstacles):
    """Offsets [px] of labels from their anchors [(x, y, text, radius)], clear of each other and, where it can be, of obstacles."""
    taken, offsets = [], []
    circles = [(px - r - 2, py - r - 2, px + r + 2, py + r + 2) for px, py, _, r in anchors]
    for px, py, text, radius in anchors:
        best = None
        for distance in (radius + d for d in DISTANCES):
            for dx, dy in DIRECTIONS:
                reach = distance + (LETTER * len(text) / 2 - 6 if dx else 0)
                offset = (dx * reach, dy * (distance if not dx else 0.75 * distance))
                box = _box(px + offset[0], py + offset[1], text)
                cost = (1000 * sum(_overlap(box, b) for b in taken) + 1000 * _outside(box, canvas) + 20 * sum(_overlap(box, b) for b in circles)
                        + 10 * sum(_inside(p, box) for p in obstacles) + 100 * _crosses((px, py), offset, taken) + distance / 2)
                if best is None or cost < best[0]:
                    best = (cost, offset, box)
        taken.append(best[2])
        offsets.append(best[1])
    return offsets


def _inside(point, box):
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]


def _crosses(anchor, offset, boxes):
    """Does the line from the bus to its label run through other labels?"""
    points = [(anchor[0] + t * offset[0], anchor[1] + t * offset[1]) for t in np.linspace(0, 1, 12)]
    return sum(any(_inside(p, b) for p in points) for b in boxes)


def _outside(box, canvas):
    return max(0, -box[0]) + max(0, -box[1]) + max(0, box[2] - canvas.width) + max(0, box[3] - canvas.height)


def along_lines(x, y, parent, canvas, gap=10):
    """Points [px] every `gap` pixels on every line: what labels keep clear of."""
    px, py = canvas.pixels(x, y)
    points = []
    for b in range(1, len(parent)):
        a = parent[b]
        ends = px[a], py[a], px[b], py[b]
        if not np.all(np.isfinite(ends)):
            continue
        steps = max(1, int(np.hypot(ends[2] - ends[0], ends[3] - ends[1]) / gap))
        points += [(ends[0] + t * (ends[2] - ends[0]), ends[1] + t * (ends[3] - ends[1])) for t in np.linspace(0, 1, steps + 1)]
    return points
