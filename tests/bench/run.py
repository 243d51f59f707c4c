"""Measures all contenders side by side, prints the table. Started by scripts/bench.

Rounds are interleaved, A B C … then … C B A, so that the drift of a busy machine and the cache
that a neighbour leaves behind meet all alike. Each contender times itself, by its own monotonic clock.
"""

import argparse
import json
import os
import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import machine
import report
from contender import Contender, ContenderError

HERE = Path(__file__).resolve().parent
PROFILES = (
    # name, memory in KiB, iterations, do the targets apply
    ("m=19,456 KiB t=2 p=1", 19_456, 2, True),
    ("m=65,536 KiB t=3 p=1, the default", 65_536, 3, False),
)
CALLERS = (1, 2, 8, 64)
WARM_UP = 5  # rounds
REFUSALS = 1000  # in one sample
PAIRS = 5  # for each round, of a reset through the crate and one over HTTP
CLIENTS = (1, 16)  # connections that are refused over HTTP
STARTS = 20
CROWD, REFUSALS_AFTER = 500, 10_000  # the load before memory is looked at
SHARES = {"median": 0.5, "90 %": 0.9, "99 %": 0.99, "99.9 %": 0.999, "longest": 1}
SERVICE = "reset-password serve"
SALT = "0123456789abcdef"


def main():
    options = read_options()
    progress = Progress()
    load = machine.Load()
    record = {
        "rounds": options.rounds,
        "machine": machine.describe(options.data),
        "versions": machine.tool_versions(options.lock),
        "contenders": {},
        "profiles": [],
    }
    try:
        for name, memory_kib, iterations, has_targets in PROFILES:
            run = Run(options, progress, record, name, memory_kib, iterations)
            profile = {"name": name, "has_targets": has_targets, **run.latencies_and_throughput()}
            record["profiles"].append(profile)
            if has_targets:
                # It costs no hash, so once is enough.
                record["refusal"], record["refusal_over_http"] = run.refusals()
            else:
                record["footprint"] = run.footprint()
    except ContenderError as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit("bench: interrupted")
    progress.done()
    record["load"] = load.since()
    if options.json:
        options.json.write_text(json.dumps(record, indent=2) + "\n")
    print(report.render(record))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rust", type=Path, required=True, help="the Rust contenders' program")
    parser.add_argument("--serve", type=Path, required=True, help="the program that serves")
    parser.add_argument("--node", type=Path, required=True, help="folder of the Node contenders")
    parser.add_argument("--data", type=Path, required=True, help="empty folder for the databases")
    parser.add_argument("--lock", type=Path, required=True, help="the Cargo.lock built from")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, shorter throughput")
    parser.add_argument("--rounds", type=int, help="60 unless told, 10 with --quick")
    parser.add_argument("--json", type=Path, help="also write every sample to this file")
    options = parser.parse_args()
    options.rounds = options.rounds or (10 if options.quick else 60)
    # Of one measure of throughput, and how many of them the median is of.
    options.seconds, options.repeats = (0.5, 1) if options.quick else (2.0, 3)
    # From the end of the load until memory is looked at; hashes' own is kept for 10 to 20 seconds.
    options.rest = 25 if options.quick else 60
    return options


