"""Sends hostile requests to the service, family by family, and prints what came of it."""

import argparse
import importlib
import signal
import sys
import tempfile
import time
import traceback

import calls
from control import Control
from examiner import Examiner
import family_slow_clients
import log_lines
from results import Results, table
from service import Service
import warm_up

FAMILIES = [
    "field_types",
    "duplicates",
    "unknown_fields",
    "nesting",
    "encodings",
    "content_types",
    "body_sizes",
    "targets",
    "methods",
    "header_floods",
    "header_syntax",
    "framing",
    "pipelining",
    "protocols",
    "api_keys",
    "log_injection",
    "hashes",
    "half_closed",
    "slow_clients",
    "described",
    "mutations",
]
# Measured: 2 MiB. The allocator keeps some of what was freed, the database's cache fills with what was made,
# and addresses with wrong keys are remembered for a while; a leak of 1 KiB a request would be 16 MiB.
MOST_GROWTH_KIB = 8 * 1024
# Ten times the connections leave more gaps behind.
MOST_GROWTH_KIB_LONG = 2 * MOST_GROWTH_KIB


class Run:
    def __init__(self, options, service):
        self.options = options
        self.service = service
        self.results = Results()
        self.examiner = Examiner(service, self.results)
        self.controls = []
        self.passed = self.failed = 0
        self.memory = []

    def all(self):
        self.check("warm-up", self.warm_up)
        self.memory.append(self.service.memory_kib())
        self.results.forget("warm-up")
        for module in self.options.families or FAMILIES:
            family = importlib.import_module(f"family_{module}")
            self.check(family.NAME, lambda family=family: self.family(family))
            self.memory.append(self.service.memory_kib())
        self.check("sec21 the control tokens still work", lambda: [control.confirm() for control in self.controls])
        self.check("memory stays flat", self.compare_memory)
        if not self.options.families:
            self.check("as many requests as were asked for", self.count_requests)
        self.check("the service ends when it is told to", self.stop)

    def warm_up(self):
        connections = family_slow_clients.connections(self.options)
        warm_up.run(self.examiner, self.requests(), connections)

    def requests(self):
        user = self.examiner.new_user("an account")
        return calls.Requests(user["id"], user["email"])

    def family(self, family):
        control = Control(self.examiner)
        self.controls.append(control)
        requests = self.requests()
        left = self.options.requests - self.results.total
        if hasattr(family, "fill"):
            family.fill(self.examiner, requests, self.options, left)
        else:
            family.run(self.examiner, requests)
        self.examiner.call("ready", "GET", "/readyz", expect=200, key=None)
        control.check()

    def check(self, name, work):
        """One line of the report: the work, and what the process and its log say afterwards."""
        began, start = time.monotonic(), self.service.log.length
        self.results.begin(name)
        progress(name)
        try:
            work()
            self.examiner.let_go()
            self.check_log(start)
        except Exception:
            self.results.problem(f"ended early\n{traceback.format_exc()}")
        if self.service.was_lost:
            self.results.problem("the service is gone")
        problems = self.results.problems[name]
        self.passed += not problems
        self.failed += bool(problems)
        progress("")
        sent, seconds = self.results.sent_by_family, time.monotonic() - began
        remark = f"; {self.results.remarks[name]}" if name in self.results.remarks else ""
        counts = f"{sent:,} requests in {seconds:.1f} s" if sent else f"{seconds:.1f} s"
        print(f"{'FAILED' if problems else 'ok    '} {name}: {counts}{remark}", flush=True)
        for problem in self.results.shown_problems(name):
            print("       " + problem.replace("\n", "\n       "), flush=True)

    def check_log(self, start):
        ids = self.results.ids_of_family
        if ids and not self.service.was_stopped:
            # The log comes through a pipe: once this line is there, all before it are.
            self.examiner.call("last", "GET", "/healthz", expect=200, key=None)
            self.service.log.wait_for(lambda line: line.get("request_id") == ids[-1], 10.0, start)
        lines = self.service.log.since(start)
        for violation in log_lines.violations(lines, self.results.sent_by_family, ids, self.examiner.secrets):
            self.results.problem(f"log: {violation}")

    def compare_memory(self):
        # What hashes leave behind is given back after a while: there it must be on both sides.
        warm_up.hashes(self.examiner)
        self.memory.append(self.service.memory_kib())
        before, after, peak = self.memory[0], self.memory[-1], self.service.memory_kib("VmHWM")
        self.memory_line = f"memory: {before:,} KiB before, {peak:,} KiB at the peak, {after:,} KiB after"
        most = MOST_GROWTH_KIB_LONG if self.options.long else MOST_GROWTH_KIB
        if after - before > most:
            self.results.problem(f"{self.memory_line}: more than {most:,} KiB were kept")

    def count_requests(self):
        if self.results.total < self.options.requests:
            self.results.problem(f"{self.results.total:,} of {self.options.requests:,} requests were sent")

    def stop(self):
        status = self.service.stop()
        if status != 0:
            self.results.problem(f"the exit status is {status}")


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--schemathesis", required=True)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    options = parser.parse_args()
    # So that the service does not outlive the tests.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="reset-password-hostile.") as folder:
        service = Service(options.binary, folder)
        run = Run(options, service)
        try:
            run.all()
        finally:
            service.stop()
    print("\n" + "\n".join(table(run.results)))
    print(run.memory_line)
    verdict = "FAILED" if run.failed else "ok"
    print(f"\ntest result: {verdict}. {run.passed} passed; {run.failed} failed; 0 ignored")
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
