"""Requests made up from the service's own OpenAPI document by schemathesis, which also checks the document."""

import json
import os
from pathlib import Path
import subprocess
import tempfile

NAME = "schemathesis on /openapi.json"

SEED = 20_240_523
EXAMPLES = 200  # for each operation and phase
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
)
PHASES = ("examples", "coverage", "fuzzing")
LONGEST = 300.0
HERE = Path(__file__).resolve().parent


def fill(examiner, requests, options, _):
    with tempfile.TemporaryDirectory(prefix="reset-password-described.") as folder:
        outcomes = Path(folder) / "outcomes"
        command = [
            options.schemathesis,
            "run",
            f"{examiner.service.url}/openapi.json",
            f"--header=Authorization: Bearer {examiner.service.api_key}",
            f"--checks={','.join(CHECKS)}",
            f"--phases={','.join(PHASES)}",
            f"--max-examples={EXAMPLES}",
            f"--seed={SEED}",
            "--continue-on-failure",
            "--generation-database=none",
            "--suppress-health-check=all",
            "--request-timeout=30",
            "--warnings=off",
            "--no-color",
        ]
        environment = {
            **os.environ,
            "SCHEMATHESIS_HOOKS": str(HERE / "described_hooks.py"),
            "PYTHONPATH": str(HERE),
            "HOSTILE_OUTCOMES": str(outcomes),
            "HOSTILE_RESERVED": json.dumps(sorted(examiner.reserved)),
            # Everything is on loopback, where a proxy of the environment has no business.
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
        count = read(examiner, outcomes)
    if done.returncode != 0:
        said = done.stdout.replace(examiner.service.api_key, "[key]") + done.stderr[-2_000:]
        examiner.results.problem(f"schemathesis ended with {done.returncode}, after {count} requests:\n{said}")


def read(examiner, outcomes):
    """Counts its requests with ours."""
    if not outcomes.exists():
        examiner.results.problem("schemathesis sent nothing")
        return 0
    count = 0
    with outcomes.open(encoding="utf-8") as lines:
        for line in lines:
            outcome = json.loads(line)
            count += 1
            examiner.results.send()
            examiner.results.note(outcome["status"])
            if not examiner.results.identify(outcome["request_id"]):
                examiner.results.problem(f"{outcome['request']}: two answers have the same x-request-id")
            for problem in outcome["problems"]:
                examiner.results.problem(f"{outcome['request']}: {problem}, status {outcome['status']}", problem)
    return count
