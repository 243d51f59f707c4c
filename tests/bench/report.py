"""The table that a person reads."""

import textwrap

WIDTH = 40  # of the first column

# Whole reset, ours as a share of theirs, at most; and refusals a second, at least.
RESET_TARGETS = {"Django": 0.50, "better-auth": 0.85}
OWN_HASH_TARGET = 1.10
REFUSAL_TARGETS = {"reset-password": 20_000, "reset-password serve, 16 connections": 5_000}

# The service, at most: what a reset over HTTP takes more than through the crate, and the process.
EXTRA_TARGET_MS = 1
START_TARGET_MS = 50
RESIDENT_TARGET_MIB = 30

# What a caller is told that has to try again.
OVERLOAD = {"reset-password": "overloaded", "Django": "database is locked"}


def render(record):
    lines = head(record)
    for profile in record["profiles"]:
        lines += ["", f"== {profile['name']} ==", ""]
        lines += bare(profile) + [""] + reset(profile) + [""] + over_http(profile) + [""]
        lines += throughput(profile, record)
    lines += ["", "== refusing a well-formed token that nobody was given, one core ==", ""]
    lines += refusal(record["refusal"] | record["refusal_over_http"]) + [""]
    lines += latencies(record["refusal_over_http"], record["machine"]["cores"])
    lines += ["", "== the service itself, at the default parameters ==", ""]
    lines += footprint(record["footprint"])
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


def over_http(profile):
    service, extra = profile["reset"]["reset-password serve"], profile["extra"]
    low, high = (f"{ns / 1e6:.2f}" for ns in extra["sure_ns"])
    half = middle(extra).replace("–", " to ")  # some are negative
    verdict = at_most(extra["median_ns"] / 1e6, EXTRA_TARGET_MS, " ms")
    pairs = f"more than the crate, {len(extra['samples_ns'])} pairs"
    return [
        row("whole reset over HTTP", "median", "middle half", "95 % sure", "target"),
        row("reset-password serve", ms(service["median_ns"]), middle(service)),
        row(pairs, ms(extra["median_ns"]), half, f"{low} to {high}", verdict),
    ]


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
        rate, target = 1e9 / it["median_ns"], REFUSAL_TARGETS.get(label)
        verdict = at_least(rate, target) if target else ""
        half = f"{it['low_ns'] / 1000:.1f}–{it['high_ns'] / 1000:.1f}"
        lines.append(row(label, f"{it['median_ns'] / 1000:.1f} µs", half, f"{rate:,.0f}", verdict))
    return lines


def latencies(over_http, cores):
    names = list(next(iter(over_http.values()))["latencies_ns"])
    lines = [columns("ms until the answer", names)]
    other = "another" if cores > 1 else "the same"
    for label, it in over_http.items():
        cells = [f"{ns / 1e6:.2f}" for ns in it["latencies_ns"].values()]
        lines.append(columns(label, cells))
        service, client = f"{it['service_share']:.0%}", f"{it['client_share']:.0%}"
        lines.append(f"    using {service} of that core, and its client {client} of {other}")
    return lines


def footprint(it):
    start, rest = it["start"], it["rest_seconds"]
    verdict = at_most(start["median_ns"] / 1e6, START_TARGET_MS, " ms")
    lines = [
        row("", "median", "middle half", "", "target"),
        row("start to first answer", ms(start["median_ns"]), middle(start), "", verdict),
        "",
        row("resident memory", "", "", "", "target"),
    ]
    for label, kib, has_target in (
        ("before the first hash", it["before_kib"], True),
        ("right after the load", it["under_load_kib"], False),
        (f"{rest} s after the load", it["after_kib"], True),
        ("at the most", it["peak_kib"], False),
    ):
        mib = kib / 1024
        verdict = at_most(mib, RESIDENT_TARGET_MIB, " MiB") if has_target else ""
        lines.append(row(label, f"{mib:.1f} MiB", "", "", verdict))
    return lines + [
        f"  the load: {it['crowd']} connections confirm at once, of which {it['overloaded']} are"
        f" told overloaded; then {it['refusals']:,} refusals"
    ]


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


def middle(it):
    return f"{it['low_ns'] / 1e6:.2f}–{it['high_ns'] / 1e6:.2f}"


def ratio(ours, it):
    return "" if ours is it else f"{ours['median_ns'] / it['median_ns']:.2f}"


def row(label, median, half="", share="", last=""):
    return f"  {label:<{WIDTH}}{median:>12}{half:>17}{share:>14}   {last}".rstrip()


def columns(label, cells):
    # The longest label names its kind of caller too.
    return f"  {label:<{WIDTH + 10}}" + "".join(f"{cell:>10}" for cell in cells)
