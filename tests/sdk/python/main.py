"""Tells every story with the installed SDK: `main.py VERSION`. Prints one line for each test."""

import importlib
from importlib.metadata import version
import inspect
import sys
import traceback

from adapter import clients
from service import Service
import story_access
import story_lost_answer
import story_resets
import story_users

STORIES = [story_users, story_resets, story_access, story_lost_answer]
GENERATIONS = {4: "generation4", 5: "generation5", 6: "generation6", 10: "generation10"}


def main(expected):
    if version("workos") != expected:
        sys.exit(f"workos {version('workos')} is installed, not {expected}")
    generation = importlib.import_module(GENERATIONS[int(expected.split(".")[0])])
    label = f"python {expected}"
    failed = 0
    for client in clients(generation.Adapter, label, Service(), generation.ASYNCHRONOUS):
        for test in tests(client):
            failed += not passes(test, client)
    return 1 if failed else 0


def tests(client):
    """The tests of what this generation can do."""
    for story in STORIES:
        for name, test in vars(story).items():
            told_here = inspect.isfunction(test) and test.__module__ == story.__name__
            if told_here and not name.startswith("_") and getattr(client, getattr(test, "where", "label")):
                yield test


def passes(test, client):
    name = f"{client.label}: {test.__name__.replace('_', ' ')}"
    try:
        test(client, Service())
    except AssertionError as error:
        print(f"FAILED {name}\n       {error}\n       {place(error)}", flush=True)
        return False
    except Exception as error:
        # Not its text, which may hold what was sent or received.
        details = [f"{key} {getattr(error, key)}" for key in ("status_code", "code") if getattr(error, key, None)]
        print(f"FAILED {name}\n       {' '.join([type(error).__name__, *details])}\n       {place(error)}", flush=True)
        return False
    print(f"ok     {name}", flush=True)
    return True


def place(error):
    """Where it happened, outermost first."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
