"""`reset-password serve`: what HTTP adds to a reset, how fast it refuses and starts, its memory."""

import os
import time
from contextlib import ExitStack

from runner import DEFAULT, EQUAL
from samples import difference, summary
from table import at_most, columns, middle, ms, refused, row

PAIRS = 5  # for each round, of a reset through the crate and one over HTTP
REFUSALS = 1000  # in one sample
CLIENTS = (1, 16)  # connections that are refused over HTTP
STARTS = 20
CROWD, REFUSALS_AFTER = 500, 10_000  # the load before memory is looked at
SHARES = {"median": 0.5, "90 %": 0.9, "99 %": 0.99, "99.9 %": 0.999, "longest": 1}
LABEL = "reset-password serve"

# What a reset over HTTP takes more than through the crate, and the process, at most; and refusals a
# second, at least.
EXTRA_TARGET_MS = 1
START_TARGET_MS = 50
RESIDENT_TARGET_MIB = 30
REFUSAL_TARGETS = {f"{LABEL}, 16 connections": 15_000}


def measure(runner):
    return {
        "over_http": [measure_extra(runner, profile) for profile in (EQUAL, DEFAULT)],
        "refusal": measure_refusals(runner),
        "footprint": measure_footprint(runner),
    }


def start(runner, stack, profile, folder, core=None):
    program = [runner.programs.rust, "service"]
    serve = runner.programs.serve
    return runner.start_checked(stack, LABEL, program, profile, folder, serve, core=core)


def measure_extra(runner, profile):
    """What HTTP adds is small beside a hash and beside its scatter: it takes many pairs."""
    name, memory_kib, _, has_targets = profile
    pairs = PAIRS * runner.options.rounds
    with ExitStack() as stack:
        folder = runner.folder("service", memory_kib)
        engine = [runner.programs.rust, "engine"]
        crate = runner.start_checked(stack, "reset-password", engine, profile, folder)
        service = start(runner, stack, profile, folder)
        durations = {crate: [], service: []}
        for number in runner.rounds(f"{name}, crate and service", PAIRS, pairs):
            for one in (crate, service) if number % 2 == 0 else (service, crate):
                ns = one.ask("reset", password=runner.password())["ns"]
                if number >= 0:
                    durations[one].append(ns)
    return {
        "name": name,
        "has_targets": has_targets,
        "reset": {one.label: summary(each) for one, each in durations.items()},
        "extra": difference(durations[crate], durations[service]),
    }


def measure_refusals(runner):
    """What a token that nobody was given costs the service, pinned to one core; its client is given
    another."""
    cores = os.sched_getaffinity(0)
    rounds = max(10, runner.options.rounds // 4)
    with ExitStack() as stack:
        folder = runner.folder("service", "refusal")
        service = start(runner, stack, EQUAL, folder, max(cores))
        service.move_to(min(cores))
        floods = {clients: [] for clients in CLIENTS}
        for number in runner.rounds("refusing unknown tokens over HTTP", 2, rounds):
            for clients in CLIENTS:
                flood = service.ask("flood", connections=clients, count=REFUSALS)
                if number >= 0:
                    floods[clients].append(flood)
    return {over(clients): rush(each) for clients, each in floods.items()}


def over(clients):
    return f"{LABEL}, {clients} connection{'s' if clients > 1 else ''}"


def rush(floods):
    """What one number of connections met in all rounds together."""
    latencies = sorted(ns for flood in floods for ns in flood["latencies_ns"])
    ticks = sum(flood["ns"] for flood in floods) / 1e9 * os.sysconf("SC_CLK_TCK")
    return {
        **summary([flood["ns"] / len(flood["latencies_ns"]) for flood in floods]),
        "latencies_ns": {
            name: latencies[min(int(share * len(latencies)), len(latencies) - 1)]
            for name, share in SHARES.items()
        },
        "service_share": sum(flood["service_ticks"] for flood in floods) / ticks,
        "client_share": sum(flood["client_ticks"] for flood in floods) / ticks,
    }


def measure_footprint(runner):
    """How fast the service starts and how much memory it takes, at rest and after a load."""
    rest = runner.options.rest
    with ExitStack() as stack:
        service = start(runner, stack, DEFAULT, runner.folder("service", "footprint"))
        starts = []
        for number in range(STARTS):
            runner.progress.show(LABEL, "start", number + 1, STARTS)
            starts.append(service.ask("restart")["ns"])
        service.ask("flood", connections=1, count=1)
        before = service.ask("memory")
        runner.progress.show(LABEL, "load", 1, 1)
        crowd = service.ask("crowd", connections=CROWD, password=runner.password())
        service.ask("flood", connections=max(CLIENTS), count=REFUSALS_AFTER)
        under_load = service.ask("memory")
        runner.progress.show(LABEL, f"{rest} s of rest", 1, 1)
        time.sleep(rest)
        after = service.ask("memory")
    return {
        "start": summary(starts),
        "before_kib": before["resident_kib"],
        "crowd": CROWD,
        "overloaded": crowd["overloaded"],
        "refusals": REFUSALS_AFTER,
        "under_load_kib": under_load["resident_kib"],
        "rest_seconds": rest,
        "after_kib": after["resident_kib"],
        "peak_kib": after["peak_kib"],
    }


def render(section, record):
    lines = ["", "== over HTTP =="]
    for profile in section["over_http"]:
        lines += [""] + render_extra(profile)
    lines += ["", "== refusing unknown tokens over HTTP, the service on one core ==", ""]
    lines.append(row("", "median", "middle half", "a second", "target"))
    for label, it in section["refusal"].items():
        lines.append(refused(label, it, REFUSAL_TARGETS.get(label)))
    lines += [""] + render_latencies(section["refusal"], record["machine"]["cores"])
    lines += ["", "== the service itself, at the default parameters ==", ""]
    return lines + render_footprint(section["footprint"])


def render_extra(profile):
    crate, service = (profile["reset"][label] for label in ("reset-password", LABEL))
    extra = profile["extra"]
    low, high = (f"{ns / 1e6:.2f}" for ns in extra["sure_ns"])
    verdict = at_most(extra["median_ns"] / 1e6, EXTRA_TARGET_MS, " ms")
    pairs = f"more than the crate, {len(extra['samples_ns'])} pairs"
    return [
        row(profile["name"], "median", "middle half", "95 % sure", "target"),
        row("reset-password", ms(crate["median_ns"]), middle(crate)),
        row(LABEL, ms(service["median_ns"]), middle(service)),
        row(pairs, ms(extra["median_ns"]), middle(extra), f"{low} to {high}", verdict),
    ]


def render_latencies(over_http, cores):
    names = list(next(iter(over_http.values()))["latencies_ns"])
    lines = [columns("ms until the answer", names)]
    other = "another" if cores > 1 else "the same"
    for label, it in over_http.items():
        cells = [f"{ns / 1e6:.2f}" for ns in it["latencies_ns"].values()]
        lines.append(columns(label, cells))
        busy, client = f"{it['service_share']:.0%}", f"{it['client_share']:.0%}"
        lines.append(f"    using {busy} of that core, and its client {client} of {other}")
    return lines


def render_footprint(it):
    started, rest = it["start"], it["rest_seconds"]
    verdict = at_most(started["median_ns"] / 1e6, START_TARGET_MS, " ms")
    lines = [
        row("", "median", "middle half", "", "target"),
        row("start to first answer", ms(started["median_ns"]), middle(started), "", verdict),
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
