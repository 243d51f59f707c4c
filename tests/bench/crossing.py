"""What a call costs more through a language's package than through the crate: an unknown token is
refused, which computes no hash."""

import os
from contextlib import ExitStack

from runner import EQUAL
from samples import difference, summary
from table import at_most, row, us

WARM_UP_CALLS = 30_000  # Java compiles what is called often
WARM_UP = 2  # rounds after them
CALLS = 1000  # in one sample

# label, µs at most more than the crate
TARGETS = {
    "Python": 10,
    "Ruby": 10,
    "PHP": 10,
    "Java": 10,
    "Go": 10,
    # Every call crosses to another thread and back.
    "Node": 40,
    "Python, asyncio": 40,
}


def bindings(programs):
    """The program of each language that uses this project's package."""
    return {
        "Python": programs.python("binding"),
        "Ruby": programs.ruby_package("binding"),
        "PHP": programs.php_package("binding"),
        "Java": programs.java("package", "Binding"),
        "Go": programs.go("binding"),
        "Node": programs.node("package", "binding"),
        "Python, asyncio": programs.python("asyncio_binding"),
    }


def measure(runner):
    """Pinned to one core, where nothing but the crossing is measured; and where the scheduler likes,
    where waking a thread on another core is part of every call, of the crate's too."""
    core = max(os.sched_getaffinity(0))
    return {
        "calls": CALLS,
        "one core": measure_on(runner, "one core", core),
        "any core": measure_on(runner, "any core", None),
    }


def measure_on(runner, where, core):
    """Each sample of a package has one of the crate beside it, so that no drift comes between."""
    title = f"cost of crossing, {where}"
    with ExitStack() as stack:
        folder = runner.folder("crossing", where.replace(" ", "-"))
        engine = [runner.programs.rust, "engine"]
        crate = runner.start_checked(stack, "reset-password", engine, EQUAL, folder, core=core)
        packages = {
            label: runner.start_checked(
                stack, f"reset-password, {label}", program, EQUAL, folder, core=core
            )
            for label, program in bindings(runner.programs).items()
        }
        samples = {label: {"crate": [], "package": []} for label in packages}
        for one in (crate, *packages.values()):
            runner.progress.show(title, "warm-up", 0, 1)
            one.ask("refuse", count=WARM_UP_CALLS)
        for number in runner.rounds(title, WARM_UP, runner.options.rounds):
            for label, package in packages.items():
                pair = (("crate", crate), ("package", package))
                for which, one in pair[:: 1 if number % 2 == 0 else -1]:
                    ns = one.ask("refuse", count=CALLS)["ns"] / CALLS
                    if number >= 0:
                        samples[label][which].append(ns)
    every = [ns for each in samples.values() for ns in each["crate"]]
    return {
        "crate": summary(every),
        "packages": {
            label: {
                **summary(each["package"]),
                "extra": difference(each["crate"], each["package"]),
            }
            for label, each in samples.items()
        },
    }


def render(section, _):
    lines = ["", "== cost of crossing: an unknown token refused through each package =="]
    for where in ("one core", "any core"):
        measured = section[where]
        lines += [
            "",
            row(where, "a call", "over the crate", "95 % sure, µs", "target"),
            row("the crate, from Rust", us(measured["crate"]["median_ns"])),
        ]
        for label, it in measured["packages"].items():
            extra = it["extra"]["median_ns"]
            low, high = (f"{ns / 1e3:.1f}" for ns in it["extra"]["sure_ns"])
            verdict = at_most(extra / 1e3, TARGETS[label], " µs")
            lines.append(row(label, us(it["median_ns"]), us(extra), f"{low} to {high}", verdict))
    pairs = len(next(iter(section["one core"]["packages"].values()))["samples_ns"])
    lines.append(f"  {pairs} pairs with the crate each, {section['calls']:,} calls in a sample")
    return lines
