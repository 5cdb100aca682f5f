"""Clusters of named classes that can be taken up by name, noted until they are stopped.

Nobody can be asked for all clusters of such a class. So a controller notes what it makes in
Jupyter's runtime folder, and another one tells of those whose controllers are dead.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .batch.marks import keeper, new_mark
from .causes import printable

_FOLDER = "seasonal_monitor_made"
#: More than these are not read.
_MOST = 200


@dataclass
class Note:
    """What is noted of one cluster.

    Attributes
    ----------
    mark
        Of its controller, see ``batch/marks.py``.
    kind
        The class, as ``module:Class``.
    arguments
        As the settings have them: with the names of variables in the place of secrets.
    title, made
        What people call it, and when it was made, as ISO 8601 writes it.
    name
        By which the class takes it up; empty while it is not known.
    failed
        Whether its start failed: there may be nothing.
    """

    mark: str
    kind: str
    arguments: dict[str, Any]
    title: str
    made: str
    name: str = ""
    failed: bool = False

    @property
    def path(self) -> Path:
        """The note's file."""
        return _folder() / f"{self.mark}.json"

    def write(self) -> None:
        """Write the note, or what is new in it."""
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = folder / f"{self.mark}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self), file)
        part.replace(self.path)

    def remove(self) -> None:
        """Forget the cluster: it is gone, or another controller's."""
        self.path.unlink(missing_ok=True)


def note(kind: str, arguments: dict[str, Any], title: str, name: str = "") -> Note:
    """Note a cluster that this controller makes or takes up now.

    Those of dead controllers with this name are the same cluster: they are forgotten.
    """
    for other in left() if name else []:
        if (other.kind, other.name) == (kind, name):
            other.remove()
    made = datetime.now(tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    noted = Note(new_mark(), kind, arguments, printable(title), made, name)
    noted.write()
    return noted


def left() -> list[Note]:
    """Return the notes of controllers that are dead or ran elsewhere, and of starts that failed."""
    found = []
    for path in sorted(_folder().glob("*.json"))[:_MOST]:
        with contextlib.suppress(OSError, ValueError, TypeError):
            noted = Note(**json.loads(path.read_text()))
            lives = keeper(noted.mark)[1]
            if (
                noted.mark == path.stem
                and re.match(r"dask-sm\.", noted.mark)
                and (noted.failed or not lives)
            ):
                found.append(noted)
    return found


def _folder() -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir()) / _FOLDER
