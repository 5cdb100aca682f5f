"""Clusters of named classes that can be taken up by name, noted until they are stopped.

Nobody can be asked for all clusters of such a class. So a controller notes what it makes in
Jupyter's runtime folder, and another one tells of those whose controllers are dead.
"""

from __future__ import annotations

import contextlib
import hashlib
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
#: Classes with one cluster for each account, and the variables that say which account it is.
#: Their ``from_name`` takes up that one whatever name it is given.
_ONE_EACH = dict.fromkeys(
    ("dask_saturn:SaturnCluster", "dask_saturn.core:SaturnCluster"),
    ("SATURN_BASE_URL", "SATURN_TOKEN"),
)


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
    refused
        Whether its class could not stop it: it may be gone.
    idle
        The seconds without work after which its scheduler shall end; 0 where none was said.
    account
        Of a class with one cluster for each account: a sign of the account.
    """

    mark: str
    kind: str
    arguments: dict[str, Any]
    title: str
    made: str
    name: str = ""
    failed: bool = False
    refused: bool = False
    idle: float = 0.0
    account: str = ""

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


def note(
    kind: str, arguments: dict[str, Any], title: str, name: str = "", idle: float = 0.0
) -> Note:
    """Note a cluster that this controller makes or takes up now.

    Notes of dead controllers, and of starts that failed, that are of the same cluster are
    forgotten: those with this name, or of this account where it has one cluster.
    """
    here = account(kind)
    for other in left():
        same = other.account == here if here else bool(name) and other.name == name
        if other.kind == kind and same:
            other.remove()
    made = datetime.now(tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    noted = Note(new_mark(), kind, arguments, printable(title), made, name, idle=idle, account=here)
    noted.write()
    return noted


def account(kind: str) -> str:
    """Return a sign of the account in which a class has its one cluster; empty for others.

    It is a digest of some bytes: nobody learns from it what the variables hold.
    """
    values = [os.environ.get(name, "") for name in _ONE_EACH.get(kind, ())]
    text = json.dumps(values).encode()
    return hashlib.blake2b(text, digest_size=4).hexdigest() if any(values) else ""


def left() -> list[Note]:
    """Return the notes of controllers that are dead or ran elsewhere, and of starts that failed.

    Where an account has one cluster, and a controller here has it, nothing of it is left.
    """
    found, kept = [], set()
    for path in sorted(_folder().glob("*.json"))[:_MOST]:
        with contextlib.suppress(OSError, ValueError, TypeError):
            noted = Note(**json.loads(path.read_text()))
            if noted.mark != path.stem or not re.match(r"dask-sm\.", noted.mark):
                continue
            if noted.failed or not keeper(noted.mark)[1]:
                found.append(noted)
            elif noted.account:
                kept.add((noted.kind, noted.account))
    return [noted for noted in found if (noted.kind, noted.account) not in kept]


def _folder() -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir()) / _FOLDER
