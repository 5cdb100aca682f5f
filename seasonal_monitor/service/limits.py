"""What the service accepts, and how long it keeps what it has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of the service.

    Attributes
    ----------
    running : int
        Requests that are computed at a time.
    waiting : int
        Requests that may wait; one more is refused.
    body_bytes : int
        Size of a request.
    polygons, corners : int
        Of one request.
    values : int
        Pixels of the area times dates of one request.
    rows : int
        Rows of one answer: dates times polygons.
    seconds : float
        Time of one computation.
    abandoned_seconds : float
        A request that nobody asks after for so long is cancelled.
    kept : int
        Answers that are kept; the oldest goes first.
    """

    running: int = 1
    waiting: int = 8
    body_bytes: int = 5_000_000
    polygons: int = 1_000
    corners: int = 200_000
    values: int = 2_000_000_000
    rows: int = 500_000
    seconds: float = 600.0
    abandoned_seconds: float = 120.0
    kept: int = 50

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            least = 0 if name == "waiting" else 1
            if not value >= least:
                raise ValueError(f"{name}: {value} must be {least} or more.")
