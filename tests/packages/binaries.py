"""What a program or a library asks of its machine."""

import re

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from macholib.MachO import MachO
from macholib.mach_o import LC_BUILD_VERSION, LC_ID_DYLIB, LC_LOAD_DYLIB, LC_RPATH, LC_VERSION_MIN_MACOSX


class Elf:
    """A program or a library of Linux."""

    def __init__(self, path):
        with path.open("rb") as file:
            elf = ELFFile(file)
            self.machine = elf["e_machine"]
            headers = list(elf.iter_segments())
            interpreters = [one.get_interp_name() for one in headers if one["p_type"] == "PT_INTERP"]
            self.interpreter = interpreters[0] if interpreters else None
            self.has_executable_stack = any(
                one["p_type"] == "PT_GNU_STACK" and one["p_flags"] & 1 for one in headers
            )
            self.needed, self.soname, self.run_paths = [], None, []
            self.versions = set()
            self.has_debug = elf.has_dwarf_info(strict=True)
            for section in elf.iter_sections():
                if isinstance(section, DynamicSection):
                    for tag in section.iter_tags():
                        if tag.entry.d_tag == "DT_NEEDED":
                            self.needed.append(tag.needed)
                        elif tag.entry.d_tag == "DT_SONAME":
                            self.soname = tag.soname
                        elif tag.entry.d_tag in ("DT_RPATH", "DT_RUNPATH"):
                            self.run_paths.append(tag.entry.d_tag)
                if isinstance(section, GNUVerNeedSection):
                    for _, needed in section.iter_versions():
                        self.versions.update(version.name for version in needed)

    def newest_glibc(self):
        """The newest glibc that a symbol is asked of, as numbers."""
        found = [re.fullmatch(r"GLIBC_(\d+)\.(\d+)(?:\.\d+)?", version) for version in self.versions]
        return max(((int(one[1]), int(one[2])) for one in found if one), default=(0, 0))


class Mac:
    """A program or a library of macOS."""

    def __init__(self, path):
        image = MachO(str(path))
        assert len(image.headers) == 1, "one processor a file"
        header = image.headers[0]
        self.processor = header.header.cputype
        self.loads, self.name, self.run_paths, self.oldest = [], None, [], None
        for kind, command, data in header.commands:
            text = data.rstrip(b"\0").decode(errors="replace") if isinstance(data, bytes) else ""
            if kind.cmd == LC_LOAD_DYLIB:
                self.loads.append(text)
            elif kind.cmd == LC_ID_DYLIB:
                self.name = text
            elif kind.cmd == LC_RPATH:
                self.run_paths.append(text)
            elif kind.cmd == LC_BUILD_VERSION:
                self.oldest = (command.minos >> 16, command.minos >> 8 & 0xFF)
            elif kind.cmd == LC_VERSION_MIN_MACOSX:
                self.oldest = (command.version >> 16, command.version >> 8 & 0xFF)
