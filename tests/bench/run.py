"""Measures all contenders side by side, prints the table. Started by scripts/bench.

Rounds are interleaved, A B C … then … C B A, so that the drift of a busy machine and the cache
that a neighbour leaves behind meet all alike. Each contender times itself, by its own monotonic clock.
"""

import argparse
import json
import sys
from pathlib import Path

import core
import crossing
import databases
import machine
import peers
import report
import service
from contender import ContenderError
from programs import Programs
from runner import Runner

SECTIONS = {
    "core": core,
    "service": service,
    "crossing": crossing,
    "databases": databases,
    "peers": peers,
}


def main():
    options = read_options()
    sections = {name: SECTIONS[name] for name in SECTIONS if name in options.only}
    load = machine.Load()
    record = {
        "rounds": options.rounds,
        "machine": machine.describe(options.data),
        "versions": machine.tool_versions(options.lock),
        "contenders": {},
    }
    programs = Programs(options.rust, options.serve, options.databases, options.scratch)
    runner = Runner(options, programs, record["contenders"])
    try:
        for name, section in sections.items():
            record[name] = section.measure(runner)
    except (ContenderError, OSError) as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit("bench: interrupted")
    runner.progress.done()
    record["load"] = load.since()
    if options.json:
        options.json.write_text(json.dumps(record, indent=2) + "\n")
    print(report.render(record, sections))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rust", type=Path, required=True, help="the Rust contenders' program")
    parser.add_argument("--serve", type=Path, required=True, help="the program that serves")
    parser.add_argument("--databases", type=Path, required=True, help="the program that starts servers")
    parser.add_argument("--scratch", type=Path, required=True, help="what was prepared, by language")
    parser.add_argument("--data", type=Path, required=True, help="empty folder for the databases")
    parser.add_argument("--lock", type=Path, required=True, help="the Cargo.lock built from")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
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


if __name__ == "__main__":
    main()
