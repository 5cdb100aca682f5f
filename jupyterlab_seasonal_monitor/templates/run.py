"""Runs a template once for its parameters: what is done is not done again, what failed is.

::

    python -m jupyterlab_seasonal_monitor.templates.run rainfall-dekads -p start 202403d1 -p end …

The executed notebook is the receipt. It gets its name, which follows from the template and its
parameters, only when it ran to the end.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import template_path

#: Exit code when the same run is under way: try again later (sysexits.h).
BUSY = 75


class RunError(Exception):
    """A run cannot begin, or failed; the message says why."""


class BusyError(RunError):
    """The same run is under way."""


@dataclass(frozen=True)
class Receipt:
    """A run that is done.

    Attributes
    ----------
    notebook : Path
        As it was executed.
    was_done : bool
        Whether it was done before, so that nothing was executed now.
    """

    notebook: Path
    was_done: bool


def run_once(
    template_id: str,
    parameters: Mapping[str, Any],
    runs: Path,
    *,
    again: bool = False,
    kernel: str = "python3",
) -> Receipt:
    """Run a template unless it was run to its end with these parameters.

    Parameters
    ----------
    template_id : str
        Such as ``rainfall-anomaly``.
    parameters : mapping
        Those that differ from the template's own. No secrets: the notebook keeps them.
    runs : Path
        Folder of the receipts; is made if it is missing. A failed run leaves its notebook there as
        ``….failed.ipynb``, until the next one is done.
    again : bool
        Run also what was done, for data that changed.
    kernel : str
        In which it runs; the working folder is this process's.

    Raises
    ------
    LookupError
        When there is no such template.
    RunError
        When a parameter is unknown, or the notebook failed.
    BusyError
        When the same run is under way.
    """
    import papermill
    from papermill.exceptions import PapermillException

    path = template_path(template_id)
    content = path.read_text(encoding="utf-8")
    known = json.loads(content)["metadata"]["seasonal_monitor"]["parameters"]["properties"]
    unknown = [name for name in parameters if name not in known]
    if unknown:
        raise RunError(f"{unknown[0]} is no parameter of {template_id}. It has {', '.join(known)}.")
    done = runs / f"{_name(template_id, content, parameters)}.ipynb"
    if done.exists() and not again:
        return Receipt(done, was_done=True)
    runs.mkdir(parents=True, exist_ok=True)
    failed, partial = done.with_suffix(".failed.ipynb"), done.with_suffix(".partial.ipynb")
    with _alone(done.with_suffix(".lock")):
        if done.exists() and not again:  # by the one that was waited for
            return Receipt(done, was_done=True)
        try:
            papermill.execute_notebook(
                path, partial, dict(parameters), kernel_name=kernel, progress_bar=False
            )
        except (PapermillException, OSError, RuntimeError) as error:
            if partial.exists():
                partial.replace(failed)
            raise RunError(_reason(error, failed)) from error
        partial.replace(done)
        failed.unlink(missing_ok=True)
    return Receipt(done, was_done=False)


def _name(template_id: str, content: str, parameters: Mapping[str, Any]) -> str:
    """Name a run: another template or other parameters, another name."""
    text = json.dumps([content, parameters], sort_keys=True, default=str)
    period = [str(parameters[name]) for name in ("start", "end", "dekad") if name in parameters]
    words = [template_id, *dict.fromkeys(period), hashlib.sha256(text.encode()).hexdigest()[:10]]
    return "-".join("".join(c for c in word if c.isalnum() or c in "-_") for word in words)


def _reason(error: Exception, failed: Path) -> str:
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", error)
    return f"{name}: {str(value).strip()}\nThe notebook is {failed}."


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time; a lock goes with the process that has it.

    Raises
    ------
    BusyError
        When another has it.
    """
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        yield
        return
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError(f"{lock.stem} is running already.") from error
        yield
    finally:
        os.close(descriptor)


def typed(template_id: str, name: str, text: str) -> Any:  # noqa: ANN401
    """Read a value as the template's parameter wants it.

    Raises
    ------
    RunError
        When there is no such parameter, or the text is no such value.
    """
    record = json.loads(template_path(template_id).read_text(encoding="utf-8"))["metadata"]
    properties = record["seasonal_monitor"]["parameters"]["properties"]
    if name not in properties:
        raise RunError(f"{name} is no parameter of {template_id}. It has {', '.join(properties)}.")
    kind = properties[name]["type"]
    if kind == "string":
        return text
    try:
        value = json.loads(text)
    except ValueError as error:
        raise RunError(f"{name}: {text!r} is no {kind}, written as JSON.") from error
    kinds: dict[str, tuple[type, ...]] = {
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
        "array": (list,),
    }
    if not isinstance(value, kinds[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise RunError(f"{name}: {text!r} is no {kind}, written as JSON.")
    return float(text) if kind == "number" else value


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a template once.

    Returns
    -------
    int
        0 when it is done, now or before; 1 when it failed; 75 when the same run is under way.
    """
    parser = argparse.ArgumentParser(
        prog="python -m jupyterlab_seasonal_monitor.templates.run",
        description="Run a template once for its parameters. What is done is not done again.",
    )
    parser.add_argument("template", help="its id, such as rainfall-dekads")
    parser.add_argument(
        "-p",
        dest="parameters",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="a parameter; lists, numbers and yes or no as JSON",
    )
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="default: %(default)s")
    parser.add_argument("--again", action="store_true", help="also what was done")
    parser.add_argument("--kernel", default="python3", help="default: %(default)s")
    options = parser.parse_args(arguments)
    name = options.template
    try:
        values = {key: typed(name, key, text) for key, text in options.parameters}
        receipt = run_once(name, values, options.runs, again=options.again, kernel=options.kernel)
    except BusyError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return BUSY
    except (RunError, LookupError, OSError) as error:
        print(error.args[0] if isinstance(error, LookupError) else error, file=sys.stderr)  # noqa: T201
        return 1
    state = "was done already" if receipt.was_done else "is done"
    print(f"{name} {state}: {receipt.notebook}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
