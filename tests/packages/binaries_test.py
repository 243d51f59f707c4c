"""What every program and library of a release asks of its machine: read, since not all can be run here."""

import io
import subprocess
import tarfile
import zipfile

from binaries import Elf, Mac

# The glibc of RHEL 7, Amazon Linux 2 and Debian 8, and of what manylinux2014 stands for.
GLIBC = (2, 17)
# Of glibc itself and of the compiler that every system has.
SYSTEM = {
    "libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1", "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1", "libgcc_s.so.1",
}
MUSL = {"libc.so", "libgcc_s.so.1"}
MAC = ("/usr/lib/", "/System/Library/")
PROCESSORS = {"x86_64": "EM_X86_64", "aarch64": "EM_AARCH64"}
MAC_PROCESSORS = {"x86_64": 0x01000007, "aarch64": 0x0100000C}
OLDEST_MAC = {"x86_64": (10, 12), "aarch64": (11, 0)}


def members(path):
    """The files of an archive: name, contents."""
    if path.suffix in (".jar", ".whl"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)
    elif path.suffix == ".deb":
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], check=True, capture_output=True).stdout
        yield from files_of_tar(io.BytesIO(data))
    else:
        yield from files_of_tar(io.BytesIO(path.read_bytes()))


def files_of_tar(file):
    with tarfile.open(fileobj=file) as archive:
        for member in archive:
            if member.isfile():
                yield member.name, archive.extractfile(member).read()


def natives(release):
    """Every program and shared library of a release: of which package, its name there, its path in a folder."""
    kept = release.scratch / "natives"
    kept.mkdir()
    number = 0
    for folder in ("archives", "debian", "maven", "npm", "pypi"):
        for path in sorted((release.dist / folder).rglob("*")):
            if path.suffix not in (".gz", ".tgz", ".deb", ".jar", ".whl"):
                continue
            for name, data in members(path):
                if data[:4] in (b"\x7fELF", b"\xcf\xfa\xed\xfe") and not name.endswith((".a", ".o")):
                    number += 1
                    there = kept / str(number)
                    there.write_bytes(data)
                    yield f"{path.name}: {name}", there
    assert number, "nothing to look at"


def test_linux_needs_its_c_library_alone_and_none_newer_than_promised(release):
    seen = set()
    for name, path in natives(release):
        if path.open("rb").read(4) != b"\x7fELF":
            continue
        elf = Elf(path)
        is_musl = "musl" in name
        assert set(elf.needed) <= (MUSL if is_musl else SYSTEM), (name, elf.needed)
        assert elf.newest_glibc() <= GLIBC, (name, elf.newest_glibc())
        assert not elf.has_executable_stack and not elf.run_paths, name
        seen.add((elf.machine, is_musl))
    assert seen == {(machine, is_musl) for machine in PROCESSORS.values() for is_musl in (True, False)}, seen


def test_macos_loads_what_every_mac_has(release):
    seen = set()
    for name, path in natives(release):
        if path.open("rb").read(4) == b"\x7fELF":
            continue
        mac = Mac(path)
        processor = next(one for one, number in MAC_PROCESSORS.items() if number == mac.processor)
        assert all(load.startswith(MAC) for load in mac.loads), (name, mac.loads)
        assert not mac.run_paths and mac.oldest <= OLDEST_MAC[processor], (name, mac.run_paths, mac.oldest)
        if "reset-password-c-" in name:
            assert mac.name == "@rpath/libreset_password.0.dylib", (name, mac.name)
        seen.add(processor)
    assert seen == set(MAC_PROCESSORS), seen


def test_nothing_names_the_machine_that_built_it(release):
    paths = [path.encode() for path in (str(release.root), "/.cargo/registry")]
    for name, path in natives(release):
        data = path.read_bytes()
        for one in paths:
            assert one not in data, (name, one)
