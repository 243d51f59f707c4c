"""What is installed: files, metadata, documentation."""

import dataclasses
import importlib.metadata
import inspect
import pathlib
import re
import sys

import pytest

import reset_password
from conftest import ROOT
from reset_password import aio

INSTALLED = pathlib.Path(reset_password.__file__).parent
PUBLIC = [getattr(reset_password, name) for name in reset_password.__all__ if name != "__version__"]


def test_the_installed_package_is_the_one_under_test():
    assert INSTALLED.is_relative_to(sys.prefix)
    assert not INSTALLED.is_relative_to(ROOT / "bindings")


def test_the_metadata():
    about = importlib.metadata.metadata("reset-password")
    version = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.M).group(1)
    assert about["Name"] == "reset-password"
    assert about["Version"] == version == reset_password.__version__
    assert about["License-Expression"] == "MIT OR Apache-2.0"
    assert sorted(about.get_all("License-File")) == ["LICENSE-APACHE", "LICENSE-MIT"]
    assert about["Requires-Python"] == ">=3.11" and about.get_all("Requires-Dist") is None
    readme = (ROOT / "bindings/python/README.md").read_text(encoding="utf-8")
    assert about.get_payload().strip() == readme.strip() and "## Install" in readme


def test_the_files():
    files = {str(file) for file in importlib.metadata.files("reset-password") if "__pycache__" not in str(file)}
    package = {file for file in files if file.startswith("reset_password/")}
    sources = {f"reset_password/{path.name}" for path in (ROOT / "bindings/python/python/reset_password").iterdir()}
    assert package == {file for file in sources if "__pycache__" not in file} | {"reset_password/_native.abi3.so"}
    assert all(".dist-info/" in file for file in files - package)
    wheel = importlib.metadata.distribution("reset-password").read_text("WHEEL")
    assert re.search(r"^Tag: cp311-abi3-", wheel, re.M)
    # The tool that made the wheel may list what is in it, but not where it was made.
    for file in importlib.metadata.files("reset-password"):
        if file.suffix != ".so" and file.suffix != ".pyc" and file.name != "direct_url.json":
            assert str(ROOT) not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize("kind", [*PUBLIC, aio.UserManagement, aio.Opening], ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_everything_public_is_documented(kind):
    assert kind.__doc__ and not kind.__doc__.startswith(f"{kind.__name__}(")
    for name, member in vars(kind).items():
        if inspect.isroutine(member) and not name.startswith("_"):
            assert inspect.getdoc(member), name
            annotations = inspect.signature(member).parameters.values()
            assert all(each.annotation is not each.empty for each in annotations if each.name != "self"), name
    if dataclasses.is_dataclass(kind):
        source = inspect.getsource(reset_password._results).split(f"class {kind.__name__}(")[1].split("\n\n\n")[0]
        for field in dataclasses.fields(kind):
            assert re.search(rf'^    {field.name}: .+\n    """', source, re.M), field.name


def test_all_is_what_is_there():
    visible = {name for name in vars(reset_password) if not name.startswith("_")} - {"aio"}
    assert visible == set(reset_password.__all__) - {"__version__"}
    assert all(kind.__module__ == "reset_password" for kind in PUBLIC)


def test_the_native_module_runs_without_the_lock():
    """It says so itself to interpreters that have none."""
    assert (INSTALLED / "py.typed").read_bytes() == b""
    assert (INSTALLED / "_native.pyi").is_file()
    source = (ROOT / "bindings/python/src/lib.rs").read_text(encoding="utf-8")
    assert "gil_used = false" in source
