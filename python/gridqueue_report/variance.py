"""Why units pay what they pay, over many queues: the law of total variance (host/outcome/cost_variance.hpp has the formulas)."""

from dataclasses import dataclass

import numpy as np

MOST_GROUPS, FEWEST_GROUPS = 100, 8  # of queues, left out one by one for the intervals


def student_t(dof):
    """97.5 % quantile of Student's t (Cornish-Fisher about the normal, within 0.2 % for dof >= 7)."""
    z = 1.959963984540054
    return z + (z**3 + z) / (4 * dof) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * dof**2) \
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * dof**3)


@dataclass
class Moments:
    """Over the orders of each queue; squared standard errors are 0 where all orders were walked."""
    queue: np.ndarray           # [unit of any queue] its queue, ascending
    mean: np.ndarray            # [unit]
    variance: np.ndarray
    error2: np.ndarray
    total_mean: np.ndarray      # [queue]
    total_variance: np.ndarray
    total_error2: np.ndarray


def between(mean, error2):
    """Variance of the means; what errors of sampled means add is taken off."""
    return max(0.0, float(np.var(mean, ddof=1) - np.mean(error2)))


def averages(m):
    """Of every queue's units: (variance over orders, variance between units' means, mean, squared error of that)."""
    n = np.bincount(m.queue)
    mean_of = lambda x: np.bincount(m.queue, weights=x) / n
    mean, error2 = mean_of(m.mean), m.total_error2 / n**2
    return mean_of(m.variance), mean_of((m.mean - mean[m.queue]) ** 2) - mean_of(m.error2) + error2, mean, error2


def parts_of(order, place, mean, error2):
    return np.array([order.mean(), max(0.0, place.mean()), between(mean, error2)])


def unit_parts(m):
    """Variance [USD^2] of what a unit pays: order in the queue, place and size, queue; and (share, standard error, low, high) of each."""
    each = averages(m)
    parts, queues = parts_of(*each), len(m.total_mean)
    groups = min(MOST_GROUPS, queues)
    share = parts / parts.sum() if parts.sum() > 0 else np.full(3, np.nan)
    unknown = np.full(3, np.nan)
    if groups < FEWEST_GROUPS or not parts.sum() > 0:
        return parts, np.stack([share, unknown, unknown, unknown], 1)
    group = np.arange(queues) * groups // queues
    without = np.array([parts_of(*(x[group != g] for x in each)) for g in range(groups)])
    without /= np.maximum(without.sum(axis=1), 1e-300)[:, None]
    error = np.sqrt(((without - without.mean(axis=0)) ** 2).sum(axis=0) * (groups - 1) / groups)
    half = student_t(groups - 1) * error
    return parts, np.stack([share, error, np.maximum(0, share - half), np.minimum(1, share + half)], 1)


def total_parts(m):
    """Variance [USD^2] of an order's total: within queues (order), between queues."""
    return np.array([m.total_variance.mean(), between(m.total_mean, m.total_error2)])
