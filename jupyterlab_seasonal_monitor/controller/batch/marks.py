# ruff: noqa: TID252 - in a kernel the package has another name
"""Names that tell whose a thing is, and the jobs of controllers that died."""

from __future__ import annotations

import os
import re
import secrets
import socket
import unicodedata
import zlib

from ..protocol_back_ends import QueueLeftover
from .base import BatchSystem

_MARK = re.compile(r"dask-sm\.([\w-]{1,64})\.(\d+)\.(\d+)\.[0-9a-f]{8}\Z")


#: What ``marked_name`` makes.
_NAMED = re.compile(r"sm-[a-z0-9-]{1,20}-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{4}\Z")


def new_mark() -> str:
    """Return a name for the jobs of one cluster: this host, this process, and a random part."""
    return f"dask-sm.{_host()}.{os.getpid()}.{_started(os.getpid())}.{secrets.token_hex(4)}"


def owner() -> str:
    """Return who makes clusters from here, as labels and tags can hold it."""
    import getpass

    try:
        name = os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return slug(name, 63) or "somebody"


def slug(text: str, length: int) -> str:
    """Return text as names can hold it: a-z, 0-9 and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:length].strip("-")


def keeper(mark: str) -> tuple[bool, bool]:
    """Return whether the controller of a mark ran on this host, and whether it lives."""
    match = _MARK.match(mark)
    here = match is not None and match[1] == _host()
    return here, match is not None and here and _started(int(match[2])) == int(match[3])


def marked_name(title: str) -> str:
    """Return a name with the mark, of letters that every cloud allows: ``sm-rain-…``."""
    started = _started(os.getpid())
    parts = (slug(title, 20) or "dask", _short_host(), os.getpid(), started, secrets.token_hex(2))
    return "sm-" + "-".join(map(str, parts))


def name_keeper(name: str) -> tuple[bool, bool]:
    """Return as ``keeper`` does for a ``marked_name``."""
    match = _NAMED.match(name)
    here = match is not None and match[1] == _short_host()
    return here, match is not None and here and _started(int(match[2])) == int(match[3])


def origin(mark: str) -> str:
    """Return the host of a mark's controller; empty if it is no mark."""
    match = _MARK.match(mark)
    return match[1] if match else ""


async def leftovers(system: BatchSystem) -> list[QueueLeftover]:
    """Return this user's jobs whose controllers are dead, or may be.

    A controller on another machine cannot be looked at: of its jobs is said where
    it ran, and ``certain`` is false.
    """
    found = []
    for job in await system.jobs():
        match = _MARK.match(job.name)
        here, lives = keeper(job.name)
        if match is None or job.ended or lives:
            continue
        found.append(
            QueueLeftover(
                id=job.id,
                name=job.name,
                queue=job.queue,
                state="waiting" if job.waits else "running",
                elapsed=job.elapsed,
                host=match[1],
                certain=here,
            )
        )
    return found


def _short_host() -> str:
    return f"{zlib.crc32(_host().encode()):08x}"


def _host() -> str:
    return re.sub(r"[^\w-]", "_", socket.gethostname())[:64] or "host"


def _started(pid: int) -> int:
    """Return when a process began, in whole seconds; 0 when there is none."""
    import psutil

    try:
        process = psutil.Process(pid)
        ended = process.status() == psutil.STATUS_ZOMBIE
        return 0 if ended else int(process.create_time())
    except psutil.Error:
        return 0
