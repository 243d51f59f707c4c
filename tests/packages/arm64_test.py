"""The packages for arm64 with glibc, in a Debian of arm64 whose programs run under qemu."""

import shutil
import subprocess

from release import run, whole_reset, zig
from wheels_test import PROGRAM

TRIPLE = "aarch64-unknown-linux-gnu"
HERE = __file__.rsplit("/", 1)[0]
IN_THE_TREE = (
    'for place in proc dev; do mount --bind "/$place" "$0/$place"; done; '
    'exec chroot "$0" /usr/bin/qemu-aarch64-static "$@"'
)


class Tree:
    """The tree, and a folder in it for one test."""

    def __init__(self, release):
        self.root = release.arm64_tree
        assert (self.root / "complete").exists(), f"tests/packages/arm64-tree {self.root} makes it"
        self.folder = self.root / "tmp/test"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def command(self, *program):
        """What runs a program of the tree."""
        return ["unshare", "--mount", "sh", "-ec", IN_THE_TREE, str(self.root), *program]

    def run(self, *program, **variables):
        """What a program of the tree prints; it must succeed."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp/test", **variables}
        return run(self.command(*program), env=environment)


def test_the_tree_is_of_arm64(release):
    tree = Tree(release)
    assert tree.run("/usr/bin/python3", "-c", "import platform; print(platform.machine())") == "aarch64\n"


def test_the_wheel_is_installed_and_resets_a_password(release):
    tree = Tree(release)
    wheel = release.one("pypi", "*manylinux*aarch64*.whl")
    shutil.copy(wheel, tree.folder)
    tree.run(
        "/usr/bin/python3", "-m", "pip", "install", "--quiet", "--no-index", "--target", "/tmp/test/installed",
        f"/tmp/test/{wheel.name}",
    )
    program = f"import os; os.chdir('/tmp/test')\n{PROGRAM}"
    assert tree.run("/usr/bin/python3", "-c", program, PYTHONPATH="/tmp/test/installed") == "True\n"


def test_the_node_package_is_installed_and_resets_a_password(release):
    tree = Tree(release)
    application = release.scratch / "application"
    application.mkdir()
    (application / "package.json").write_text('{"private": true}')
    native = release.one("npm", "reset-password-linux-arm64-gnu-*.tgz")
    package = release.one("npm", "reset-password-[0-9]*.tgz")
    subprocess.run(
        ["npm", "install", "--silent", "--offline", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund",
         "--cpu=arm64", "--os=linux", "--libc=glibc", "--force", native, package],
        cwd=application, check=True,
    )
    shutil.copytree(application, tree.folder / "application")
    (tree.folder / "application/reset.js").write_text("""
        const { UserManagement } = require('reset-password');
        (async () => {
          const users = await UserManagement.open('/tmp/test/app.db');
          await users.createUser({ email: 'ada@example.com', password: 'a long walk by the sea' });
          const reset = await users.createPasswordReset({ email: 'ada@example.com' });
          const { user } = await users.resetPassword({
            token: reset.passwordResetToken, newPassword: 'seven green boats at dusk',
          });
          console.log(user.email, process.arch);
        })();
    """)
    # Node 18 is what this Debian has; the module needs no more than the interface that it has, too.
    assert tree.run("/usr/bin/node", "/tmp/test/application/reset.js") == "ada@example.com arm64\n"


def test_programs_that_are_linked_with_the_c_library_reset_a_password(release):
    tree = Tree(release)
    folder = release.archive("reset-password-c", TRIPLE)
    compile_reset = [*zig(TRIPLE), "-O1", f"-I{folder}/include", f"{HERE}/reset.c"]
    run([*compile_reset, f"-L{folder}/lib", "-lreset_password", "-o", tree.folder / "shared"])
    run([*compile_reset, f"{folder}/lib/libreset_password.a", "-lunwind", "-o", tree.folder / "static"])
    shutil.copytree(folder / "lib", tree.folder / "lib", symlinks=True)
    for program in ("shared", "static"):
        answer = tree.run(f"/tmp/test/{program}", f"/tmp/test/{program}.db", LD_LIBRARY_PATH="/tmp/test/lib")
        assert answer == "reset\n", program


def test_the_debian_package_is_unpacked_and_its_command_resets_a_password(release):
    tree = Tree(release)
    run(["dpkg-deb", "--extract", release.one("debian", "*_arm64.deb"), tree.root])
    whole_reset(
        tree.command("/usr/bin/reset-password"), tree.folder,
        {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "RESET_PASSWORD_DATABASE": "/tmp/test/app.db"},
        inside="/tmp/test/",
    )