class Run:
    """One set of Argon2 parameters."""

    def __init__(self, options, progress, record, name, memory_kib, iterations):
        self.options, self.progress, self.record = options, progress, record
        self.name, self.memory_kib, self.iterations = name, memory_kib, iterations
        self.passwords = 0

    def start(self, stack, label, program, *arguments, core=None):
        command = [*program, self.memory_kib, self.iterations, *arguments]
        contender = stack.enter_context(Contender(label, command, core))
        self.record["contenders"][label] = contender.versions
        return contender

    def bare(self, stack):
        rust = self.options.rust
        cffi = [sys.executable, HERE / "argon2_cffi_peer.py"]
        node_rs = ["node", self.options.node / "node_rs_peer.mjs"]
        return [
            self.start(stack, "reset-password", [rust, "ours"]),
            self.start(stack, "RustCrypto argon2", [rust, "rustcrypto"]),
            self.start(stack, "argon2-cffi", cffi),
            self.start(stack, "@node-rs/argon2, sync", node_rs, "sync"),
            self.start(stack, "@node-rs/argon2, async", node_rs, "async"),
        ]

    def resets(self, stack, folder, core=None):
        data = self.options.data / f"{folder}-{self.memory_kib}"
        data.mkdir(parents=True)
        engine = [self.options.rust, "engine"]
        django = [sys.executable, HERE / "django_peer.py"]
        better_auth = ["node", self.options.node / "better_auth_peer.mjs"]
        contenders = [
            self.start(stack, "reset-password", engine, data, core=core),
            self.start(stack, "Django", django, data, core=core),
            self.start(stack, "better-auth", better_auth, data, core=core),
        ]
        for contender in contenders:
            contender.check(self.password(), self.memory_kib, self.iterations)
        return contenders

    def service(self, stack, folder, core=None):
        data = self.options.data / f"{folder}-{self.memory_kib}"
        data.mkdir(parents=True, exist_ok=True)
        service = [self.options.rust, "service"]
        contender = self.start(stack, SERVICE, service, data, self.options.serve, core=core)
        contender.check(self.password(), self.memory_kib, self.iterations)
        return contender

    def password(self):
        """A new one each time, since an engine may refuse the one in use."""
        self.passwords += 1
        return f"tangerine lighthouse {self.passwords} bicycle"

    def latencies_and_throughput(self):
        with ExitStack() as stack:
            bare, resets = self.bare(stack), self.resets(stack, "reset")
            engine, *peers = resets
            service = self.service(stack, "reset")
            # The first and the last of them meet themselves at the turn of a round.
            whole = [engine, service, *peers]
            lanes = [(one, "hash") for one in bare] + [(one, "reset") for one in whole]
            samples = {lane: [] for lane in lanes}
            for number in range(-WARM_UP, self.options.rounds):
                self.progress.show(self.name, "round", number + 1, self.options.rounds)
                durations = self.round(lanes[:: 1 if number % 2 == 0 else -1])
                if number >= 0:
                    for lane, ns in durations.items():
                        samples[lane].append(ns)
            bare = {one.label: summary(samples[one, "hash"]) for one in bare}
            reset = {one.label: summary(samples[one, "reset"]) for one in whole}
            extra = self.extra(engine, service)
            throughput = self.throughput(resets, reset)
        return {"bare": bare, "reset": reset, "extra": extra, "throughput": throughput}

    def round(self, lanes):
        password, durations, tags = self.password(), {}, set()
        for contender, op in lanes:
            salt = {"salt": SALT} if op == "hash" else {}
            answer = contender.ask(op, password=password, **salt)
            durations[contender, op] = answer["ns"]
            if op == "hash":
                tags.add(answer["tag"])
        if len(tags) != 1:
            raise ContenderError(f"the bare hashes of one password differ: {tags}")
        return durations

    def extra(self, crate, service):
        """What HTTP adds is small beside a hash and beside its scatter: it takes many pairs."""
        pairs = PAIRS * self.options.rounds
        durations = {crate: [], service: []}
        for number in range(pairs):
            self.progress.show(self.name, "crate and service, pair", number + 1, pairs)
            for one in (crate, service) if number % 2 == 0 else (service, crate):
                durations[one].append(one.ask("reset", password=self.password())["ns"])
        differences = [more - less for less, more in zip(durations[crate], durations[service])]
        return {**summary(differences), "sure_ns": sure(differences)}

    def throughput(self, contenders, reset):
        """Whole resets a second, by callers."""
        cores = len(os.sched_getaffinity(0))
        samples = {one.label: {callers: [] for callers in CALLERS} for one in contenders}
        repeats = self.options.repeats
        for number in range(repeats):
            for callers in CALLERS:
                if not machine.has_memory(callers * self.memory_kib):
                    continue
                stage = f"throughput, callers {callers},"
                self.progress.show(self.name, stage, number + 1, repeats)
                for one in contenders:
                    alone = reset[one.label]["median_ns"] / 1e9
                    resets = int(self.options.seconds * min(callers, cores) / alone)
                    resets = max(resets, 2 * callers)
                    work = {"callers": callers, "resets": resets, "password": self.password()}
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

    def refusals(self):
        """What a token that nobody was given costs, everything pinned to one core.

        Of the service too; its client is given the other one.
        """
        core = max(os.sched_getaffinity(0))
        rounds = max(10, self.options.rounds // 4)
        with ExitStack() as stack:
            contenders = self.resets(stack, "refusal", core)
            service = self.service(stack, "refusal", core)
            service.move_to(min(os.sched_getaffinity(0)))
            samples = {one.label: [] for one in contenders}
            floods = {clients: [] for clients in CLIENTS}
            for number in range(-2, rounds):
                self.progress.show("refusing unknown tokens", "round", number + 1, rounds)
                for one in contenders:
                    ns = one.ask("refuse", count=REFUSALS)["ns"] / REFUSALS
                    if number >= 0:
                        samples[one.label].append(ns)
                for clients in CLIENTS:
                    flood = service.ask("flood", connections=clients, count=REFUSALS)
                    if number >= 0:
                        floods[clients].append(flood)
        refusal = {label: summary(each) for label, each in samples.items()}
        return refusal, {over(clients): rush(each) for clients, each in floods.items()}

    def footprint(self):
        """How fast the service starts and how much memory it takes, at rest and after a load."""
        with ExitStack() as stack:
            service = self.service(stack, "footprint")
            starts = []
            for number in range(STARTS):
                self.progress.show(SERVICE, "start", number + 1, STARTS)
                starts.append(service.ask("restart")["ns"])
            service.ask("flood", connections=1, count=1)
            before = service.ask("memory")
            self.progress.show(SERVICE, "load", 1, 1)
            crowd = service.ask("crowd", connections=CROWD, password=self.password())
            service.ask("flood", connections=max(CLIENTS), count=REFUSALS_AFTER)
            under_load = service.ask("memory")
            self.progress.show(SERVICE, f"{self.options.rest} s of rest", 1, 1)
            time.sleep(self.options.rest)
            after = service.ask("memory")
        return {
            "start": summary(starts),
            "before_kib": before["resident_kib"],
            "crowd": CROWD,
            "overloaded": crowd["overloaded"],
            "refusals": REFUSALS_AFTER,
            "under_load_kib": under_load["resident_kib"],
            "rest_seconds": self.options.rest,
            "after_kib": after["resident_kib"],
            "peak_kib": after["peak_kib"],
        }


def over(clients):
    return f"{SERVICE}, {clients} connection{'s' if clients > 1 else ''}"


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


def summary(samples):
    low, median, high = statistics.quantiles(samples, n=4)
    return {"median_ns": median, "low_ns": low, "high_ns": high, "samples_ns": samples}


def sure(samples):
    """Where the true median is with 95 % certainty, by the binomial distribution of the ranks."""
    ranked, count = sorted(samples), len(samples)
    rank = max(int(count / 2 - 0.98 * count**0.5), 1)
    return ranked[rank - 1], ranked[count - rank]


class Progress:
    """Where the run is: one line that changes on a terminal, a line per stage elsewhere."""

    def __init__(self):
        self.terminal, self.shown = sys.stderr.isatty(), set()

    def show(self, name, what, number, of):
        text = f"{name}: {what} {number} of {of}" if number > 0 else f"{name}: warm-up"
        if self.terminal:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
        elif (name, what) not in self.shown:
            self.shown.add((name, what))
            print(f"bench: {name}: {what.rstrip(',')}", file=sys.stderr, flush=True)

    def done(self):
        if self.terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
