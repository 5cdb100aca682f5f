"""Dekads: the ten-day steps of rainfall monitoring, 36 in a year.

A dekad is days 1-10, 11-20 or 21 to the month's end. A *step* numbers them without gaps,
``year * 36 + dekad of the year``, so that the next dekad is always ``step + 1``.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

DEKADS_PER_YEAR = 36


def steps_of_years(first_year: int, last_year: int) -> range:
    """Give the steps of all dekads from `first_year` to `last_year`, both included."""
    return range(first_year * DEKADS_PER_YEAR, (last_year + 1) * DEKADS_PER_YEAR)


def label(step: int) -> str:
    """Write a step the way the Seasonal Monitor does: ``202403d1`` is 1-10 March 2024."""
    year, dekad = divmod(step, DEKADS_PER_YEAR)
    return f"{year:04d}{dekad // 3 + 1:02d}d{dekad % 3 + 1}"


def first_day(step: int) -> date:
    """Give the day a dekad starts on: the 1st, 11th or 21st."""
    year, dekad = divmod(step, DEKADS_PER_YEAR)
    return date(year, dekad // 3 + 1, dekad % 3 * 10 + 1)


def time_range(step: int) -> tuple[datetime, datetime]:
    """Give the first and the last second of a dekad, in UTC."""
    last_day = first_day(step + 1) - timedelta(days=1)
    return (
        datetime.combine(first_day(step), time.min, timezone.utc),
        datetime.combine(last_day, time(23, 59, 59), timezone.utc),
    )
