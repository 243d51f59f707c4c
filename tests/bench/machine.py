"""What the numbers were measured on and with."""

import os
import platform
import re
import subprocess


def describe(data):
    return {
        "cpu": first_match("/proc/cpuinfo", r"model name\s*: (.+)") or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(first_match("/proc/meminfo", r"MemTotal:\s+(\d+)") or 0) / 2**20),
        "kernel": platform.release(),
        "file_system": output("df", "--output=fstype", data).split("\n")[-1],
    }


def has_memory(kib):
    """Whether so many hashes at once fit, with some to spare; a peer does not limit itself."""
    available = first_match("/proc/meminfo", r"MemAvailable:\s+(\d+)")
    return available is None or kib < int(available) * 3 // 4


def tool_versions(lock):
    locked = dict(re.findall(r'name = "(.+)"\nversion = "(.+)"', lock.read_text()))
    return {
        "rustc": output("rustc", "--version", cwd=lock.parent).removeprefix("rustc "),
        **{name: locked.get(name, "?") for name in ("argon2-rust", "argon2", "rusqlite")},
    }


class Load:
    """How much of the processors others used while we measured, this machine's host included."""

    def __init__(self):
        self.start = self._read()

    def since(self):
        """Shares of all processor time; the children must have ended, for theirs to count."""
        busy, stolen, total, own = (
            now - before for now, before in zip(self._read(), self.start)
        )
        total = max(total, 1)
        return {"others": max(busy - own, 0) / total, "stolen": stolen / total}

    @staticmethod
    def _read():
        line = first_match("/proc/stat", r"cpu +(.+)") or "0 0 0 1 0 0 0 0"
        user, nice, system, idle, wait, irq, softirq, stolen = map(int, line.split()[:8])
        busy = user + nice + system + irq + softirq
        own = sum(os.times()[:4]) * os.sysconf("SC_CLK_TCK")
        return busy, stolen, busy + idle + wait + stolen, own


def first_match(path, pattern):
    try:
        with open(path, encoding="utf-8") as file:
            found = re.search(pattern, file.read())
    except OSError:
        return None
    return found and found[1]


def output(*command, cwd=None):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=cwd)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
