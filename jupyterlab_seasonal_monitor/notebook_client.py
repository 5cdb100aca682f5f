"""What the page asks a notebook's kernel, silently, after an act of its user.

The page sends this file's text with one call of `main` behind it, executed in
a namespace of its own: no name is left in the notebook but ``client``.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

CLIENT_NAME = "seasonal-monitor"

#: What has to agree between a notebook and a cluster for work to be sent, and
#: what a cluster of a gateway is reached with.
PACKAGES = (
    "dask",
    "distributed",
    "cloudpickle",
    "msgpack",
    "numpy",
    "pandas",
    "lz4",
    "toolz",
    "dask-gateway",
)

#: How long a scheduler may take to answer a new client.
TIMEOUT = 10


def main(namespace: MutableMapping[str, Any], verb: str, options: dict[str, Any]) -> None:
    """Run a verb on the user's namespace and print its result as one line of JSON.

    Parameters
    ----------
    namespace
        The notebook's variables.
    verb
        `versions`, `inspect`, `connect` or `disconnect`.
    options
        ``mark`` stands in front of the printed line; the others are the verb's.
    """
    verbs: dict[str, Callable[[MutableMapping[str, Any], dict[str, Any]], dict[str, Any]]] = {
        "versions": versions,
        "inspect": inspect,
        "connect": connect,
        "disconnect": disconnect,
    }
    result = verbs[verb](namespace, options)
    sys.stdout.write(options["mark"] + json.dumps(result) + "\n")
    sys.stdout.flush()


def versions(_: MutableMapping[str, Any], __: dict[str, Any]) -> dict[str, Any]:
    """Return the kernel's versions by package, without importing any of them."""
    import platform
    from importlib import metadata

    def version(package: str) -> str | None:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return None

    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def inspect(namespace: MutableMapping[str, Any], _: dict[str, Any]) -> dict[str, Any]:
    """Tell where the notebook's ``client`` is connected to, or else its default client.

    Returns
    -------
    dict
        ``taken``: whether ``client`` is bound to anything. For a running Dask
        client also its scheduler's ``address``, the ``cluster``'s name if it
        has one, and the ``dashboard`` address.
    """
    taken = "client" in namespace
    client = _dask_client(namespace)
    if client is None or client.status != "running":
        return {"taken": taken}
    cluster = getattr(client, "cluster", None)
    found: dict[str, Any] = {"taken": taken, "dashboard": client.dashboard_link or None}
    scheduler = getattr(client, "scheduler", None)
    if scheduler is not None:
        found["address"] = scheduler.address
    if cluster is not None:
        found["cluster"] = str(getattr(cluster, "name", ""))
    return found


def connect(namespace: MutableMapping[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Bind ``client`` to a client of the cluster, and nothing else.

    Parameters
    ----------
    namespace
        The notebook's variables.
    options
        The connection: ``kind``, ``address``, ``credentials``, ``gateway``,
        ``gatewayProxy`` and ``gatewayAuth``; ``keep``: leave everything as it
        is if ``client`` is bound.

    Returns
    -------
    dict
        As `inspect`.
    """
    if options.get("keep") and "client" in namespace:
        return inspect(namespace, options)
    client = _gateway_client(options) if options["kind"] == "gateway" else None
    _close_own(namespace)
    namespace["client"] = client or _scheduler_client(options)
    return inspect(namespace, options)


def disconnect(namespace: MutableMapping[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Close ``client``, if it was made here or is the cluster's.

    One that was not made here stays bound: with it a cluster could go that its
    user made to last as long as the variable.

    Parameters
    ----------
    namespace
        The notebook's variables.
    options
        ``address``: the scheduler's address or the gateway cluster's name.

    Returns
    -------
    dict
        As `inspect`, afterwards.
    """
    _close_own(namespace)
    client: Any = namespace.get("client")
    before = inspect(namespace, options) if _is_dask(client) else {}
    if before and options.get("address") in (before.get("address"), before.get("cluster")):
        client.close()
    return inspect(namespace, options)


def _scheduler_client(options: dict[str, Any]) -> Any:  # noqa: ANN401 - imported late
    from distributed import Client, Security

    pem = options.get("credentials")
    security = None
    if pem:
        security = Security(
            require_encryption=True, tls_ca_file=pem, tls_client_cert=pem, tls_client_key=pem
        )
    return Client(options["address"], name=CLIENT_NAME, security=security, timeout=TIMEOUT)


def _gateway_client(options: dict[str, Any]) -> Any:  # noqa: ANN401 - imported late
    import dask
    from distributed import Client

    library = importlib.import_module("dask_gateway")
    gateway = library.Gateway(
        options.get("gateway"),
        proxy_address=options.get("gatewayProxy"),
        auth=options.get("gatewayAuth"),
    )
    with dask.config.set({"distributed.comm.timeouts.connect": f"{TIMEOUT}s"}):
        cluster = gateway.connect(options["address"])
        # When such an object is collected, dask_gateway waits for the very thread
        # that may be collecting it: they are kept.
        vars(library).setdefault("_seasonal_monitor_clusters", []).append(cluster)
        return Client(cluster, name=CLIENT_NAME)


def _close_own(namespace: MutableMapping[str, Any]) -> None:
    client: Any = namespace.get("client")
    if _is_dask(client) and f"Client-{CLIENT_NAME}" in str(client.id):
        client.close()
        del namespace["client"]


def _dask_client(namespace: MutableMapping[str, Any]) -> Any:  # noqa: ANN401 - imported late
    client = namespace.get("client")
    if _is_dask(client):
        return client
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return None
    try:
        return distributed.default_client()
    except ValueError:
        return None


def _is_dask(candidate: object) -> bool:
    """Whether it is a Dask client, without importing Dask to find out."""
    distributed = sys.modules.get("distributed")
    return distributed is not None and isinstance(candidate, distributed.Client)
