"""What every Python contender shares: one JSON request a line in, one JSON answer a line out."""

import json
import sys
import time


def timed(work, *arguments):
    """Runs `work` once and answers its own duration in ns with its result."""
    start = time.perf_counter_ns()
    result = work(*arguments)
    return time.perf_counter_ns() - start, result


def serve(versions, operations):
    """Greets with the versions measured, then answers requests until standard input ends."""
    answer({"versions": versions})
    for line in sys.stdin:
        request = json.loads(line)
        operation = operations[request.pop("op")]
        try:
            answer(operation(**request))
        except Exception as error:  # the orchestrator reports it and stops the run
            answer({"error": f"{type(error).__name__}: {error}"})


def answer(record):
    print(json.dumps(record), flush=True)
