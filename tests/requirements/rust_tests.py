"""The tests in Rust: where each stands, and whether it can fail."""

import re
import tomllib
from typing import NamedTuple

COMMENT = re.compile(r"^ *//(?!/).*$|^ */\*(?s:.*?)\*/ *$", re.M)
MACRO = re.compile(r"^on_(?:each|every)_database!\(([^)]*)\)", re.M)
FUNCTION = re.compile(r"((?:^ *(?:#\[.*\]|///.*)\n)*)^( *)(?:pub )?(?:async )?fn (\w+)(.*)$", re.M)
BRACE, OPENED = re.compile(r"\{"), re.compile(r"\{$", re.M)
FAILS = re.compile(r"\b(?:prop_)?assert\w*!|\bpanic!|\bunreachable!|\.(?:unwrap|expect)(?:_err)?\(|\?[;)]")
# What a body calls by its name, and what it hands on.
CALLED = re.compile(r"(?<![.:\w])(?:[a-z_]\w*::)*([a-z_]\w*)\(|(?<=[(, &])([a-z_]\w*)[,)]")


class Function(NamedTuple):
    """A function, the modules that it stands in, and where in which file."""

    modules: list
    attributes: str
    is_made: bool
    body: str
    path: object
    begins: int
    body_begins: int
    body_ends: int


class Program:
    """A program of Rust tests: its functions by name."""

    def __init__(self):
        self.functions = {}

    def read(self, path, modules):
        # What is commented out is blank, so that everything else stands where it stood.
        text = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), path.read_text())
        made = {name for match in MACRO.finditer(text) for name in re.findall(r"\w+", match[1])}
        for match in FUNCTION.finditer(text):
            attributes, indent, name, rest = match.groups()
            # The sources are formatted: a body begins at the end of a line, if it has one of its own, and ends where a
            # brace stands right below the function's beginning.
            opened = (BRACE if rest.endswith("}") else OPENED).search(text, match.start(4))
            begins = opened.end() if opened else match.end()
            ends = match.end() - 1 if rest.endswith("}") else text.find(f"\n{indent}}}", begins)
            is_made = name in made and not indent
            function = Function(modules, attributes, is_made, text[begins:ends], path, match.start(), begins, ends)
            self.functions.setdefault(name, []).append(function)

    def read_all(self, folder):
        modules, elsewhere = {}, {}
        for path in sorted(folder.rglob("*.rs")):
            parts = path.relative_to(folder).with_suffix("").parts
            modules[path] = [part for part in parts if part not in ("lib", "main", "mod")]
            for place, name in re.findall(r'#\[path = "([^"]+)"\]\nmod (\w+);', path.read_text()):
                elsewhere[path.parent / place] = [*modules[path], name]
        for path in modules:
            self.read(path, elsewhere.get(path, modules[path]))

    def can_fail(self, body, seen=frozenset()):
        """Whether the body asserts something, or a function does that it calls or hands on."""
        names = {name for match in CALLED.finditer(body) for name in match.groups() if name in self.functions} - seen
        bodies = [(name, function.body) for name in names for function in self.functions[name]]
        return bool(FAILS.search(body)) or any(self.can_fail(body, seen | {name}) for name, body in bodies)

    def find(self, test):
        """The function of that name in the innermost of its modules; `None` if there is none."""
        *modules, name = test.split("::")
        found = [each for each in self.functions.get(name, []) if modules[: len(each.modules)] == each.modules]
        return max(found, key=lambda each: len(each.modules), default=None)

    def problem(self, test):
        """What is wrong with a test, and whether it is made for each database."""
        function = self.find(test)
        if not function:
            return "is not there", False
        if not function.is_made and not re.search(r"#\[(?:tokio::)?test\b", function.attributes):
            return "is no test", False
        if "#[ignore" in function.attributes:
            return "is ignored", function.is_made
        name = test.rpartition("::")[2]
        fails = self.can_fail(function.body, frozenset({name}))
        return (None if fails else "holds nothing that can fail"), function.is_made


def programs(root):
    """Every program of Rust tests, under the name that cargo gives it."""
    found = {}

    def program(name):
        return found.setdefault(name.replace("-", "_"), Program())

    for manifest in sorted(root.glob("*/*/Cargo.toml")):
        package, tests = tomllib.loads(manifest.read_text()), manifest.parent / "tests"
        library = package.get("lib", {}).get("name", package["package"]["name"])
        for name in [library, *(binary["name"] for binary in package.get("bin", []))]:
            program(name).read_all(manifest.parent / "src")
        for main in tests.glob("*.rs"):
            program(main.stem).read(main, [])
        for main in tests.glob("*/main.rs"):
            program(main.parent.name).read_all(main.parent)
        # What several programs share stands beside them.
        shared = [folder for folder in tests.glob("*/") if not (folder / "main.rs").exists()]
        for main in [*tests.glob("*.rs"), *tests.glob("*/main.rs")]:
            for folder in shared:
                program(main.parent.name if main.name == "main.rs" else main.stem).read_all(folder)
    return found
