"""The engine on PostgreSQL and MariaDB, on this machine but half a millisecond away, beside what others do on
PostgreSQL."""

import statistics
from contextlib import ExitStack

from core import REFUSALS
from runner import DEFAULT, EQUAL
from samples import summary
from servers import Servers
from table import at_least, at_most, columns, middle, ms, ratio, row, us

ADDED_US = 500  # to each round trip
WARM_UP = 5  # rounds
CALLERS = (1, 8, 64)
LINKS = 4000  # in one sample, of the most callers
KINDS = {"PostgreSQL": "postgres15", "MariaDB": "mariadb10.11"}
BARE = "our own bare hash"

# Whole reset as a share of the bare hash, at most; and links ended a second by the most callers, at least.
OWN_HASH_TARGET = 1.12
ENDING_TARGET = 1_000


def measure(runner):
    folder = runner.folder("databases")
    # The servers may be another user's, as in the folder for temporary files.
    folder.chmod(0o1777)
    with Servers(runner.programs.databases, folder, KINDS.values()) as servers:
        return {
            "added_us": ADDED_US,
            "reset": measure_resets(runner, servers),
            "refusal": measure_refusals(runner, servers),
            "throughput": measure_throughput(runner, servers),
        }


def start_ours(runner, stack, servers, profile):
    program, folder = [runner.programs.rust, "engine"], runner.options.data
    return [
        runner.start_checked(
            stack,
            f"reset-password, {name}",
            program,
            profile,
            folder,
            servers.new_database(kind, ADDED_US),
        )
        for name, kind in KINDS.items()
    ]


def start_peers(runner, stack, servers, profile):
    programs, folder = runner.programs, runner.options.data
    return [
        runner.start_checked(
            stack,
            f"{name}, PostgreSQL",
            program,
            profile,
            folder,
            servers.new_database(KINDS["PostgreSQL"], ADDED_US),
        )
        for name, program in (
            ("Django", programs.python("django_peer")),
            ("better-auth", programs.node("peers", "better_auth_peer")),
        )
    ]


def measure_resets(runner, servers):
    """Whole resets at the default parameters."""
    with ExitStack() as stack:
        bare = runner.start(stack, BARE, [runner.programs.rust, "ours"], DEFAULT)
        lanes = [(bare, "hash")]
        lanes += [(one, "reset") for one in start_ours(runner, stack, servers, DEFAULT)]
        lanes += [(one, "reset") for one in start_peers(runner, stack, servers, DEFAULT)]
        samples = {one.label: [] for one, _ in lanes}
        title = f"{DEFAULT[0]}, half a millisecond away"
        for number in runner.rounds(title, WARM_UP, runner.options.rounds):
            password = runner.password()
            for one, op in lanes[:: 1 if number % 2 == 0 else -1]:
                salt = {"salt": "0123456789abcdef"} if op == "hash" else {}
                ns = one.ask(op, password=password, **salt)["ns"]
                if number >= 0:
                    samples[one.label].append(ns)
    return {label: summary(each) for label, each in samples.items()}


def measure_refusals(runner, servers):
    """What a token that nobody was given costs one caller."""
    count, rounds = REFUSALS // 5, max(10, runner.options.rounds // 4)
    with ExitStack() as stack:
        contenders = start_ours(runner, stack, servers, EQUAL)
        contenders += start_peers(runner, stack, servers, EQUAL)
        samples = {one.label: [] for one in contenders}
        for number in runner.rounds("refusing unknown tokens half a millisecond away", 2, rounds):
            for one in contenders:
                ns = one.ask("refuse", count=count)["ns"] / count
                if number >= 0:
                    samples[one.label].append(ns)
    return {label: summary(each) for label, each in samples.items()}


def measure_throughput(runner, servers):
    """What many callers get done, by callers: links ended, which ask of the database what a reset asks, without
    its hash; and whole resets."""
    with ExitStack() as stack:
        contenders = start_ours(runner, stack, servers, EQUAL)
        return {
            one.label: {
                what: {str(callers): rate(runner, one, callers) for callers in CALLERS}
                for what, rate in (("links ended", endings), ("resets", resets))
            }
            for one in contenders
        }


def endings(runner, one, callers):
    count = max(LINKS * callers // max(CALLERS), 100)
    return per_second(runner, one, "revoke", callers, count, count=count)


def resets(runner, one, callers):
    count = max(2 * callers, 32)
    password = runner.password()
    return per_second(runner, one, "throughput", callers, count, resets=count, password=password)


def per_second(runner, one, op, callers, done, **fields):
    rates = []
    for number in range(runner.options.repeats):
        title = f"{one.label}, {op}, callers {callers},"
        runner.progress.show("databases", title, number + 1, runner.options.repeats)
        rates.append(done / one.ask(op, callers=callers, **fields)["ns"] * 1e9)
    return statistics.median(rates)


def render(section, _):
    added = f"each round trip {section['added_us'] / 1e3:.1f} ms longer"
    lines = ["", f"== databases on a server, {added} ==", ""]
    lines += render_resets(section["reset"]) + [""]
    lines.append(row("an unknown token refused", "median", "middle half"))
    for label, it in section["refusal"].items():
        lines.append(row(label, us(it["median_ns"]), middle(it, 1e3)))
    return lines + [""] + render_throughput(section["throughput"])


def render_resets(reset):
    lines = [row(f"whole reset, {DEFAULT[0]}", "median", "middle half", "÷ bare hash", "target")]
    bare = reset[BARE]
    for label, it in reset.items():
        share = ratio(it, bare)
        verdict = ""
        if label.startswith("reset-password"):
            verdict = at_most(it["median_ns"] / bare["median_ns"], OWN_HASH_TARGET)
        lines.append(row(label, ms(it["median_ns"]), middle(it), share, verdict))
    return lines


def render_throughput(throughput):
    lines = [columns("a second, by callers", [str(callers) for callers in CALLERS])]
    for label, by_work in throughput.items():
        for what, by_callers in by_work.items():
            cells = [f"{by_callers[str(callers)]:,.0f}" for callers in CALLERS]
            line = columns(f"{label}: {what}", cells)
            if what == "links ended":
                line += "   " + at_least(by_callers[str(max(CALLERS))], ENDING_TARGET)
            lines.append(line)
    return lines + [
        f"  to end a link takes the round trips of a reset, and no hash; a reset hashes at {EQUAL[0]}"
    ]
