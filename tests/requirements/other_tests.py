"""Tests that are no Rust: of a language, of hostile input, and scenarios."""

import ast
from pathlib import Path
import re
from typing import NamedTuple

GONE = "is not there"
IGNORED = "is ignored"
EMPTY = "holds nothing that can fail"


class Language(NamedTuple):
    """How a test is written in a language. NAME stands for its own; its body ends at the brace, or the word, that
    stands right below its beginning, for the sources are formatted."""

    # The line that it begins with, and what must stand right before that.
    begins: str
    # What leaves it out, before its beginning or in its body.
    ignores: str
    # What can fail.
    fails: str
    # What it ends with.
    ends: str = "}"
    # Where else it must be named to be run.
    listed: str = ""
    comment: str = r"^\s*(?://|/?\*).*$"


LANGUAGES = {
    ".c": Language(
        r"^static void NAME\(void \*\*\w+\)\n\{$",
        r"\bskip\(\)",
        r"\bassert_\w+\(",
        listed=r"\bcmocka_unit_test\w*\(NAME\b",
    ),
    ".go": Language(
        r"^func NAME\(\w+ \*testing\.T\) \{$", r"\.Skip(?:f|Now)?\(", r"\b\w+\.(?:Error|Fatal)f?\(|\b(?:want|must)\w*[\[(]"
    ),
    ".java": Language(
        r"^ *@Test\n(?: *@.*\n)* *(?:public )?void NAME\(\).*\{$", r"@Disabled|\bassume\w+\(", r"\b(?:assert\w+|fail)\("
    ),
    ".kt": Language(
        r"^ *@Test\n(?: *@.*\n)* *fun NAME\(\).*\{$", r"@Ignore|@Disabled|\bassume\w+\(", r"\b(?:assert\w+|fail)\("
    ),
    ".mjs": Language(
        r"^(?:await )?(?:test|it)(?:\.\w+)?\((['\"])NAME\1,.*\{$",
        r"\b(?:test|it)\.(?:skip|todo)\(|\b(?:skip|todo): |\.(?:skip|todo)\(",
        r"\bassert[.\w]*\(",
        ends="});",
    ),
    ".php": Language(
        r"^ *public function NAME\(\): void\n *\{$", r"markTest(?:Skipped|Incomplete)", r"\bassert\w+\(|\bexpectException\w*\("
    ),
    ".rb": Language(r"^ *def NAME$", r"^\s*skip\b|\bomit\b", r"\b(?:assert|refute)\w*\b", ends="end", comment=r"^\s*#.*$"),
}


def blank(pattern, text):
    """The text without what the pattern finds, and everything else where it stood."""
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.M)


def span(language, text, name):
    """Where a test begins, where its body does, and where that ends; `None` if it is not there."""
    begins = re.search(language.begins.replace("NAME", re.escape(name)), text, re.M)
    if not begins:
        return None
    indent = re.match(r" *", begins[0])[0]
    ends = re.compile(rf"^{indent}{re.escape(language.ends)}$", re.M).search(text, begins.end())
    return (begins.start(), begins.end(), ends.start()) if ends else None


def problem_in_language(language, text, name):
    text = blank(language.comment, text)
    found = span(language, text, name)
    if not found:
        return GONE
    begins, body, ends = found
    if language.listed and not re.search(language.listed.replace("NAME", re.escape(name)), text):
        return IGNORED
    # What stands before it, up to an empty line, belongs to it.
    before = text.rfind("\n\n", 0, begins) + 1
    if re.search(language.ignores, text[before:ends], re.M):
        return IGNORED
    return None if re.search(language.fails, text[body:ends]) else EMPTY


class Python:
    """Some files of Python: what can fail in their functions."""

    # The methods by which the examiner of hostile input holds an answer to the contract.
    ASKED = ("call", "exchange", "lonely", "closed_without_answer", "examine", "complain", "problem", "raises")

    def __init__(self, texts):
        self.trees = [ast.parse(text) for text in texts]
        # Functions, and the methods of classes.
        self.functions, self.methods = {}, {}
        for tree in self.trees:
            for node in ast.walk(tree):
                known = self.methods if isinstance(node, ast.ClassDef) else self.functions
                for each in getattr(node, "body", []) if isinstance(node, ast.ClassDef | ast.Module) else []:
                    if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                        known.setdefault(each.name, []).append(each)

    def can_fail(self, node, seen=frozenset()):
        """Whether it asserts or asks something, or a function of these files does that it names."""
        called = []
        for each in ast.walk(node):
            if isinstance(each, ast.Assert | ast.Raise):
                return True
            if isinstance(each, ast.Attribute):
                if each.attr in self.ASKED or each.attr.startswith("assert"):
                    return True
                called += self.methods.get(each.attr, [])
            if isinstance(each, ast.Name):
                called += self.functions.get(each.id, [])
        return any(self.can_fail(each, seen | {each}) for each in called if each not in seen)


def problem_in_python(text, name):
    python = Python([text])
    found = [*python.functions.get(name, []), *python.methods.get(name, [])]
    if not found:
        return GONE
    leaves_out = re.compile(r"\b(?:skip|skipif|skipIf|skipUnless|skipTest|xfail|importorskip)\b")
    of_module = [node for node in python.trees[0].body if isinstance(node, ast.Assign)]
    marks = [node for node in of_module if any(getattr(target, "id", "") == "pytestmark" for target in node.targets)]
    if any(leaves_out.search(ast.unparse(node)) for node in [*found, *marks]):
        return IGNORED
    return None if any(python.can_fail(function) for function in found) else EMPTY


def problem_of_hostile(folder, name):
    """A check of hostile input: a family that is listed in main.py, or a check that main.py itself makes."""
    paths = sorted(folder.glob("*.py"))
    python = Python([path.read_text() for path in paths])
    main = next((tree for path, tree in zip(paths, python.trees) if path.name == "main.py"), ast.Module([], []))
    for path, tree in zip(paths, python.trees):
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        if path.name.startswith("family_") and text_of(constants.get("NAME")) == name:
            listed = {text_of(node) for node in ast.walk(main)}
            if path.stem.removeprefix("family_") not in listed:
                return IGNORED
            begins = [node for node in tree.body if getattr(node, "name", "") in ("run", "fill")]
            return None if any(Python([path.read_text()]).can_fail(node) for node in begins) else EMPTY
    for node in ast.walk(main):
        if isinstance(node, ast.Call) and len(node.args) == 2 and text_of(node.args[0]) == name:
            return None if python.can_fail(node.args[1]) else EMPTY
    return GONE


def text_of(node):
    return node.value if isinstance(node, ast.Constant) else None


def problem_of_scenario(text):
    text = re.sub(r"(?:^|\s)#.*$", "", text, flags=re.M)
    return None if re.search(r"\b(?:ok|error|type_error|expect_on|outcomes): *\S|\b(?:ok|outcomes):$", text, re.M) else EMPTY


def problem(root, test):
    """What is wrong with a test that is named by its place: `None` if nothing is."""
    place, _, name = test.partition("::")
    path = root / place
    if path.is_dir():
        return problem_of_hostile(path, name)
    if not path.is_file():
        return GONE
    text = path.read_text()
    if path.suffix == ".yaml":
        return problem_of_scenario(text) if path.stem == id_of(text) else GONE
    if path.suffix == ".py":
        return problem_in_python(text, name)
    language = LANGUAGES.get(Path(place).suffix)
    return problem_in_language(language, text, name) if language else f"is in a language that is not known: {path.suffix}"


def id_of(scenario):
    found = re.search(r"^id: *(\S+)$", scenario, re.M)
    return found and found[1]
