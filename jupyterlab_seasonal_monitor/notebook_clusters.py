"""What the page executes in a notebook's kernel to find and change its Dask clusters.

It is sent as source, stands alone, imports Dask only when the notebook did
already, and leaves no name behind. It runs only when a person asks for it.
"""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

#: How many clusters of one kernel are told of.
_MOST = 50


def find() -> str:
    """Return the clusters and clients of this kernel, as JSON in base64.

    Returns
    -------
    str
        A list of objects with ``address``, ``name``, ``kind``, ``dashboard``
        (or null), ``workers`` (or null), ``scalable`` and ``secure``.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, cluster in _clusters():
        address = getattr(cluster, "scheduler_address", None)
        if isinstance(address, str) and "://" in address:
            found.setdefault(
                address,
                {
                    "address": address,
                    "name": name or str(getattr(cluster, "name", "") or ""),
                    "kind": type(cluster).__name__,
                    "dashboard": _text(cluster, "dashboard_link"),
                    "workers": _count(getattr(cluster, "scheduler_info", None)),
                    "scalable": callable(getattr(cluster, "scale", None)),
                    "secure": _is_secure(cluster, address),
                },
            )
    for client in _clients():
        address = getattr(getattr(client, "scheduler", None), "address", None)
        if isinstance(address, str) and "://" in address:
            found.setdefault(
                address,
                {
                    "address": address,
                    "name": "",
                    "kind": type(client).__name__,
                    "dashboard": _text(client, "dashboard_link"),
                    "workers": _count(getattr(client, "_scheduler_identity", None)),
                    "scalable": False,
                    "secure": _is_secure(client, address),
                },
            )
    text = json.dumps(list(found.values())[:_MOST])
    return base64.b64encode(text.encode()).decode()


def scale(address: str, workers: int) -> str:
    """Scale the cluster with this scheduler; an empty text says that it was found."""
    for _, cluster in _clusters():
        if getattr(cluster, "scheduler_address", None) == address:
            cluster.scale(workers)
            return ""
    return base64.b64encode(b"gone").decode()


def adapt(address: str, minimum: int, maximum: int) -> str:
    """Make the cluster with this scheduler adaptive; an empty text says that it was found."""
    for _, cluster in _clusters():
        if getattr(cluster, "scheduler_address", None) == address:
            cluster.adapt(minimum=minimum, maximum=maximum)
            return ""
    return base64.b64encode(b"gone").decode()


def credentials(address: str) -> str:
    """Write the credentials of this scheduler's clients to a private file.

    Returns
    -------
    str
        The path in base64, empty when the scheduler needs none. The folder is
        named like a controller's, so a later controller removes it when this
        kernel is gone.
    """
    owners = [cluster for _, cluster in _clusters()] + _clients()
    for owner in owners:
        own = getattr(owner, "scheduler_address", None) or getattr(
            getattr(owner, "scheduler", None), "address", None
        )
        pem = _pem(getattr(owner, "security", None)) if own == address else ""
        if pem:
            path = _private_folder() / "client.pem"
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(file, "w") as stream:
                stream.write(pem)
            return base64.b64encode(str(path).encode()).decode()
    return ""


def _clusters() -> list[tuple[str, Any]]:
    """Clusters by the notebook's names, then those without one."""
    deploy = sys.modules.get("distributed.deploy")
    if deploy is None:
        return []
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    names = dict(getattr(shell, "user_ns", None) or {})
    named = [
        (name, value)
        for name, value in names.items()
        if not name.startswith("_") and isinstance(value, deploy.Cluster)
    ]
    known = {id(value) for _, value in named}
    others = getattr(getattr(deploy, "SpecCluster", None), "_instances", ())
    return named + [("", value) for value in list(others) if id(value) not in known]


def _clients() -> list[Any]:
    module = sys.modules.get("distributed.client")
    return list(getattr(getattr(module, "Client", None), "_instances", ()))


def _text(owner: object, name: str) -> str | None:
    try:
        value = getattr(owner, name, None)
    except Exception:  # noqa: BLE001 - a link that cannot be made is not known
        return None
    return value if isinstance(value, str) and value else None


def _count(info: object) -> int | None:
    workers = info.get("workers") if isinstance(info, dict) else None
    return len(workers) if isinstance(workers, dict) else None


def _is_secure(owner: object, address: str) -> bool:
    security = getattr(owner, "security", None)
    return address.startswith("tls://") and getattr(security, "tls_client_cert", None) is not None


def _pem(security: object) -> str:
    """Return certificate, key and authority of a client, given as text or as paths."""
    parts: dict[str, None] = {}
    for name in ("tls_client_cert", "tls_client_key", "tls_ca_file"):
        value = getattr(security, name, None)
        if isinstance(value, str) and value:
            text = value if "\n" in value else Path(value).read_text(encoding="ascii")
            parts[text.strip()] = None
    return "\n".join(parts) + "\n" if len(parts) > 1 else ""


def _private_folder() -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    parent = Path(jupyter_runtime_dir())
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    host = re.sub(r"[^\w.]", "_", socket.gethostname()) or "host"
    return Path(tempfile.mkdtemp(prefix=f"seasonal-monitor-{host}-{os.getpid()}-", dir=parent))
