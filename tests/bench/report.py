"""The table that a person reads."""

import textwrap

WIDTH = 40  # of the first column

# Whole reset, ours as a share of theirs, at most; and refusals a second, at least.
RESET_TARGETS = {"Django": 0.50, "better-auth": 0.85}
OWN_HASH_TARGET = 1.10
REFUSAL_TARGET = 20_000

# What a caller is told that has to try again.
OVERLOAD = {"reset-password": "overloaded", "Django": "database is locked"}


def render(record):
    lines = head(record)
    for profile in record["profiles"]:
        lines += ["", f"== {profile['name']} ==", ""]
        lines += bare(profile) + [""] + reset(profile) + [""] + throughput(profile, record)
    lines += ["", "== refusing a well-formed token that nobody was given, one core ==", ""]
    lines += refusal(record["refusal"])
    lines += ["", "== versions ==", ""] + versions(record)
    return "\n".join(lines)


def head(record):
    machine, load = record["machine"], record["load"]
    lines = [
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB,"
        f" Linux {machine['kernel']}, databases on {machine['file_system']}",
        f"medians of {record['rounds']} interleaved rounds, with the middle half of the samples",
        f"meanwhile other programs used {load['others']:.0%} of the processors,"
        f" and the machine's host took {load['stolen']:.0%}",
    ]
    if machine["file_system"] in ("tmpfs", "ramfs"):
        lines.append("these files are in memory, so no commit waits for a disk: use --scratch")
    return lines


def bare(profile):
    lines = [row("bare Argon2id", "median", "middle half", "ours ÷ it")]
    ours = profile["bare"]["reset-password"]
    for label, it in profile["bare"].items():
        lines.append(row(label, ms(it["median_ns"]), middle(it), ratio(ours, it)))
    return lines


def reset(profile):
    last = "target" if profile["has_targets"] else ""
    lines = [row("whole reset", "median", "middle half", "ours ÷ it", last)]
    ours, own_hash = profile["reset"]["reset-password"], profile["bare"]["reset-password"]
    others = {"our own bare hash, from above": (own_hash, OWN_HASH_TARGET)}
    for label, target in RESET_TARGETS.items():
        others[label] = (profile["reset"][label], target)
    lines.append(row("reset-password", ms(ours["median_ns"]), middle(ours)))
    for label, (it, target) in others.items():
        verdict = ""
        if profile["has_targets"]:
            verdict = at_most(ours["median_ns"] / it["median_ns"], target)
        lines.append(row(label, ms(it["median_ns"]), middle(it), ratio(ours, it), verdict))
    return lines


def throughput(profile, record):
    counts = list(profile["throughput"]["reset-password"])
    lines = [columns("whole resets a second, by callers", counts)]
    for label, by_callers in profile["throughput"].items():
        cells = [f"{by_callers[count]['per_second']:.1f}" for count in counts]
        lines.append(columns(f"{label} ({record['contenders'][label]['callers']})", cells))
        overloaded = [by_callers[count]["overloaded_per_reset"] for count in counts]
        if any(overloaded):
            cells = [f"{share:.2f}" for share in overloaded]
            lines.append(columns(f"  {OVERLOAD[label]}, 50 ms later again; a reset", cells))
    if len(counts) < 4:
        lines.append("  more callers were left out: their hashes at once exceed the free memory")
    return lines


def refusal(contenders):
    lines = [row("", "median", "middle half", "a second", "target")]
    for label, it in contenders.items():
        rate = 1e9 / it["median_ns"]
        verdict = at_least(rate, REFUSAL_TARGET) if label == "reset-password" else ""
        half = f"{it['low_ns'] / 1000:.1f}–{it['high_ns'] / 1000:.1f}"
        lines.append(row(label, f"{it['median_ns'] / 1000:.1f} µs", half, f"{rate:,.0f}", verdict))
    return lines


def versions(record):
    tools = record["versions"]
    described = {
        "Rust": f"rustc {tools['rustc']}",
        "reset-password": f"argon2-rust {tools['argon2-rust']}, sqlx {tools['sqlx']}",
        "RustCrypto argon2": f"argon2 {tools['argon2']}",
    }
    for label, parts in record["contenders"].items():
        parts = {name: value for name, value in parts.items() if name != "callers"}
        database = parts.pop("database", None)
        own = [f"{name} {version}" for name, version in parts.items()]
        known = [described[label]] if label in described else []
        described[label] = ", ".join(own + known + ([database] if database else []))
    lines = []
    for label, text in described.items():
        first, *more = textwrap.wrap(text, 68, break_on_hyphens=False)
        lines.append(f"  {label:<26}{first}")
        lines += [" " * 28 + line for line in more]
    return lines


def at_most(value, target):
    if value <= target:
        return f"at most {target:.2f}: met"
    return f"at most {target:.2f}: MISSED by {value - target:.2f} ({value / target - 1:.0%})"


def at_least(value, target):
    if value >= target:
        return f"at least {target:,}: met"
    return f"at least {target:,}: MISSED by {target - value:,.0f} ({1 - value / target:.0%})"


def ms(ns):
    return f"{ns / 1e6:.2f} ms"


def middle(it):
    return f"{it['low_ns'] / 1e6:.2f}–{it['high_ns'] / 1e6:.2f}"


def ratio(ours, it):
    return "" if ours is it else f"{ours['median_ns'] / it['median_ns']:.2f}"


def row(label, median, half="", share="", last=""):
    return f"  {label:<{WIDTH}}{median:>12}{half:>17}{share:>12}   {last}".rstrip()


def columns(label, cells):
    # The longest label names its kind of caller too.
    return f"  {label:<{WIDTH + 10}}" + "".join(f"{cell:>10}" for cell in cells)
