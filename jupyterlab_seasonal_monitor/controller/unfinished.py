"""Clusters whose controllers died before they could give them an end.

A scheduler ends itself when it is idle once its controller has told it to. A controller that
dies between the start and that moment leaves one that nothing ends. Where its class has one
cluster for each account, that one can be reached without a name that nobody ever heard of.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from .batch.marks import keeper
from .causes import describe_error, printable
from .custom import fill_in, hide_secrets
from .deadlines import in_words
from .forkserver import in_thread
from .noted import Note, account

#: Seconds that somebody who looks at the list waits for it.
_PATIENCE = 60.0
_CONNECT_TIMEOUT = 15.0


async def end_unfinished(notes: list[Note]) -> list[str]:
    """Give an end to clusters that have none, and return what was done in sentences.

    One that nobody has used is stopped; one that somebody uses gets its idle time.
    """
    found = [noted for noted in notes if is_unfinished(noted)]
    return list(await asyncio.gather(*map(_end, found)))


def is_unfinished(noted: Note) -> bool:
    """Return whether a cluster can be told from all others, and surely lacks an end."""
    here, lives = keeper(noted.mark)
    dead = here and not lives
    ours = noted.account != "" and noted.account == account(noted.kind)
    return dead and ours and noted.idle > 0 and not (noted.name or noted.failed or noted.refused)


async def _end(noted: Note) -> str:
    title = printable(noted.title)
    ending = asyncio.ensure_future(take_care(noted))
    try:
        used = await asyncio.wait_for(asyncio.shield(ending), _PATIENCE)
    except asyncio.TimeoutError:
        ending.add_done_callback(lambda done: done.cancelled() or done.exception())
        return (
            f"{title} of a controller that died is looked for: it is stopped when it has started. "
            "Look again in some minutes."
        )
    except Exception as error:  # noqa: BLE001 - whatever a class raises is told
        if not noted.path.exists():
            return _stopped(title)
        cause = describe_error(error)[0]["message"]
        return (
            f"{title} may run without an end, since its controller died while it started, and it "
            f"could not be stopped: {cause} Look at the service that runs it."
        )
    if used:
        text = in_words(noted.idle)
        return f"{title} had no end, and ends now after {text} without work: somebody uses it."
    return _stopped(title)


def _stopped(title: str) -> str:
    return f"{title} was stopped: its controller died while it started, and nobody has used it."


async def take_care(noted: Note) -> bool:
    """Stop a cluster, or give it its idle time; return whether somebody uses it."""
    cluster = await in_thread(take_up, noted)
    used = await _give_idle_time(cluster, noted.idle)
    if used:
        noted.name = str(getattr(cluster, "name", "") or noted.kind)
        await in_thread(noted.write)
    else:
        await in_thread(close, cluster)
        noted.remove()
    return used


async def _give_idle_time(cluster: Any, seconds: float) -> bool:  # noqa: ANN401
    """Let its scheduler end when it is idle, and return whether somebody uses it."""
    from distributed.core import rpc
    from distributed.security import Security

    from .launchers.remote_scheduler import run_there, set_idle_timeout

    security = getattr(cluster, "security", None) or Security()
    arguments = security.get_connection_args("client")
    there = rpc(cluster.scheduler_address, connection_args=arguments, timeout=_CONNECT_TIMEOUT)
    try:
        await run_there(there, set_idle_timeout, seconds, True)
        return bool(await run_there(there, _is_used))
    finally:
        with contextlib.suppress(OSError):
            await there.close_rpc()


def take_up(noted: Note) -> Any:  # noqa: ANN401
    """Return the cluster of a note, as its class has it; this blocks."""
    from .launchers.custom import by_name, load_class, parameters

    hide_secrets()
    cls = load_class(noted.kind)
    arguments = fill_in(noted.arguments)
    if noted.account:
        # Its class makes it where it is not there: then as it was asked for.
        return cls(**arguments)
    make_it, allowed = by_name(cls, noted.name, parameters(cls))
    return make_it(**{name: arguments[name] for name in arguments if name in allowed})


def close(cluster: Any) -> None:  # noqa: ANN401
    """Stop a cluster that was taken up; this blocks."""
    if hasattr(cluster, "shutdown_on_close"):
        cluster.shutdown_on_close = True
    cluster.close()


def _is_used(dask_scheduler: Any = None) -> bool:  # noqa: ANN401
    """Return whether somebody uses, or has used, a scheduler; runs there."""
    clients = set(dask_scheduler.clients) - {"fire-and-forget"}
    return bool(clients or dask_scheduler.transition_counter)


# There this package has another name, or is not installed: the function goes as a whole.
_is_used.__module__ = "__main__"
