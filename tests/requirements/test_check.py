"""Shows that the check of the requirements fails for what it is there for, on a small tree of its own."""

from pathlib import Path
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from test_mutations import Mutations, check

__all__ = ["Mutations"]

ENGINE = "crates/engine/tests/engine"

TREE = {
    "crates/engine/Cargo.toml": '[package]\nname = "engine-crate"\n',
    "crates/engine/src/lib.rs": """\
mod tests {
    #[test]
    fn sec02_a_unit() {
        assert_eq!(1 + 1, 2);
    }
}
""",
    f"{ENGINE}/main.rs": "mod race;\n",
    f"{ENGINE}/race.rs": """\
on_each_database!(
    sec14_race,
);

fn sec14_race(fixture: &Fixture) {
    race(fixture, 1);
}

/// Helps.
fn race(fixture: &Fixture, rounds: usize) {
    assert!(fixture.holds(rounds));
}

#[test]
fn sec14_at_each_isolation() {
    at_each(&race);
}

fn at_each(work: fn(&Fixture, usize)) {
    work(&Fixture::new(), 2);
}
""",
    "tests/hostile/main.py": """\
FAMILIES = [
    "a",
]


def run(self):
    self.check("sec02 the controls", lambda: [control.confirm() for control in self.controls])
""",
    "tests/hostile/control.py": """\
class Control:
    def confirm(self):
        self.examiner.call("confirm", expect=200)
""",
    "tests/hostile/family_a.py": """\
NAME = "sec02 floods"


def run(examiner, requests):
    for size in range(9):
        flood(examiner, size)


def flood(examiner, size):
    examiner.call("flood", body="x" * size, expect=413)
""",
    "bindings/go/panic_test.go": """\
func TestAPanic(t *testing.T) {
\twantCode(t, ask("panic"), ErrInternal)
}
""",
    "bindings/python/tests/test_panic.py": """\
def test_a_panic():
    refused("panic")


def refused(id):
    with pytest.raises(InternalError):
        ask(id)
""",
    "tests/conformance/scenarios/once.yaml": "id: once\nrequirements: [SEC-02]\nsteps:\n  - {call: open, ok: null}\n",
    "docs/security.md": """\

## Requirements claimed now

| SEC-02 | x | y |
| SEC-14 | x | y |

### Held in part

| SEC-09 | x | y |
""",
    "tests/requirements/claimed.toml": """\
[SEC-02]
"It holds" = ["engine_crate::tests::sec02_a_unit"]
"It holds elsewhere too" = ["tests/hostile::sec02 floods", "tests/conformance/scenarios/once.yaml"]
"The controls too" = ["tests/hostile::sec02 the controls"]
"Also in languages" = ["bindings/go/panic_test.go::TestAPanic", "bindings/python/tests/test_panic.py::test_a_panic"]

[SEC-14]
"One wins" = ["engine::race::sec14_race", "engine::race::sec14_at_each_isolation"]

[not-claimed.SEC-09]
"It is covered" = "a test"
""",
}
RAN = """\
     Running unittests src/lib.rs (/target/debug/deps/engine_crate-0123456789abcdef)
test tests::sec02_a_unit ... ok
     Running tests/engine/main.rs (target/debug/deps/engine-0123456789abcdef)
test race::sec14_at_each_isolation ... it says something
ok
test race::sec14_race::mariadb ... ok
test race::sec14_race::postgres ... ok
test race::sec14_race::sqlite ... ok
=== crate: ok
ok     sec02 floods: 12 requests in 0.1 s
ok     sec02 the controls: 0.1 s
=== package: go: ok
=== package: python: ok
=== vendor SDKs, hostile input: ok
=== conformance: ok
"""


