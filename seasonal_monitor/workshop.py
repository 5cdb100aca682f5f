"""Self-checks in the notebooks of a class, which tick the steps of its page."""

from __future__ import annotations

import re

#: The output by which the page of a workshop knows of a check.
MIME = "application/vnd.seasonal-monitor.check+json"


def check(step: str, passed: object, hint: str = "") -> bool:
    """Say whether a step is done, to the person and to the page of the workshop.

    Parameters
    ----------
    step
        The short name of the step in the workshop's file.
    passed
        Whether it is done; taken as true or false.
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
    done = bool(passed)
    text = f"Done: {step}" if done else f"Not yet: {step}. {hint}".rstrip()
    display({MIME: {"step": step, "passed": done}, "text/plain": text}, raw=True)
    return done
