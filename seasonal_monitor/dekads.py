"""Dekads: the ten-day steps of rainfall monitoring, 36 in a year.

``python -m seasonal_monitor.dekads`` prints the last one that has ended, for scripts.

A dekad is days 1-10, 11-20 or 21 to the month's end. A *step* numbers them without gaps,
``year * 36 + dekad of the year - 1``, so that the next dekad is always ``step + 1``.
"""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, time, timedelta, timezone

from .errors import ParameterError

DEKADS_PER_YEAR = 36

_LABEL = re.compile(r"(\d{4})(0[1-9]|1[0-2])d([123])")


def steps_of_years(first_year: int, last_year: int) -> range:
    """Give the steps of all dekads from `first_year` to `last_year`, both included."""
    return range(first_year * DEKADS_PER_YEAR, (last_year + 1) * DEKADS_PER_YEAR)


def label(step: int) -> str:
    """Write a step the way the Seasonal Monitor does: ``202403d1`` is 1-10 March 2024."""
    year, dekad = divmod(step, DEKADS_PER_YEAR)
    return f"{year:04d}{dekad // 3 + 1:02d}d{dekad % 3 + 1}"


def parse(text: str, parameter: str = "dekad") -> int:
    """Read a label such as ``202403d1``.

    Parameters
    ----------
    text : str
        Year, month and ``d1`` (days 1-10), ``d2`` (11-20) or ``d3`` (21 to the month's end).
    parameter : str
        What the error calls it.

    Returns
    -------
    int
        The step.

    Raises
    ------
    ParameterError
        If it is not a dekad.
    """
    match = _LABEL.fullmatch(text) if isinstance(text, str) else None
    if match is None or int(match[1]) == 0:
        raise ParameterError(
            parameter, f"{text!r} is not a dekad.", "Write it as 202403d1, d2 or d3."
        )
    return int(match[1]) * DEKADS_PER_YEAR + (int(match[2]) - 1) * 3 + int(match[3]) - 1


def step_of(day: date) -> int:
    """Give the dekad that a day, or a moment in UTC, lies in."""
    return day.year * DEKADS_PER_YEAR + (day.month - 1) * 3 + min((day.day - 1) // 10, 2)


def dekad_of_year(step: int) -> int:
    """Give the number of a dekad in its year, 1 to 36."""
    return step % DEKADS_PER_YEAR + 1


def steps_between(start: str, end: str) -> range:
    """Give the steps of a period.

    Parameters
    ----------
    start, end : str
        Labels of the first and the last dekad, both included.

    Raises
    ------
    ParameterError
        If one is not a dekad, or `start` is after `end`.
    """
    first, last = parse(start, "start"), parse(end, "end")
    if first > last:
        raise ParameterError(
            "start", f"{start} is after the end, {end}.", "Give the earlier dekad first."
        )
    return range(first, last + 1)


def first_day(step: int) -> date:
    """Give the day a dekad starts on: the 1st, 11th or 21st."""
    year, dekad = divmod(step, DEKADS_PER_YEAR)
    return date(year, dekad // 3 + 1, dekad % 3 * 10 + 1)


def last_day(step: int) -> date:
    """Give the day a dekad ends on: the 10th, 20th or the month's last."""
    return first_day(step + 1) - timedelta(days=1)


def time_range(step: int) -> tuple[datetime, datetime]:
    """Give the first and the last second of a dekad, in UTC."""
    return (
        datetime.combine(first_day(step), time.min, timezone.utc),
        datetime.combine(last_day(step), time(23, 59, 59), timezone.utc),
    )


def newest(today: date, delay_days: int = 0) -> int:
    """Give the last dekad that ended at least `delay_days` days before today.

    Parameters
    ----------
    today : date
        In UTC.
    delay_days : int
        How long archives take to have it.
    """
    return step_of(today - timedelta(days=delay_days)) - 1


def _main(arguments: list[str]) -> int:
    """Print the newest dekad; an argument says after how many days archives have it."""
    if len(arguments) > 1 or not all(text.isdigit() for text in arguments):
        sys.stderr.write("usage: python -m seasonal_monitor.dekads [DAYS UNTIL ARCHIVES HAVE IT]\n")
        return 2
    delay = int(arguments[0]) if arguments else 0
    sys.stdout.write(f"{label(newest(datetime.now(timezone.utc).date(), delay))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