class Checked(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="requirements.")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "tree"
        self.ran = Path(folder.name) / "ran"
        self.ran.write_text(RAN)
        for name, text in TREE.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)

    def change(self, name, old, new):
        path = self.root / name
        self.assertIn(old, path.read_text())
        path.write_text(path.read_text().replace(old, new))

    def problems(self, has_run):
        return list(check.problems(self.root, check.what_ran(self.ran) if has_run else None))

    def assert_good(self, has_run=False):
        self.assertEqual(self.problems(has_run), [])

    def assert_bad(self, sentence, has_run=False):
        self.assertIn(sentence, "\n".join(self.problems(has_run)))

    def assert_not_run(self, sentence, old, new):
        self.assertIn(old, RAN)
        self.ran.write_text(RAN.replace(old, new))
        self.assert_good()
        self.assert_bad(sentence, has_run=True)

    def test_a_good_tree_passes(self):
        self.assert_good()
        self.assert_good(has_run=True)

    def test_a_test_that_is_emptied(self):
        self.change("crates/engine/src/lib.rs", "        assert_eq!(1 + 1, 2);\n", "")
        self.assert_bad("engine_crate::tests::sec02_a_unit holds nothing that can fail")

    def test_a_test_that_is_commented_out(self):
        self.change("crates/engine/src/lib.rs", "assert_eq!", "// assert_eq!")
        self.assert_bad("engine_crate::tests::sec02_a_unit holds nothing that can fail")

    def test_a_helper_that_is_emptied(self):
        self.change(f"{ENGINE}/race.rs", "    assert!(fixture.holds(rounds));\n", "")
        self.assert_bad("engine::race::sec14_race holds nothing that can fail")
        self.assert_bad("engine::race::sec14_at_each_isolation holds nothing that can fail")

    def test_a_test_that_is_renamed(self):
        self.change(f"{ENGINE}/race.rs", "fn sec14_at_each_isolation", "fn sec14_at_some_isolation")
        self.assert_bad("engine::race::sec14_at_each_isolation is not there")

    def test_a_test_that_moved(self):
        (self.root / ENGINE / "race.rs").rename(self.root / ENGINE / "other.rs")
        self.assert_bad("engine::race::sec14_race is not there")

    def test_a_test_that_is_ignored(self):
        self.change("crates/engine/src/lib.rs", "#[test]", "#[test]\n    #[ignore]")
        self.assert_bad("engine_crate::tests::sec02_a_unit is ignored")
        self.change("crates/engine/src/lib.rs", "#[ignore]", '#[ignore = "too slow"]')
        self.assert_bad("engine_crate::tests::sec02_a_unit is ignored")

    def test_a_function_that_is_no_test(self):
        self.change(f"{ENGINE}/race.rs", "    sec14_race,\n", "")
        self.assert_bad("engine::race::sec14_race is no test")

    def test_a_scenario_that_is_gone(self):
        (self.root / "tests/conformance/scenarios/once.yaml").unlink()
        self.assert_bad("tests/conformance/scenarios/once.yaml is not there")

    def test_a_scenario_of_another_name(self):
        self.change("tests/conformance/scenarios/once.yaml", "id: once", "id: twice")
        self.assert_bad("tests/conformance/scenarios/once.yaml is not there")

    def test_a_scenario_that_expects_nothing(self):
        self.change("tests/conformance/scenarios/once.yaml", ", ok: null", "")
        self.assert_bad("tests/conformance/scenarios/once.yaml holds nothing that can fail")

    def test_a_scenario_whose_expectation_is_commented_out(self):
        self.change("tests/conformance/scenarios/once.yaml", ", ok: null}", "}  # ok: null")
        self.assert_bad("tests/conformance/scenarios/once.yaml holds nothing that can fail")

    def test_a_check_of_hostile_input_that_is_renamed(self):
        self.change("tests/hostile/family_a.py", "floods", "flood")
        self.assert_bad("tests/hostile::sec02 floods is not there")

    def test_a_check_of_hostile_input_whose_name_is_left_elsewhere(self):
        self.change("tests/hostile/family_a.py", 'NAME = "sec02 floods"', 'NAME = "a"  # "sec02 floods"')
        self.assert_bad("tests/hostile::sec02 floods is not there")

    def test_a_check_of_hostile_input_that_is_not_listed(self):
        self.change("tests/hostile/main.py", '    "a",\n', "")
        self.assert_bad("tests/hostile::sec02 floods is ignored")

    def test_a_check_of_hostile_input_that_sends_nothing(self):
        self.change("tests/hostile/family_a.py", "        flood(examiner, size)", "        pass")
        self.assert_bad("tests/hostile::sec02 floods holds nothing that can fail")

    def test_what_a_check_of_hostile_input_calls_is_emptied(self):
        self.change("tests/hostile/control.py", 'self.examiner.call("confirm", expect=200)', "pass")
        self.assert_bad("tests/hostile::sec02 the controls holds nothing that can fail")

    def test_a_test_of_a_language_that_is_emptied(self):
        self.change("bindings/go/panic_test.go", "\twantCode", "\t// wantCode")
        self.assert_bad("bindings/go/panic_test.go::TestAPanic holds nothing that can fail")
        self.change("bindings/python/tests/test_panic.py", "with pytest.raises(InternalError):", "if True:")
        self.assert_bad("bindings/python/tests/test_panic.py::test_a_panic holds nothing that can fail")

    def test_a_test_of_a_language_that_is_renamed(self):
        self.change("bindings/go/panic_test.go", "func TestAPanic(", "// TestAPanic\nfunc TestPanics(")
        self.assert_bad("bindings/go/panic_test.go::TestAPanic is not there")
        self.change("bindings/python/tests/test_panic.py", "def test_a_panic", "def a_panic")
        self.assert_bad("bindings/python/tests/test_panic.py::test_a_panic is not there")

    def test_a_test_of_a_language_that_is_left_out(self):
        self.change("bindings/go/panic_test.go", "\twantCode", "\tt.Skip()\n\twantCode")
        self.assert_bad("bindings/go/panic_test.go::TestAPanic is ignored")
        self.change("bindings/python/tests/test_panic.py", "def test_a_panic", "@pytest.mark.xfail\ndef test_a_panic")
        self.assert_bad("bindings/python/tests/test_panic.py::test_a_panic is ignored")

    def test_a_test_in_a_language_that_is_not_known(self):
        self.change("tests/requirements/claimed.toml", "panic_test.go", "panic_test.zig")
        (self.root / "bindings/go/panic_test.go").rename(self.root / "bindings/go/panic_test.zig")
        self.assert_bad("is in a language that is not known: .zig")

    def test_a_test_that_did_not_run(self):
        line = "test tests::sec02_a_unit ... ok\n"
        self.assert_not_run("engine_crate::tests::sec02_a_unit did not run", line, "")

    def test_a_test_that_was_ignored_or_failed(self):
        for verdict in ("ignored", "FAILED"):
            self.assert_not_run("sec02_a_unit failed", "sec02_a_unit ... ok", f"sec02_a_unit ... {verdict}")

    def test_a_database_that_was_left_out(self):
        line = "test race::sec14_race::postgres ... ok\n"
        self.assert_not_run("engine::race::sec14_race did not run on postgres", line, "")

    def test_a_database_that_failed(self):
        self.assert_not_run("engine::race::sec14_race failed", "mariadb ... ok", "mariadb ... FAILED")

    def test_a_test_of_the_same_name_in_another_program(self):
        self.assert_not_run("sec02_a_unit did not run", "deps/engine_crate-", "deps/another-")

    def test_a_part_that_failed(self):
        self.assert_not_run("did not run and pass: conformance", "conformance: ok", "conformance: FAILED")

    def test_a_language_that_failed(self):
        self.assert_not_run("did not run and pass: package: go", "package: go: ok", "package: go: FAILED")

    def test_a_check_of_hostile_input_that_failed(self):
        self.assert_not_run("did not run and pass: vendor SDKs, hostile input", "ok     sec02 floods", "FAILED sec02 floods")

    def test_a_clause_without_a_test(self):
        self.change("tests/requirements/claimed.toml", '["engine_crate::tests::sec02_a_unit"]', "[]")
        self.assert_bad("SEC-02, It holds: no test is named")

    def test_a_claimed_row_with_a_clause_that_waits(self):
        self.change("tests/requirements/claimed.toml", '["engine_crate::tests::sec02_a_unit"]', '"a test"')
        self.assert_bad("SEC-02 is claimed, and waits for a test: It holds")

    def test_a_row_without_a_clause(self):
        self.change("tests/requirements/claimed.toml", "[SEC-14]", "[SEC-13]\n\n[SEC-14]")
        self.assert_bad("SEC-13 is claimed, and has no clause")

    def test_a_row_that_waits_for_nothing(self):
        self.change("tests/requirements/claimed.toml", '"a test"', '["engine::race::sec14_race"]')
        self.assert_bad("SEC-09 is listed as not claimed, and nothing says why")

    def test_a_row_that_is_no_requirement(self):
        self.change("tests/requirements/claimed.toml", "SEC-09", "SEC-109")
        self.assert_bad("SEC-109 is no requirement")

    def test_an_id_that_is_not_listed(self):
        self.change(f"{ENGINE}/race.rs", "fn at_each(", "fn sec31_at_each(")
        self.assert_bad("race.rs names SEC-31, which claimed.toml does not list")

    def test_what_the_documentation_claims_alone(self):
        self.change("docs/security.md", "SEC-14", "SEC-15")
        self.assert_bad("SEC-14 is claimed in claimed.toml alone")
        self.assert_bad("SEC-15 is claimed in docs/security.md alone")

    def test_an_api_key_in_the_repository(self):
        key = f"rpk_{'0' * 26}_{'A' * 43}"
        (self.root / "notes.txt").write_text(f"key = {key}\n")
        for command in (["init", "--quiet"], ["add", "."]):
            subprocess.run(["git", "-C", self.root, *command], check=True)
        self.assert_bad("what looks like an API key: notes.txt:1")


if __name__ == "__main__":
    outcome = unittest.main(exit=False).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"test result: {'FAILED' if failed else 'ok'}. {outcome.testsRun - failed} passed; {failed} failed; 0 ignored;")
    sys.exit(bool(failed))
