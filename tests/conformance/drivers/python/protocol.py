"""What both drivers share: values, results, errors and the surface, in the protocol's form."""

import dataclasses
import importlib.metadata
import inspect
import platform
import time
from datetime import datetime, timezone

import reset_password
from operations import OPERATIONS

def value(given):
    """An argument, with the special values made."""
    if isinstance(given, list):
        return [value(each) for each in given]
    if not isinstance(given, dict):
        return given
    if len(given) == 1:
        ((key, inner),) = given.items()
        if key == "$utf16":
            units = b"".join(unit.to_bytes(2, "little") for unit in inner)
            return units.decode("utf-16-le", "surrogatepass")
        if key == "$bytes":
            return bytes.fromhex(inner)
        if key == "$undefined":
            return None
        if key == "$symbol":
            return type(inner, (), {})()
        if key == "$float":
            return float(inner)
        if key == "$big":
            return int(inner)
        if key == "$repeat":
            text, times = inner
            return text * times
    return {key: value(inner) for key, inner in given.items()}


def arguments(request):
    return {name: value(given) for name, given in request.get("arguments", {}).items()}


def plain(result):
    """A result, read field by field."""
    if dataclasses.is_dataclass(result):
        fields = {field.name: plain(getattr(result, field.name)) for field in dataclasses.fields(result)}
        if fields != result.to_dict():
            raise AssertionError("to_dict() is not what the fields are")
        return fields
    if isinstance(result, datetime):
        if result.tzinfo is not timezone.utc:
            raise AssertionError("a moment without its zone")
        return result.strftime("%Y-%m-%dT%H:%M:%S.") + f"{result.microsecond // 1000:03}Z"
    if isinstance(result, list | tuple):
        return [plain(each) for each in result]
    if isinstance(result, dict):
        return {key: plain(each) for key, each in result.items()}
    return result


def failure(error):
    """An error of the package, a type error of the language, or a fault of the driver."""
    if isinstance(error, reset_password.Error):
        return {
            "code": error.code,
            "message": error.message,
            "errors": [
                {name: each for name, each in plain(detail).items() if each is not None} for detail in error.errors
            ],
            "retryable": error.retryable,
            "retry_after": error.retry_after,
            "class": type(error).__name__,
        }
    if isinstance(error, TypeError):
        none = {"code": "input_invalid", "message": "", "errors": [], "retryable": False, "retry_after": None}
        return none | {"class": "TypeError"}
    return {"code": "driver_failed", "message": f"{type(error).__name__}: {error}"}


def wait_until(unix_millis):
    """Sleeps, and is busy in the last millisecond."""
    while (left := unix_millis / 1000 - time.time()) > 0:
        if left > 0.001:
            time.sleep(left - 0.001)


def signatures(kind, opening, entered):
    """The public surface, as `inspect` sees it. What opening gives is what `with` gives."""
    returned = inspect.signature(entered).return_annotation.replace("Self", kind.__name__)
    surface = {"open": signature(opening) | {"returns": returned}}
    return surface | {name: signature(getattr(kind, name)) for name in OPERATIONS}


def signature(function):
    seen = inspect.signature(function)
    parameters = [
        {"name": each.name, "required": each.default is each.empty, "type": each.annotation}
        for each in seen.parameters.values()
        if each.name != "self"
    ]
    return {"parameters": parameters, "returns": seen.return_annotation}


def codes():
    """Every code and its class."""
    classes = [reset_password.Error]
    for kind in classes:
        classes.extend(kind.__subclasses__())
    found = {kind.code: kind.__name__ for kind in classes[1:]}
    if any(getattr(reset_password, name).__name__ != name for name in found.values()):
        raise AssertionError("a class has another name where it is public")
    return found


def version():
    return {
        "package": importlib.metadata.version("reset-password"),
        "runtime": f"{platform.python_implementation().replace('CPython', 'Python')} {platform.python_version()}",
    }
