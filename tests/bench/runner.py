"""What every section of the measurement shares."""

import sys

from contender import Contender

# name, memory in KiB, iterations, do the targets apply
EQUAL = ("m=19,456 KiB t=2 p=1", 19_456, 2, True)
DEFAULT = ("m=65,536 KiB t=3 p=1, the default", 65_536, 3, False)


class Runner:
    """Starts contenders and remembers what they are."""

    def __init__(self, options, programs, contenders):
        self.options, self.programs, self.contenders = options, programs, contenders
        self.progress = Progress()
        self.passwords = 0

    def start(self, stack, label, program, profile, *arguments, core=None):
        _, memory_kib, iterations, _ = profile
        command = [*program, memory_kib, iterations, *arguments]
        contender = stack.enter_context(Contender(label, command, core))
        self.contenders[label] = contender.versions
        return contender

    def start_checked(self, stack, label, program, profile, *arguments, core=None):
        """One that has shown that its resets work and that it hashes as agreed."""
        contender = self.start(stack, label, program, profile, *arguments, core=core)
        contender.check(self.password(), *profile[1:3])
        return contender

    def folder(self, *names):
        """A new folder for databases."""
        folder = self.options.data.joinpath(*map(str, names))
        folder.mkdir(parents=True)
        return folder

    def password(self):
        """A new one each time, since an engine may refuse the one in use."""
        self.passwords += 1
        return f"tangerine lighthouse {self.passwords} bicycle"

    def rounds(self, name, warm_up, count):
        """Numbers of rounds, negative while it warms up, and shows them."""
        for number in range(-warm_up, count):
            self.progress.show(name, "round", number + 1, count)
            yield number


class Progress:
    """Where the run is: one line that changes on a terminal, a line per stage elsewhere."""

    def __init__(self):
        self.terminal, self.shown = sys.stderr.isatty(), set()

    def show(self, name, what, number, of):
        text = f"{name}: {what} {number} of {of}" if number > 0 else f"{name}: warm-up"
        if self.terminal:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
        elif (name, what) not in self.shown:
            self.shown.add((name, what))
            print(f"bench: {name}: {what.rstrip(',')}", file=sys.stderr, flush=True)

    def done(self):
        if self.terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
