"""What may be asked of a class that somebody named: all is checked before it is imported.

Options of the launcher ``custom``: ``class`` (``module:class``), ``arguments`` (its
keyword arguments, as JSON has them), ``attach`` (the name of a cluster that the class is to
take up with its ``from_name``), ``workers``, or ``minimum`` with ``maximum``, and
``idleTimeout`` and ``lifetime`` in minutes. In place of a secret stands
``{"$env": "NAME"}``, the variable of the kernel's environment that has it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from .causes import hide, printable, redact
from .rpc import RpcError

if TYPE_CHECKING:
    from .host import Host
    from .options import Checker

NAMES = {
    "custom": {
        "class",
        "arguments",
        "attach",
        "workers",
        "minimum",
        "maximum",
        "idleTimeout",
        "lifetime",
    },
}
#: Minutes without a task after which such a cluster ends, if nothing else is said.
ENDS = {"idleTimeout": 30}
#: The class says how many it begins with.
WORKERS = None
_CLASS = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_SECRET = re.compile(
    r"(?i)secret|passw|passphrase|credential|authorization"
    r"|(^|[_-])(token|jwt)s?$|(api|access|private|account)[_-]?key"
)
_VARIABLE = re.compile(r"[A-Za-z_]\w{0,127}")
#: The launcher gives these itself.
_OURS = ("asynchronous", "loop")
_DEEPEST = 20
#: Shorter values of variables are switches and paths, not secrets.
_SHORTEST = 8


def check(checker: Checker, launcher: str, host: Host) -> dict[str, Any]:
    """Return the class and its arguments; what is wrong is noted by field."""
    name = checker.text("class", 256)
    if name is None:
        checker.wrong.setdefault("class", "Name a class, such as distributed:LocalCluster.")
    elif not _CLASS.fullmatch(name):
        checker.wrong["class"] = "This must look like module:Class."
    arguments = checker.values.get("arguments")
    if arguments is None:
        arguments = {}
    if not isinstance(arguments, dict):
        checker.wrong["arguments"] = 'This must be a JSON object, such as {"region": "eu"}.'
        return {"class": name}
    wrong = _wrong(arguments, "", 0)
    ours = [name for name in _OURS if name in arguments]
    if ours:
        wrong = f"{ours[0]} is given by the controller: leave it out."
    if wrong is not None:
        checker.wrong["arguments"] = wrong
    result = {"class": name, "arguments": arguments}
    attach = checker.text("attach", 256)
    if attach is not None:
        result["attach"] = attach
        for size in ("workers", "minimum", "maximum"):
            if size in checker.values:
                checker.wrong[size] = "A cluster that is taken up has its size: scale it later."
    return result


def fill_in(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return arguments with the variables' values, which no message shows from now on.

    Raises
    ------
    RpcError
        ``invalid`` where a variable is not set.
    """
    if isinstance(value, list):
        return [fill_in(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$env"}:
        wrong = _wrong_variable(value)
        if wrong is not None:
            raise RpcError("invalid", wrong)
        found = os.environ[value["$env"]]
        hide(found)
        return found
    return {name: fill_in(item) for name, item in value.items()}


def hide_secrets() -> None:
    """Let no message show the environment's secrets, which the class may read by itself."""
    for name, value in os.environ.items():
        if _SECRET.search(name) and len(value) >= _SHORTEST:
            hide(value)


def _wrong(value: object, name: str, depth: int) -> str | None:
    """Return what is wrong with a value of the arguments, or with one inside it."""
    if depth > _DEEPEST:
        return "This is nested too deep."
    shown = printable(name)
    if isinstance(value, dict) and "$env" in value:
        return _wrong_variable(value)
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        text = str(value)
        named = bool(_SECRET.search(name)) and isinstance(value, str) and text != ""
        if named or redact(text) != text:
            return (
                f"{shown or 'This'} looks like a secret, and settings and profiles are no place "
                f"for one. Put it into an environment variable of Jupyter, and write "
                f'{{"$env": "NAME OF THE VARIABLE"}} here.'
            )
    if isinstance(value, dict):
        parts = [_wrong(item, str(key), depth + 1) for key, item in value.items()]
    elif isinstance(value, list):
        parts = [_wrong(item, name, depth + 1) for item in value]
    else:
        parts = []
    return next((part for part in parts if part is not None), None)


def _wrong_variable(value: dict[str, Any]) -> str | None:
    variable = value["$env"]
    if len(value) > 1 or not isinstance(variable, str) or not _VARIABLE.fullmatch(variable):
        return 'A variable is written {"$env": "NAME"}.'
    if variable not in os.environ:
        return (
            f"The environment variable {variable} is not set in this kernel. Set it where "
            f"Jupyter is started, or in the kernel's own settings, and start Jupyter again."
        )
    return None
