"""Runs the tests that are named, prints a line for each, and counts them."""

import argparse
import importlib
import pathlib
import shutil
import sys
import traceback

import release


def main():
    parser = argparse.ArgumentParser()
    for name in ("root", "dist", "scratch", "arm64-tree"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--triple", required=True)
    parser.add_argument("tests", nargs="+")
    arguments = parser.parse_args()
    passed = failed = 0
    for named in arguments.tests:
        name, _, only = named.partition(":")
        module = importlib.import_module(f"{name}_test")
        tests = [(key, test) for key, test in vars(module).items() if key.startswith(f"test_{only}")]
        assert tests, f"no test is called {named}"
        for key, test in tests:
            scratch = arguments.scratch / f"{name}-{key}"
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)
            built = release.Release(arguments, scratch)
            try:
                test(built)
            except Exception:
                failed += 1
                print(f"FAILED {name}: {key}", flush=True)
                traceback.print_exc()
            else:
                passed += 1
                print(f"ok     {name}: {key.removeprefix('test_').replace('_', ' ')}", flush=True)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    verdict = "FAILED" if failed else "ok"
    print(f"test result: {verdict}. {passed} passed; {failed} failed; 0 ignored;")
    return 0 if passed and not failed else 1


sys.exit(main())
