"""Runs the service, for a notebook or for a program."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from seasonal_monitor.errors import MissingPackageError, SeasonalMonitorError

from .limits import Limits

if TYPE_CHECKING:
    from distributed import Client

_HERE = "127.0.0.1"
_PATIENCE = 30.0


class Server:
    """A service that runs until it is closed; also a context manager.

    Attributes
    ----------
    address : str
        Such as ``http://127.0.0.1:8000``.
    token : str
        What requests must carry. Keep it out of what you save.
    """

    def __init__(self, server: Any, listener: socket.socket, token: str, owned: Any) -> None:  # noqa: ANN401
        self.token = token
        self.address = f"http://{_HERE}:{listener.getsockname()[1]}"
        self._server = server
        self._owned = owned
        self._thread = threading.Thread(
            target=server.run,
            kwargs={"sockets": [listener]},
            name="statistics-service",
            daemon=True,
        )
        self._thread.start()
        latest = time.monotonic() + _PATIENCE
        while not server.started:
            if not self._thread.is_alive() or time.monotonic() > latest:
                raise SeasonalMonitorError("The service did not start; its log says why.")
            time.sleep(0.02)

    def __repr__(self) -> str:
        """Say where it is, without the token."""
        return f"Server({self.address}/docs)"

    def close(self) -> None:
        """Cancel what is asked and end it; the cluster stays."""
        self._server.should_exit = True
        self._thread.join(_PATIENCE)
        if self._owned is not None:
            self._owned.close()
            self._owned = None

    def __enter__(self) -> Server:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def serve(
    source: str | Path,
    products: Mapping[str, str],
    client: Client | None = None,
    *,
    limits: Limits | None = None,
    port: int = 0,
    token: str | None = None,
    root_path: str = "",
) -> Server:
    """Start the service in a thread, on 127.0.0.1 only.

    Parameters
    ----------
    source : str or Path
        The archive, as for :func:`seasonal_monitor.sources.open_source`.
    products : mapping of str to str
        The band of each collection that may be asked for.
    client : Client, optional
        Of the cluster that computes; without one this process does.
    limits : Limits, optional
        Its bounds.
    port : int
        0 for any that is free.
    token : str, optional
        What requests must carry; a new one by default, so that other users of the machine cannot
        ask.
    root_path : str
        Where it is found behind a proxy.

    Raises
    ------
    MissingPackageError
        When the extra ``service`` is not installed.
    SeasonalMonitorError
        When the port is taken.
    """
    try:
        import fastapi_offline  # noqa: F401
        import uvicorn
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "fastapi", "service") from error
    from .app import make_app
    from .computation import Computation

    owned = None
    if client is None:
        from distributed import Client

        client = owned = Client(processes=False, dashboard_address=None, set_as_default=False)
    bounds = limits or Limits()
    token = token or secrets.token_urlsafe(24)
    app = make_app(Computation(source, products, client, bounds), bounds, token, root_path)
    listener = socket.socket()
    # So that a restart finds its port free.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HERE, port))
    except OSError as error:
        listener.close()
        if owned is not None:
            owned.close()
        raise SeasonalMonitorError(
            f"port: {port} is taken ({error.strerror}). Use 0 for any that is free."
        ) from error
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=5, lifespan="on"
    )
    return Server(uvicorn.Server(config), listener, token, owned)
