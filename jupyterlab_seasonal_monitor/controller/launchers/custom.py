# ruff: noqa: TID252 - in a kernel the package has another name
"""Clusters of any class that makes Dask clusters, named as ``module:class``."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
from typing import Any

from ..causes import describe_error, printable
from ..custom import fill_in, hide_secrets
from ..forkserver import in_thread
from ..noted import Note, account, note
from ..packages import without_commands
from ..protocol_cluster import Cause
from ..rpc import RpcError
from ..security import write_credentials
from ..warm import Warmth
from ..watchdog import Watchdog
from .base import Reporter
from .hosted import HostedLauncher

#: Minutes after the idle time at which the scheduler ends without a controller.
_GRACE = 5


class CustomLauncher(HostedLauncher):
    """Starts the class that the settings name, with the arguments that they give."""

    # Such a class may have machines started first.
    start_timeout = 900.0

    def __init__(self, reporter: Reporter, warmth: Warmth) -> None:
        super().__init__(reporter, warmth)
        #: Whether the cluster is, or will be, this controller's to stop.
        self._ours = True
        #: Of a cluster that another controller can take up, once this one is dead.
        self._note: Note | None = None
        #: Until that cluster has an end of its own.
        self._watchdog: Watchdog | None = None
        self._idle = 0.0

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Make the cluster, give it its size, and connect to its scheduler."""
        self._ours = "attach" not in options
        self._idle = 60 * (options["idleTimeout"] + _GRACE)
        self.reporter.step("packages")
        await self._warmth.imports()
        cls = await in_thread(load_class, options["class"])
        arguments = fill_in(options["arguments"])
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler")
        warning = without_commands(options["class"])
        if warning is not None:
            self.reporter.event("log", warning, "warning")
            self._remarks.append(warning)
        hide_secrets()
        known = parameters(cls)
        make_it, allowed = (
            by_name(cls, options["attach"], known) if "attach" in options else (cls, None)
        )
        if "asynchronous" in known:
            arguments["asynchronous"] = True
        # Otherwise many a class would make as many workers as it likes, for a moment.
        count = options.get("workers", options.get("minimum"))
        if "n_workers" in known and count is not None:
            arguments.setdefault("n_workers", count)
        if allowed is not None:
            arguments = {name: arguments[name] for name in arguments if name in allowed}

        async def make() -> Any:  # noqa: ANN401
            try:
                made = make_it(**arguments)
                # Some classes can be waited for and give nothing.
                return (await made or made) if inspect.isawaitable(made) else made
            except Exception as error:
                # What was refused or took too long may be there all the same, or come yet.
                if self._note is not None:
                    self._note.failed = True
                    self._note.write()
                if "attach" in options:
                    raise _not_taken_up(options, error) from error
                raise

        noted = options["class"], options["arguments"], name
        # One that its class makes where it is not there costs from here on, too.
        if _takes_up(cls) and (self._ours or account(options["class"])):
            self._note = await in_thread(note, *noted, "", self._idle)
            if self._note.account:
                # Without it the list of what is left still has the note.
                with contextlib.suppress(OSError):
                    self._watchdog = await in_thread(Watchdog, self._note)
        await self._make(make)
        self._find_abilities()
        await self._first_size(options, arguments.get("n_workers"))
        address = getattr(self._cluster, "scheduler_address", None)
        if not address:
            text = f"{printable(options['class'], 200)} made nothing that has a scheduler_address."
            hint = "Name a class of clusters, as distributed.deploy.Cluster describes them."
            raise RpcError("launchFailed", text, hint=hint)
        security = getattr(self._cluster, "security", None)
        if security is not None:
            self._credentials = write_credentials(self._warmth.runtime.private, security)
        if self._credentials is None:
            text = "The class made no certificates: its scheduler serves everybody who reaches it."
            self.reporter.event("log", text, "warning")
        await self._attach(str(address), security)
        if self._ours:
            await self._limit_idleness()
        self.reporter.step("scheduler", done=True)
        await self._compare_versions()
        if "attach" in options and hasattr(self._cluster, "shutdown_on_close"):
            # From here on a stop is meant for what was taken up, too.
            self._cluster.shutdown_on_close = True
        if "attach" in options:
            if self._note is None:
                self._note = await in_thread(note, *noted, options["attach"], self._idle)
            self._ours = True
            await self._limit_idleness()
        # A note with a name says that the cluster has an end.
        self._tell_name(cls)
        if self._watchdog is not None:
            await in_thread(self._watchdog.dismiss)
        self.reporter.step("workers", done=True)

    def shortage(self, missing: int, wanted: int) -> list[Cause] | None:
        """Say that only the class knows where its workers stay."""
        text = f"{missing} of {wanted} workers have not come."
        hint = "Look at the log, and at the service that runs them. You can ask for fewer."
        return [Cause(message=text, hint=hint)]

    async def _close_there(self, cluster: Any) -> None:  # noqa: ANN401
        # What was given up before it could be used is left as it was found.
        if self._ours:
            await super()._close_there(cluster)
            if self._note is not None:
                self._note.remove()

    async def keep(self, seconds: float) -> None:
        """Let the scheduler wait longer, too."""
        self._idle += seconds
        await self._limit_idleness(longer=True)

    async def _limit_idleness(self, *, longer: bool = False) -> None:
        """Let the scheduler end by itself a little after the controller would end it.

        A shorter time that the class gave it stays, unless somebody keeps the cluster.
        """
        try:
            await self._scheduler.wait_longer(self._idle, at_most=not longer)
        except Exception:  # noqa: BLE001 - whatever it was, the cluster can be used
            text = "If its controller is killed, nothing ends this cluster when it is idle."
            self.reporter.event("log", text, "warning")
            self._remarks.append(f"{text} Stop it before you stop Jupyter.")

    def _tell_name(self, cls: Any) -> None:  # noqa: ANN401
        """Tell the name by which the class takes up this cluster again, where it can."""
        name = getattr(self._cluster, "name", None)
        if isinstance(name, str) and _takes_up(cls):
            if self._note is not None:
                self._note.name = name
                self._note.write()
            text = f"Its name is {printable(name, 200)}: it can be taken up by that."
            self.reporter.event("log", text)

    def _find_abilities(self) -> None:
        """Offer only what this cluster can do."""
        from distributed.deploy import Cluster, SpecCluster

        cluster = self._cluster
        scale = getattr(type(cluster), "scale", None)
        can = scale is not None and scale is not Cluster.scale
        if scale is SpecCluster.scale and getattr(cluster, "new_spec", None) is None:
            # Such as SSHCluster: its workers are those that it was made with.
            can = False
        adapts = can and hasattr(cluster, "adapt")
        self.capabilities = {**self.capabilities, "scale": can, "adapt": adapts}

    async def _first_size(self, options: dict[str, Any], made: object) -> None:
        wants = "maximum" if "maximum" in options else "workers"
        if wants not in options:
            if isinstance(made, int):
                self.wanted = made
            return
        able = "adapt" if wants == "maximum" else "scale"
        if self.capabilities[able]:  # type: ignore[literal-required]
            await self._size(options)
        elif made != options[wants]:
            text = "The number of workers of this class cannot be changed: leave this empty."
            raise RpcError("invalid", f"{wants}: {text}", fields={wants: text})


