"""Lines and cells of the table."""

WIDTH = 40  # of the first column


def row(label, median, half="", share="", last=""):
    return f"  {label:<{WIDTH}}{median:>12}{half:>17}{share:>16}   {last}".rstrip()


def columns(label, cells):
    # The longest label names its kind of caller too.
    return f"  {label:<{WIDTH + 10}}" + "".join(f"{cell:>10}" for cell in cells)


def at_most(value, target, unit=""):
    if value <= target:
        return f"at most {target:.2f}{unit}: met"
    missed = f"MISSED by {value - target:.2f}{unit} ({value / target - 1:.0%})"
    return f"at most {target:.2f}{unit}: {missed}"


def at_least(value, target):
    if value >= target:
        return f"at least {target:,}: met"
    return f"at least {target:,}: MISSED by {target - value:,.0f} ({1 - value / target:.0%})"


def ms(ns):
    return f"{ns / 1e6:.2f} ms"


def us(ns):
    return f"{ns / 1e3:.1f} µs"


def middle(it, unit=1e6):
    """The middle half, with two digits of milliseconds or one of microseconds."""
    low, high = (f"{it[end] / unit:.{2 if unit == 1e6 else 1}f}" for end in ("low_ns", "high_ns"))
    # Some are negative.
    return f"{low} to {high}" if "-" in low + high else f"{low}–{high}"


def ratio(ours, it):
    return "" if ours is it else f"{ours['median_ns'] / it['median_ns']:.2f}"


def refused(label, it, target):
    """What a refusal takes, and how many that makes a second."""
    rate = 1e9 / it["median_ns"]
    verdict = at_least(rate, target) if target else ""
    return row(label, us(it["median_ns"]), middle(it, 1e3), f"{rate:,.0f}", verdict)
