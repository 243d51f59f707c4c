"""The wheels, as auditwheel judges them, and as pip takes them on this machine."""

import os
import re
import subprocess
import sys

from release import run


def test_auditwheel_says_manylinux2014_or_better(release):
    tools = os.path.dirname(sys.executable)
    wheels = sorted((release.dist / "pypi").glob("*linux*.whl"))
    assert len(wheels) == 4, wheels
    for wheel in wheels:
        said = run([f"{tools}/auditwheel", "show", wheel])
        if "manylinux" in wheel.name:
            tag = re.search(r'"manylinux_2_(\d+)_', said)
            assert tag and int(tag[1]) <= 17, said
        else:
            assert "musllinux_1_2" in said or "musllinux_1_1" in said, said


def test_the_wheel_of_this_machine_resets_a_password(release):
    run([sys.executable, "-m", "venv", release.scratch / "venv"])
    python = release.scratch / "venv/bin/python"
    run([python, "-m", "pip", "install", "--quiet", "--no-index", "--find-links", release.dist / "pypi", "reset-password"])
    assert run([python, "-c", PROGRAM], cwd=release.scratch) == "True\n"


PROGRAM = """
from reset_password import UserManagement
with UserManagement("app.db") as users:
    users.create_user("ada@example.com", password="a long walk by the sea")
    reset = users.create_password_reset("ada@example.com")
    user = users.reset_password(reset.password_reset_token, "seven green boats at dusk")
    print(users.authenticate_with_password("ada@example.com", "seven green boats at dusk").id == user.id)
"""
