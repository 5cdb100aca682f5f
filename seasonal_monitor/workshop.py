"""What the notebooks of a class share: self-checks that tick steps, and data of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from seasonal_monitor.errors import MissingPackageError, SeasonalMonitorError

_SAMPLE_DATA = "jupyterlab_seasonal_monitor"

#: The output by which the page of a workshop knows of a check.
MIME = "application/vnd.seasonal-monitor.check+json"


def check(step: str, passed: object | Callable[[], object], hint: str = "") -> bool:
    """Say whether a step is done, to the person and to the page of the workshop.

    Parameters
    ----------
    step
        The short name of the step in the workshop's file.
    passed
        Whether it is done; taken as true or false. A function is called, and what it raises
        counts as not done: an answer can be anything.
    hint
        What to try next, shown while it is not done.

    Returns
    -------
    bool
        Whether it is done.

    Raises
    ------
    ValueError
        When ``step`` cannot be the name of a step.
    """
    from IPython.display import display

    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", step):
        raise ValueError(
            f"step: {step!r} cannot be the name of a step. Use the short name in the workshop's "
            "file: small letters, digits, dots, dashes and underscores."
        )
    done, problem = _judge(passed)
    text = f"Done: {step}" if done else " ".join(filter(None, [f"Not yet: {step}.", hint, problem]))
    display({MIME: {"step": step, "passed": done}, "text/plain": text}, raw=True)
    return done


def _judge(passed: object | Callable[[], object]) -> tuple[bool, str]:
    """Say whether something holds, and what went wrong when it could not be found out."""
    try:
        return bool(passed() if callable(passed) else passed), ""
    except Exception as error:  # noqa: BLE001 - an answer of a learner may raise anything
        reason = (str(error).splitlines() or [""])[0][:200]
        return False, f"({type(error).__name__}: {reason})"


def sample_archive(
    folder: str | Path,
    years: tuple[int, int],
    products: Sequence[str],
    *,
    seed: int = 1,
    size: int = 200,
) -> str:
    """Make the invented archive that a class works with, or complete the one that is there.

    Parameters
    ----------
    folder
        Where it goes; relative to the notebook's folder.
    years
        First and last year.
    products
        Collections, such as ``rfh_dekad``.
    seed
        Another seed gives other weather, so that neighbours have different answers.
    size
        Pixels per side, 0.05 degrees each.

    Returns
    -------
    str
        Path of its ``catalog.json``.

    Raises
    ------
    MissingPackageError
        When what makes sample data is not installed here.
    SeasonalMonitorError
        When it cannot be made; says why.
    """
    if find_spec(_SAMPLE_DATA) is None:
        raise MissingPackageError(_SAMPLE_DATA)
    options = {
        "--years": f"{years[0]}-{years[1]}",
        "--size": str(size),
        "--seed": str(seed),
        "--products": ",".join(products),
    }
    words = [word for option in options.items() for word in option]
    # A process of its own: this package does not import the other one.
    made = subprocess.run(
        [sys.executable, "-m", f"{_SAMPLE_DATA}.sample_data", str(folder), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        lines = made.stderr.strip().splitlines() or ["It gave no reason."]
        raise SeasonalMonitorError(f"The sample data cannot be made. {lines[-1]}")
    return str(Path(folder) / "catalog.json")