def parameters(made: Any) -> set[str]:  # noqa: ANN401
    """Return the names that a class takes; its bases' too, as far as it passes on."""
    found: set[str] = set()
    for part in getattr(made, "__mro__", (made,)):
        try:
            parameters = inspect.signature(part).parameters.values()
        except (TypeError, ValueError):
            break
        found |= {parameter.name for parameter in parameters}
        if not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters):
            break
    return found


def by_name(cls: Any, name: str, known: set[str]) -> tuple[Any, set[str]]:  # noqa: ANN401
    """Return what takes up a cluster of a class by its name, and the arguments that it takes.

    Parameters
    ----------
    known
        The arguments of the class, which ``from_name`` may pass on.

    Raises
    ------
    RpcError
        ``invalid`` where the class has no ``from_name``, as Dask's classes call it.
    """
    if not _takes_up(cls):
        text = "This class takes up no cluster by name: it has no from_name. Leave this empty."
        raise RpcError("invalid", f"attach: {text}", fields={"attach": text})
    from_name = cls.from_name
    parameters = list(inspect.signature(from_name).parameters.values())
    passes_on = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)
    allowed = {p.name for p in parameters} | (known if passes_on else set())
    # The first is the name, whatever the arguments have of it.
    given = {"n_workers", *(p.name for p in parameters[:1])}
    return functools.partial(from_name, name), allowed - given


def _takes_up(cls: Any) -> bool:  # noqa: ANN401
    """Return whether a class takes up clusters by name; that of all classes refuses to."""
    from distributed.deploy import SpecCluster

    own, general = (getattr(one, "from_name", None) for one in (cls, SpecCluster))
    plain = getattr(general, "__func__", general)
    return callable(own) and getattr(own, "__func__", own) is not plain


def _not_taken_up(options: dict[str, Any], error: Exception) -> RpcError:
    """Return what is told where a class did not take up a cluster."""
    name, kind = printable(options["attach"], 200), printable(options["class"], 200)
    text = f"{kind} did not take up “{name}”."
    hint = "It may be gone: the cause tells. Start a new one, with nothing in “Take up”."
    return RpcError("launchFailed", text, hint=hint, cause=describe_error(error))


def load_class(named: str) -> Any:  # noqa: ANN401
    """Return what ``module:Class`` names.

    Raises
    ------
    RpcError
        ``launchFailed`` where the module has no such thing, or it cannot be called.
    """
    module, _, name = named.partition(":")
    found: Any = importlib.import_module(module)
    try:
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        text = f"The module {printable(module)} has no {printable(name)}."
        hint = "Correct the class in the settings “Dask clusters of other classes”."
        raise RpcError("launchFailed", text, hint=hint) from error
    if not callable(found):
        text = f"{printable(named, 200)} is not a class or function."
        raise RpcError("launchFailed", text, hint="Name what makes the cluster.")
    return found
