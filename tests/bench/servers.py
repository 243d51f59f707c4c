"""Database servers and a slower network before them, by the programs of tests/databases."""

import os
import subprocess


class Servers:
    """Servers that live as long as the `with` block, in a folder of their own."""

    def __init__(self, program, folder, kinds):
        self.program, self.children = program, []
        self.environment = {**os.environ, "TMPDIR": str(folder)}
        for line in self._start("start", *kinds):
            name, url = line.removeprefix("export ").split("=", 1)
            self.environment[name] = url

    def new_database(self, kind, added_us):
        """The URL of an empty database, each round trip to which takes so much longer."""
        command = [self.program, "new", kind]
        done = subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        (url,) = self._start("proxy", done.stdout.strip(), str(added_us))
        return url

    def _start(self, *arguments):
        """Starts what runs until its input ends, and answers what it says before it is ready."""
        child = subprocess.Popen(
            [self.program, *arguments],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.children.append(child)
        said = []
        for line in child.stdout:
            if line == "# ready\n":
                return said
            said.append(line.strip())
        raise OSError(f"{self.program.name} {arguments[0]} ended with {child.wait()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child in reversed(self.children):
            child.stdin.close()
            child.wait()
