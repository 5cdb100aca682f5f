# ruff: noqa: TID252 - in a kernel the package has another name
"""The resources that Dask's operator makes clusters of, and whose they are."""

from __future__ import annotations

import os
import platform
import secrets
from typing import Any

from ..batch.marks import new_mark, owner, slug
from .place import VERSION

OWNER = "seasonal-monitor/owner"
TITLE = "seasonal-monitor/title"
MARK = "seasonal-monitor/controller"
#: The annotation with the seconds that the person chose: the operator's own can be longer.
OWN_IDLE = "seasonal-monitor/idle-seconds"
#: The scheduler's ports in its pod.
PORT, DASHBOARD = 8786, 8787


def new_name(title: str) -> str:
    """Return a name of a resource that nobody else has."""
    return f"sm-{slug(title, 20) or 'dask'}-{secrets.token_hex(4)}"


def default_image() -> str:
    """Return this pod's image, or Dask's own of the versions here."""
    import dask

    here = os.environ.get("JUPYTER_IMAGE_SPEC") or os.environ.get("JUPYTER_IMAGE")
    python = ".".join(platform.python_version_tuple()[:2])
    return here or f"ghcr.io/dask/dask:{dask.__version__.partition('+')[0]}-py{python}"


def new_cluster(name: str, title: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the resource of a cluster that ends when it is idle.

    Parameters
    ----------
    name, title
        What the API and people call it.
    options
        Checked options.
    """
    from dask_kubernetes.operator import make_cluster_spec

    cores, memory = options["cores"], options["memory"]
    size = {"cpu": str(cores), "memory": str(memory)}
    spec = make_cluster_spec(
        name,
        image=options["image"],
        n_workers=options["workers"],
        resources={"requests": size, "limits": size},
        env=[{"name": key, "value": value} for key, value in options["variables"].items()],
        # The scripts dask-worker and dask-scheduler are gone from newer versions.
        worker_command=["dask", "worker"],
        idle_timeout=idle_seconds(options),
    )
    scheduler = spec["spec"]["scheduler"]["spec"]["containers"][0]
    scheduler["args"] = ["dask", "scheduler", *scheduler["args"][1:]]
    worker = spec["spec"]["worker"]["spec"]["containers"][0]
    worker["args"] += ["--nthreads", str(cores), "--memory-limit", str(memory)]
    spec["metadata"].update(
        labels={OWNER: owner()},
        annotations={TITLE: title, MARK: new_mark(), OWN_IDLE: str(idle_seconds(options))},
    )
    return dict(spec)


def idle_seconds(options: dict[str, Any]) -> int:
    """Return after how long without work the operator ends it."""
    minutes: float = options["idleTimeout"]
    return max(1, round(60 * minutes))


def own_idle(cluster: dict[str, Any]) -> int:
    """Return the seconds without work that a cluster was made with, however long it was kept.

    Parameters
    ----------
    cluster
        Its resource. Of one that was made elsewhere it is the operator's time; 0 without one.
    """
    noted = (cluster["metadata"].get("annotations") or {}).get(OWN_IDLE, "")
    return int(noted) if noted.isdecimal() else int(cluster["spec"].get("idleTimeout") or 0)


def autoscaler(name: str, minimum: int, maximum: int) -> dict[str, Any]:
    """Return the resource that makes a cluster adaptive."""
    return {
        "apiVersion": VERSION,
        "kind": "DaskAutoscaler",
        "metadata": {"name": name},
        "spec": {"cluster": name, "minimum": minimum, "maximum": maximum},
    }
