"""What is said of many samples."""

import statistics


def summary(samples):
    low, median, high = statistics.quantiles(samples, n=4)
    return {"median_ns": median, "low_ns": low, "high_ns": high, "samples_ns": samples}


def sure(samples):
    """Where the true median is with 95 % certainty, by the binomial distribution of the ranks."""
    ranked, count = sorted(samples), len(samples)
    rank = max(int(count / 2 - 0.98 * count**0.5), 1)
    return ranked[rank - 1], ranked[count - rank]


def difference(less, more):
    """What the second of each pair takes more than the first."""
    differences = [after - before for before, after in zip(less, more)]
    return {**summary(differences), "sure_ns": sure(differences)}
