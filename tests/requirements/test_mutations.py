"""Shows on the repository's own tests that the check notices each that is emptied, renamed or left out: all those that
claimed.toml names are, one kind of harm at a time, in a copy."""

import ast
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import other_tests
from rust_tests import programs

LOADER = SourceFileLoader("check", str(Path(__file__).resolve().parent / "check"))
check = module_from_spec(spec_from_loader("check", LOADER))
LOADER.exec_module(check)

ROOT = Path(__file__).resolve().parents[2]
READ = (".rs", ".py", ".toml", ".yaml", ".md", *other_tests.LANGUAGES)
# How a test is left out, in the words of its language: before it, or as the first line of it.
LEFT_OUT_BEFORE = {".java": "@Disabled", ".kt": "@Ignore"}
LEFT_OUT_WITHIN = {
    ".c": "skip();",
    ".go": 't.Skip("later")',
    ".mjs": "t.skip();",
    ".php": "$this->markTestSkipped();",
    ".rb": "skip",
}


def named_tests(root):
    rows, partly = check.read(root)
    clauses = [tests for row in [*rows.values(), *partly.values()] for tests in row.values()]
    return sorted({test for tests in clauses if isinstance(tests, list) for test in tests})


def replace(path, begin, end, text):
    old = path.read_text()
    path.write_text(old[:begin] + text + old[end:])


class Copy:
    """A copy of the repository's tests, to do harm to."""

    def __init__(self, folder):
        self.root = Path(folder)
        listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True)
        for name in listed.stdout.splitlines():
            source = ROOT / name
            if source.suffix in READ and source.is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, self.root / name)
        self.rust, self.others = [], []
        found = programs(self.root)
        for test in named_tests(self.root):
            program, _, name = test.partition("::")
            if "/" in program:
                self.others.append((test, self.root / program, name))
            else:
                self.rust.append((test, found[program].find(name)))

    def harm_rust(self, harm):
        """Harms functions, the last of a file first: what stands before them stays where it stood."""
        functions = {(function.path, function.begins): function for _, function in self.rust}
        for _, function in sorted(functions.items(), reverse=True):
            harm(function)

    def unnoticed(self):
        """The tests of which the check has nothing to say."""
        complaints = "\n".join(check.problems(self.root, None))
        return [test for test in named_tests(self.root) if f": {test} " not in complaints + "\n"]


def empty_rust(function):
    replace(function.path, function.body_begins, function.body_ends, "")


def rename_rust(function):
    name = re.search(r"fn (\w+)", function.path.read_text()[function.begins :])[1]
    function.path.write_text(re.sub(rf"\b{name}\b", f"{name}_no_more", function.path.read_text()))


def leave_out_rust(function):
    text = function.path.read_text()
    begins = re.compile(r"^ *(?:pub )?(?:async )?fn ", re.M).search(text, function.begins).start()
    replace(function.path, begins, begins, '#[ignore = "later"]\n')


def functions_of(path, *names):
    nodes = ast.walk(ast.parse(path.read_text()))
    found = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name in names]
    return sorted(found, key=lambda node: -node.lineno)


def empty_python(path, *names):
    for node in functions_of(path, *names):
        lines = path.read_text().splitlines()
        first = node.body[0]
        lines[first.lineno - 1 : node.end_lineno] = [" " * first.col_offset + "pass"]
        path.write_text("\n".join(lines) + "\n")


def family_of(folder, name):
    files = [path for path in folder.glob("family_*.py") if f'NAME = "{name}"' in path.read_text()]
    return files[0] if files else None


def empty_other(path, name):
    if path.is_dir():
        family = family_of(path, name)
        if family:
            empty_python(family, "run", "fill")
        else:
            empty_python(path / "control.py", "confirm")
    elif path.suffix == ".yaml":
        path.write_text(path.read_text().partition("\nsteps:")[0] + "\nsteps: []\n")
    elif path.suffix == ".py":
        empty_python(path, name)
    else:
        _, body, ends = other_tests.span(other_tests.LANGUAGES[path.suffix], path.read_text(), name)
        replace(path, body, ends, "\n")


def rename_other(path, name):
    if path.suffix == ".yaml":
        path.rename(path.with_stem(f"{path.stem}_no_more"))
        return
    for file in path.glob("*.py") if path.is_dir() else [path]:
        file.write_text(file.read_text().replace(name, f"{name} no more" if " " in name else f"{name}NoMore"))


def leave_out_other(path, name):
    text = path.read_text() if path.is_file() else ""
    if path.is_dir():
        family, main = family_of(path, name), path / "main.py"
        lines = main.read_text().splitlines(keepends=True)
        word = f'"{family.stem.removeprefix("family_")}",' if family else f'"{name}"'
        main.write_text("".join(line for line in lines if word not in line))
    elif path.suffix == ".py":
        path.write_text(text.replace(f"def {name}(", f"@pytest.mark.skip\ndef {name}("))
    elif path.suffix in LEFT_OUT_BEFORE:
        begins, _, _ = other_tests.span(other_tests.LANGUAGES[path.suffix], text, name)
        replace(path, begins, begins, f"    {LEFT_OUT_BEFORE[path.suffix]}\n")
    elif path.suffix in LEFT_OUT_WITHIN:
        _, body, _ = other_tests.span(other_tests.LANGUAGES[path.suffix], text, name)
        replace(path, body, body, f"\n    {LEFT_OUT_WITHIN[path.suffix]}")


class Mutations(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="requirements.")
        self.addCleanup(folder.cleanup)
        self.copy = Copy(folder.name)
        self.assertGreater(len(self.copy.rust), 100)
        self.assertGreater(len(self.copy.others), 30)

    def test_what_is_as_it_was_passes(self):
        self.assertEqual(self.copy.unnoticed(), named_tests(ROOT))

    def test_every_test_that_is_emptied_is_noticed(self):
        self.copy.harm_rust(empty_rust)
        for _, path, name in self.copy.others:
            empty_other(path, name)
        self.assertEqual(self.copy.unnoticed(), [])

    def test_every_test_that_is_renamed_is_noticed(self):
        self.copy.harm_rust(rename_rust)
        for _, path, name in self.copy.others:
            rename_other(path, name)
        self.assertEqual(self.copy.unnoticed(), [])

    def test_every_test_that_is_left_out_is_noticed(self):
        """A scenario cannot be: its file says nothing of whether it is played."""
        self.copy.harm_rust(leave_out_rust)
        for _, path, name in self.copy.others:
            leave_out_other(path, name)
        scenarios = [test for test, path, _ in self.copy.others if path.suffix == ".yaml"]
        self.assertEqual(self.copy.unnoticed(), scenarios)


if __name__ == "__main__":
    unittest.main()
