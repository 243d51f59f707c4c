"""The C library of every Linux: programs linked with it, shared and as an archive, reset a password."""

from release import is_here, qemu, run, zig

HERE = __file__.rsplit("/", 1)[0]


def compilers(triple):
    """What compiles for a target."""
    if is_here(triple):
        return ["musl-gcc"] if triple.endswith("-musl") else ["cc"]
    return zig(triple)


def linux(release):
    """The targets whose library is looked at."""
    return [triple for triple in release.triples() if "-linux-" in triple]


def libraries(folder):
    """What a program that has the archive in it is linked with besides, as its pkg-config file says."""
    text = (folder / "lib/pkgconfig/reset-password-static.pc").read_text()
    line = next(line for line in text.splitlines() if line.startswith("Libs:"))
    return line.split("libreset_password.a", 1)[1].split()


def test_a_program_that_has_the_archive_in_it_resets_a_password(release):
    for triple in linux(release):
        if triple.endswith("-gnu") and not is_here(triple):
            continue  # Its C library is in the tree of arm64_test.
        folder = release.archive("reset-password-c", triple)
        program = release.scratch / f"static-{triple}"
        # Debian's musl-gcc takes the unwinder of the machine's gcc, which is for glibc.
        compiler = [*zig(triple), "-static", "-lunwind"] if triple.endswith("-musl") else compilers(triple)
        run([*compiler, "-O1", f"-I{folder}/include", f"{HERE}/reset.c",
             f"{folder}/lib/libreset_password.a", *libraries(folder), "-o", program])
        assert run([*qemu(triple), program, release.scratch / f"{triple}.db"]) == "reset\n", triple


def test_a_program_that_loads_the_library_resets_a_password(release):
    for triple in linux(release):
        if not is_here(triple):
            continue  # Its C library is in the tree of arm64_test.
        folder = release.archive("reset-password-c", triple)
        program = release.scratch / f"shared-{triple}"
        run([*compilers(triple), "-O1", f"-I{folder}/include", f"{HERE}/reset.c", f"-L{folder}/lib", "-lreset_password",
             "-o", program])
        environment = {"LD_LIBRARY_PATH": f"{folder}/lib"}
        assert run([program, release.scratch / f"{triple}.db"], env=environment) == "reset\n", triple
