"""What a measure gives: rows of samples, with their medians and ratios."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field


@dataclass
class Row:
    """One line of a table.

    Samples are in ``unit``; an empty list means that there is nothing to measure
    there, for instance because the peer has no such thing.
    """

    what: str
    unit: str
    ours: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    goal: str = ""
    #: Whether the goal was met; absent where there is no goal.
    met: bool | None = None
    #: Words that stand in place of the samples, by column.
    words: dict[str, str] = field(default_factory=dict)


@dataclass
class Section:
    """The result of one measure."""

    name: str
    title: str
    #: How it was measured, one paragraph each.
    how: list[str]
    rows: list[Row] = field(default_factory=list)
    #: What a reader should know about these numbers, one item each.
    notes: list[str] = field(default_factory=list)
    #: When it began, as ISO 8601 in UTC, and the load average then.
    started: str = ""
    load: str = ""
    #: The commit that was measured.
    commit: str = ""
    quick: bool = False


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of an indented text, each in one line."""
    return [" ".join(part.split()) for part in text.split("\n\n")]


def median(samples: list[float]) -> float | None:
    """Return the middle of the samples, or None when there is none."""
    return statistics.median(samples) if samples else None


def quantile(samples: list[float], share: float) -> float:
    """Return the sample below which ``share`` (0 to 1) of the samples lie."""
    if not samples:
        raise ValueError("no samples")
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def ratio(ours: list[float], other: list[float]) -> float | None:
    """Return the quotient of the medians, or None when there is none."""
    above, below = median(ours), median(other)
    if above is None or not below:
        return None
    return above / below


def at_most(samples: list[float], bound: float) -> bool | None:
    """Return whether the median keeps to the bound; None without samples."""
    middle = median(samples)
    return None if middle is None else middle <= bound


def ratio_at_most(ours: list[float], other: list[float], bound: float) -> bool | None:
    """Return whether the quotient of the medians keeps to the bound."""
    quotient = ratio(ours, other)
    return None if quotient is None else quotient <= bound
