# ruff: noqa: TID252 - in a kernel the package has another name
"""The tags by which all that is made for a cluster is known, and whose it is."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any, NamedTuple

from ..batch.marks import new_mark, owner
from ..causes import printable

#: The tag whose value is the mark of a cluster's controller; others have it as their beginning.
TAG = "seasonal-monitor"
#: What names of things begin with.
PREFIX = "dask-sm-"
#: What names of log groups begin with.
LOGS = f"/seasonal-monitor/{PREFIX}"


class Tags(NamedTuple):
    """What the tags tell; all empty for what is not ours.

    Attributes
    ----------
    mark
        Of the controller, see ``batch/marks.py``.
    service, region
        Where the cluster was made; roles belong to no region.
    owner, title
        Who made it, and what they call it.
    made
        When, as ISO 8601 writes it.
    """

    mark: str = ""
    service: str = ""
    region: str = ""
    owner: str = ""
    title: str = ""
    made: str = ""

    def pairs(self) -> dict[str, str]:
        """Return the tags as AWS takes them."""
        return {
            TAG if name == "mark" else f"{TAG}-{name}": value
            for name, value in self._asdict().items()
        }


def new_tags(service: str, region: str, title: str) -> Tags:
    """Return the tags of a cluster that is made now."""
    # Tags hold letters, numbers and few other signs.
    plain = re.sub(r"[^\w .:/=+@-]", "_", printable(title))
    made = datetime.now(tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Tags(new_mark(), service, region, owner(), plain, made)


def read_tags(pairs: Any) -> Tags:  # noqa: ANN401
    """Return what tags tell, however the service writes them."""
    if not isinstance(pairs, dict):
        pairs = {p.get("Key", p.get("key")): p.get("Value", p.get("value")) for p in pairs or []}
    names = [TAG, *(f"{TAG}-{name}" for name in Tags._fields[1:])]
    return Tags(*(str(pairs.get(name) or "") for name in names))
