"""Each package is published to a registry of its kind, installed from there as its users do, and does what the README's
first example of its language does. No Rust is within reach, but for Rust's own."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import zipfile

import cargo_registry
import servers
from release import run

ONCE = "a token works once"
# What a build of C or Go, and a script that wraps a program, need besides.
SMALL = """sh env cat cp mkdir mktemp rm ls sed grep dirname basename readlink uname tr head tail expr test id hostname
    ln chmod getent sort cut awk which""".split()


class User:
    """Somebody with the programs that are named, and a folder."""

    def __init__(self, release, *programs, **variables):
        self.folder = release.scratch / "user"
        self.folder.mkdir()
        self.path = release.scratch / "bin"
        self.path.mkdir()
        for name in (*programs, *SMALL):
            # A manager of versions puts a script in the place of the interpreter.
            found = sys._base_executable if name == "python3" else shutil.which(name)
            assert found or name in SMALL, f"{name} is missing"
            if found:
                (self.path / name).symlink_to(found)
        home = release.scratch / "home"
        home.mkdir()
        self.environment = {"PATH": str(self.path), "HOME": str(home), "NO_PROXY": "127.0.0.1", **variables}

    def run(self, *command, **variables):
        """What a program prints; it must succeed."""
        program, *rest = map(str, command)
        found = shutil.which(program, path=str(self.path)) or program
        return run([found, *rest], cwd=self.folder, env={**self.environment, **variables})

    def write(self, name, text):
        """A file of the user's."""
        (self.folder / name).write_text(text)

    def has_no_rust(self):
        """Nothing that could build what a package should have brought."""
        for program in ("cargo", "rustc"):
            assert not shutil.which(program, path=str(self.path)), program


def example(release, language):
    """The README's first example of a language."""
    text = (release.root / "README.md").read_text()
    return re.search(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)[1]


def version(release):
    """That of the workspace."""
    return re.search(r'^version = "(.*)"$', (release.root / "Cargo.toml").read_text(), re.M)[1]


def test_pip(release):
    with servers.pypi(release.scratch / "registry") as url:
        twine = f"{os.path.dirname(sys.executable)}/twine"
        wheels = [path for path in (release.dist / "pypi").iterdir() if "linux" in path.name]
        run([twine, "upload", "--non-interactive", "--disable-progress-bar", "--repository-url", url, "-u", "x", "-p", "x", *wheels])
        user = User(release, "python3")
        user.has_no_rust()
        user.run("python3", "-m", "venv", "venv")
        user.run("venv/bin/python", "-m", "pip", "install", "--quiet", "--index-url", f"{url}simple/", "reset-password")
        user.write("example.py", example(release, "python"))
        assert ONCE in user.run("venv/bin/python", "example.py")


def test_npm(release):
    with servers.npm(release.scratch / "registry") as (url, settings):
        for package in sorted((release.dist / "npm").glob("*.tgz")):
            run(["npm", "publish", "--silent", "--userconfig", settings, package])
        user = User(release, "node", "npm")
        user.has_no_rust()
        user.write("package.json", '{"private": true}')
        user.run("npm", "install", "--silent", "--no-audit", "--no-fund", "--registry", url, "reset-password")
        installed = sorted(path.name for path in (user.folder / "node_modules").glob("reset-password*"))
        assert installed == ["reset-password", f"reset-password-{release.name('node', 'here')}"], installed
        user.write("example.mjs", example(release, "js"))
        assert ONCE in user.run("node", "example.mjs")


def test_gem(release):
    registry = release.scratch / "registry"
    shutil.copytree(release.dist / "gems", registry / "gems")
    run(["gem", "generate_index", "--directory", registry, "--quiet"])
    # The index that a registry of today has besides, and that is asked first: a line for each platform.
    lines = ["---"]
    for gem in sorted((registry / "gems").iterdir()):
        name = gem.stem.removeprefix("reset-password-")
        lines.append(f"{name} |checksum:{hashlib.sha256(gem.read_bytes()).hexdigest()}")
    (registry / "info").mkdir()
    (registry / "info/reset-password").write_text("\n".join(lines) + "\n")
    with servers.files(registry) as url:
        user = User(release, "ruby", "gem")
        user.has_no_rust()
        home = {"GEM_HOME": str(user.folder / "gems"), "GEM_PATH": str(user.folder / "gems")}
        user.run("gem", "install", "--quiet", "--no-document", "--clear-sources", "--source", url, "reset-password", **home)
        user.write("example.rb", example(release, "ruby"))
        assert ONCE in user.run("ruby", "example.rb", **home)


POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>example</groupId><artifactId>example</artifactId><version>1</version>
<properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target>
<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
<repositories><repository><id>release</id><url>{url}</url></repository></repositories>
<dependencies><dependency><groupId>dev.resetpassword</groupId><artifactId>reset-password</artifactId>
<version>{version}</version></dependency></dependencies></project>
"""


def test_maven(release):
    with servers.files(release.dist / "maven") as url:
        user = User(release, "java", "javac", "mvn")
        user.has_no_rust()
        # Central, as this machine reaches it, and a repository of the user's own without what was built here before.
        home = pathlib.Path.home() / ".m2"
        own = user.folder / "repository"
        shutil.copytree(home / "repository", own, ignore=shutil.ignore_patterns("resetpassword"))
        settings = ["--settings", home / "settings.xml"] if (home / "settings.xml").exists() else []
        java = {"JAVA_HOME": str(pathlib.Path(os.path.realpath(shutil.which("javac"))).parent.parent)}
        user.write("pom.xml", POM.format(url=url, version=version(release)))
        source = user.folder / "src/main/java"
        source.mkdir(parents=True)
        (source / "Example.java").write_text(example(release, "java"))
        user.run("mvn", "--batch-mode", "--quiet", *settings, f"-Dmaven.repo.local={own}", "compile", **java)
        jar = next(own.rglob("reset-password-[0-9]*.jar"))
        assert ONCE in user.run("java", "-ea", "-cp", f"target/classes:{jar}", "Example")


def test_composer(release):
    registry = release.scratch / "registry"
    registry.mkdir()
    run(["tar", "-xzf", release.one("php", "*.tar.gz"), "-C", registry, "--strip-components=1"])
    with zipfile.ZipFile(registry / "library.zip", "w") as archive:
        for path in sorted((registry / "library").rglob("*")):
            archive.write(path, path.relative_to(registry / "library"))
    package = json.loads((registry / "library/composer.json").read_text())
    with servers.files(registry) as url:
        package["dist"] = {"type": "zip", "url": f"{url}/library.zip"}
        index = {"packages": {package["name"]: {package["version"]: package}}}
        (registry / "packages.json").write_text(json.dumps(index))
        user = User(release, "php8.2", "composer", "unzip")
        user.has_no_rust()
        user.write("composer.json", json.dumps({
            "repositories": [{"type": "composer", "url": url}, {"packagist.org": False}],
            "require": {package["name"]: f"^{package['version']}"}, "config": {"secure-http": False},
        }))
        php = ["php8.2", "-d", f"extension={registry}/reset_password.so"]
        user.run(*php, shutil.which("composer"), "install", "--quiet", "--no-interaction", COMPOSER_ALLOW_SUPERUSER="1")
        code = example(release, "php")
        assert (user.folder / "vendor" / package["name"] / "stubs").is_dir()
        user.write("example.php", code.replace("<?php", "<?php\nrequire 'vendor/autoload.php';", 1))
        assert ONCE in user.run(*php, "example.php")


def test_go(release):
    # The C library is the system's: from its archive, as the README says.
    c = release.archive("reset-password-c", run([release.root / "scripts/targets", "target", "here"]).strip())
    with servers.files(release.dist / "go") as url:
        user = User(release, "go", "gcc", "cc", "as", "ld", "pkg-config")
        user.has_no_rust()
        variables = {
            "GOPROXY": url, "GONOSUMDB": "*", "GOFLAGS": "-mod=mod",
            "PKG_CONFIG_PATH": str(c / "lib/pkgconfig"), "GOTOOLCHAIN": "local",
        }
        user.write("main.go", example(release, "go"))
        user.run("go", "mod", "init", "example", **variables)
        user.run("go", "get", f"resetpassword.dev/usermanagement@v{version(release)}", **variables)
        user.run("go", "build", "-o", "example", ".", **variables)
        assert ONCE in user.run("./example")
        # Go makes its cache so that nobody can remove it.
        user.run("go", "clean", "-modcache", **variables)


def test_cargo(release):
    registry = release.scratch / "registry"
    crates = sorted((release.dist / "crates").glob("*.crate"))
    cargo_registry.make(registry, crates)
    # Not below this workspace, which would be asked first.
    with servers.files(registry) as url, tempfile.TemporaryDirectory() as elsewhere:
        (registry / "index/config.json").write_text(json.dumps({"dl": f"{url}/crates/{{crate}}-{{version}}.crate"}))
        folder = pathlib.Path(elsewhere) / "example"
        index = {"CARGO_REGISTRIES_RELEASE_INDEX": f"sparse+{url}/index/"}
        # Compiled once for all crates of crates.io, as anybody's second build is.
        environment = {**os.environ, **index, "CARGO_TARGET_DIR": str(release.dist.parent / "registries-cargo")}
        run(["cargo", "new", "--quiet", "--vcs", "none", "--name", "example", folder], env=environment)
        run(["cargo", "add", "--quiet", "--registry", "release", "reset-password"], cwd=folder, env=environment)
        run(["cargo", "add", "--quiet", "secrecy"], cwd=folder, env=environment)
        (folder / "src/main.rs").write_text(example(release, "rust"))
        run(["cargo", "run", "--quiet"], cwd=folder, env=environment)
