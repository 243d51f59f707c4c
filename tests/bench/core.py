"""The engine through its crate: the bare hash, the whole reset, throughput and refusals, beside what
others compute the same with."""

import os
import statistics
from contextlib import ExitStack

import machine
from contender import ContenderError
from runner import DEFAULT, EQUAL
from samples import summary
from table import at_most, columns, middle, ms, ratio, refused, row

CALLERS = (1, 2, 8, 64)
WARM_UP = 5  # rounds
# Before them, of each engine: until SQLite writes its log over instead of making the file longer, which is how
# it goes on for as long as a process runs.
EARLIER_RESETS = 100
REFUSALS = 1000  # in one sample
SALT = "0123456789abcdef"

# Whole reset, ours as a share of theirs, at most; and refusals a second, at least.
RESET_TARGETS = {"Django": 0.33, "better-auth": 0.60}
OWN_HASH_TARGET = 1.08
REFUSAL_TARGETS = {"reset-password": 100_000}

# What a caller is told that has to try again.
OVERLOAD = {"reset-password": "overloaded", "Django": "database is locked"}


def measure(runner):
    profiles = [measure_profile(runner, profile) for profile in (EQUAL, DEFAULT)]
    # It costs no hash, so once is enough.
    return {"profiles": profiles, "refusal": measure_refusals(runner)}


def start_bare(runner, stack, profile):
    programs = runner.programs
    return [
        runner.start(stack, label, program, profile, *arguments)
        for label, program, *arguments in (
            ("reset-password", [programs.rust, "ours"]),
            ("RustCrypto argon2", [programs.rust, "rustcrypto"]),
            ("argon2-cffi", programs.python("argon2_cffi_peer")),
            ("@node-rs/argon2, sync", programs.node("peers", "node_rs_peer"), "sync"),
            ("@node-rs/argon2, async", programs.node("peers", "node_rs_peer"), "async"),
        )
    ]


def start_resets(runner, stack, profile, folder, core=None):
    programs = runner.programs
    return [
        runner.start_checked(stack, label, program, profile, folder, core=core)
        for label, program in (
            ("reset-password", [programs.rust, "engine"]),
            ("Django", programs.python("django_peer")),
            ("better-auth", programs.node("peers", "better_auth_peer")),
        )
    ]


def measure_profile(runner, profile):
    name, memory_kib, _, has_targets = profile
    with ExitStack() as stack:
        bare = start_bare(runner, stack, profile)
        resets = start_resets(runner, stack, profile, runner.folder("core", memory_kib))
        for one in resets:
            for number in range(EARLIER_RESETS):
                runner.progress.show(name, f"{one.label}, earlier resets,", number + 1, EARLIER_RESETS)
                one.ask("reset", password=runner.password())
        # The first and the last of them meet themselves at the turn of a round. Ours are neighbours: what is
        # said of one by the other is free of what their neighbours leave in the caches.
        hashes = [(one, "hash") for one in bare]
        lanes = [*hashes[1:], hashes[0]] + [(one, "reset") for one in resets]
        samples = {lane: [] for lane in lanes}
        for number in runner.rounds(name, WARM_UP, runner.options.rounds):
            durations = measure_round(runner, lanes[:: 1 if number % 2 == 0 else -1])
            if number >= 0:
                for lane, ns in durations.items():
                    samples[lane].append(ns)
        bare = {one.label: summary(samples[one, "hash"]) for one in bare}
        reset = {one.label: summary(samples[one, "reset"]) for one in resets}
        throughput = measure_throughput(runner, profile, resets, reset)
    return {
        "name": name,
        "has_targets": has_targets,
        "bare": bare,
        "reset": reset,
        "throughput": throughput,
    }


def measure_round(runner, lanes):
    password, durations, tags = runner.password(), {}, set()
    for contender, op in lanes:
        salt = {"salt": SALT} if op == "hash" else {}
        answer = contender.ask(op, password=password, **salt)
        durations[contender, op] = answer["ns"]
        if op == "hash":
            tags.add(answer["tag"])
    if len(tags) != 1:
        raise ContenderError(f"the bare hashes of one password differ: {tags}")
    return durations


def measure_throughput(runner, profile, contenders, reset):
    """Whole resets a second, by callers."""
    name, memory_kib, *_ = profile
    cores = len(os.sched_getaffinity(0))
    samples = {one.label: {callers: [] for callers in CALLERS} for one in contenders}
    repeats = runner.options.repeats
    for number in range(repeats):
        for callers in CALLERS:
            if not machine.has_memory(callers * memory_kib):
                continue
            runner.progress.show(name, f"throughput, callers {callers},", number + 1, repeats)
            for one in contenders:
                alone = reset[one.label]["median_ns"] / 1e9
                resets = int(runner.options.seconds * min(callers, cores) / alone)
                resets = max(resets, 2 * callers)
                work = {"callers": callers, "resets": resets, "password": runner.password()}
                answer = one.ask("throughput", **work)
                sample = (resets / answer["ns"] * 1e9, answer["overloaded"] / resets)
                samples[one.label][callers].append(sample)
    return {
        label: {
            str(callers): {
                "per_second": statistics.median(rate for rate, _ in each),
                "overloaded_per_reset": statistics.median(share for _, share in each),
            }
            for callers, each in by_callers.items()
            if each
        }
        for label, by_callers in samples.items()
    }


def measure_refusals(runner):
    """What a token that nobody was given costs, everything pinned to one core."""
    core = max(os.sched_getaffinity(0))
    rounds = max(10, runner.options.rounds // 4)
    with ExitStack() as stack:
        contenders = start_resets(runner, stack, EQUAL, runner.folder("core", "refusal"), core)
        samples = {one.label: [] for one in contenders}
        for number in runner.rounds("refusing unknown tokens", 2, rounds):
            for one in contenders:
                ns = one.ask("refuse", count=REFUSALS)["ns"] / REFUSALS
                if number >= 0:
                    samples[one.label].append(ns)
    return {label: summary(each) for label, each in samples.items()}


def render(section, record):
    lines = []
    for profile in section["profiles"]:
        lines += ["", f"== {profile['name']} ==", ""]
        lines += render_bare(profile) + [""] + render_reset(profile) + [""]
        lines += render_throughput(profile, record)
    lines += ["", "== refusing a well-formed token that nobody was given, one core ==", ""]
    lines.append(row("", "median", "middle half", "a second", "target"))
    for label, it in section["refusal"].items():
        lines.append(refused(label, it, REFUSAL_TARGETS.get(label)))
    return lines


def render_bare(profile):
    lines = [row("bare Argon2id", "median", "middle half", "ours ÷ it")]
    ours = profile["bare"]["reset-password"]
    for label, it in profile["bare"].items():
        lines.append(row(label, ms(it["median_ns"]), middle(it), ratio(ours, it)))
    return lines


def render_reset(profile):
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


def render_throughput(profile, record):
    counts = list(profile["throughput"]["reset-password"])
    lines = [columns("whole resets a second, by callers", counts)]
    for label, by_callers in profile["throughput"].items():
        cells = [f"{by_callers[count]['per_second']:.1f}" for count in counts]
        lines.append(columns(f"{label} ({record['contenders'][label]['callers']})", cells))
        overloaded = [by_callers[count]["overloaded_per_reset"] for count in counts]
        if any(overloaded):
            cells = [f"{share:.2f}" for share in overloaded]
            lines.append(columns(f"  {OVERLOAD[label]}, 50 ms later again; a reset", cells))
    if len(counts) < len(CALLERS):
        lines.append("  more callers were left out: their hashes at once exceed the free memory")
    return lines
