"""Where the contenders' programs are and how each is started."""

from pathlib import Path

HERE = Path(__file__).resolve().parent


class Programs:
    """`scratch` holds what the `prepare` of each language has made."""

    def __init__(self, rust, serve, databases, scratch):
        self.rust, self.serve, self.databases, self.scratch = rust, serve, databases, scratch

    def python(self, name):
        return [self.scratch / "python" / "bin" / "python", HERE / "python" / f"{name}.py"]

    def node(self, part, name):
        return ["node", self.scratch / "node" / part / f"{name}.mjs"]

    def ruby_peer(self, name):
        return ["ruby", HERE / "ruby" / f"{name}.rb"]

    def ruby_package(self, name):
        gems = self.scratch / "ruby"
        return ["env", f"GEM_HOME={gems}", f"GEM_PATH={gems}", *self.ruby_peer(name)]

    def php_peer(self, name):
        return ["php", HERE / "php" / f"{name}.php"]

    def php_package(self, name):
        extension = self.scratch / "php" / "reset_password.so"
        return ["php", "-d", f"extension={extension}", HERE / "php" / f"{name}.php"]

    def go(self, name):
        return [self.scratch / "go" / name]

    def java(self, part, name):
        classpath = (self.scratch / "java" / part / "classpath").read_text().strip()
        return ["java", "-cp", classpath, name]
