"""The command's archive: a program that needs nothing, and what comes with it."""

from binaries import Elf
from release import qemu, run, whole_reset


def musls(release):
    """The targets with musl whose command was built."""
    for triple in release.triples():
        name = release.name("archive", triple)
        if triple.endswith("-musl") and list((release.dist / "archives").glob(f"reset-password-[0-9]*-{name}.tar.gz")):
            yield triple


def test_the_program_needs_nothing_of_its_machine(release):
    for triple in musls(release):
        program = Elf(release.archive("reset-password", triple) / "bin/reset-password")
        assert program.interpreter is None and program.needed == [], (triple, program.needed)
        assert not program.has_debug


def test_it_resets_a_password_where_there_is_nothing_else(release):
    for triple in musls(release):
        program = release.archive("reset-password", triple) / "bin/reset-password"
        whole_reset([*qemu(triple), program], release.scratch / triple)


def test_every_command_has_its_page_and_the_shells_their_completions(release):
    folder = release.archive("reset-password")
    program = folder / "bin/reset-password"
    pages = {page.name for page in (folder / "share/man/man1").iterdir()}
    for line in run([program, "--help"]).split("Commands:\n")[1].split("\n\n")[0].splitlines():
        name = line.split()[0]
        assert name == "help" or f"reset-password-{name}.1" in pages, name
    for shell, path in {
        "bash": "bash-completion/completions/reset-password",
        "zsh": "zsh/site-functions/_reset-password",
        "fish": "fish/vendor_completions.d/reset-password.fish",
    }.items():
        assert (folder / "share" / path).read_text() == run([program, "completions", shell])
    for licence in ("LICENSE-MIT", "LICENSE-APACHE"):
        assert (folder / "share/doc/reset-password" / licence).exists()


def test_the_archive_shows_nothing_of_where_it_was_made(release):
    platform = release.name("archive")
    listing = run(["tar", "-tvzf", release.one("archives", f"reset-password-[0-9]*-{platform}.tar.gz"), "--numeric-owner"])
    for line in listing.splitlines():
        assert " 0/0 " in line, line
    program = (release.archive("reset-password") / "bin/reset-password").read_bytes()
    for path in (str(release.root), "/.cargo/registry"):
        assert path.encode() not in program, path
