"""Start what clusters run on, for tests of the page, until the input ends.

``python serve.py slurm|kubernetes|coiled FOLDER`` writes one line of JSON: ``environment``,
the variables with which Jupyter finds it, or ``skip``, why it cannot be started here.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path


def slurm(folder: Path) -> tuple[dict[str, str], Callable[[], None]]:
    from slurm import Slurm

    served = Slurm(folder)
    served.start()
    return {name: served.env[name] for name in ("SLURM_CONF", "PATH")}, served.stop


def kubernetes(folder: Path) -> tuple[dict[str, str], Callable[[], None]]:
    from control_plane import ControlPlane

    served = ControlPlane(folder)
    served.start()
    served.install_operator()
    return {"KUBECONFIG": str(served.config("person"))}, served.stop


def coiled(folder: Path) -> tuple[dict[str, str], Callable[[], None]]:
    from coiled_api import TOKEN, CoiledApi

    served = CoiledApi(folder, dict(os.environ))
    served.start()
    return {"DASK_COILED__SERVER": served.url, "DASK_COILED__TOKEN": TOKEN}, served.stop


def why_not(kind: str) -> str | None:
    if kind == "slurm":
        from slurm import why_not as of_slurm

        return of_slurm()
    if kind == "kubernetes":
        from control_plane import why_not as of_kubernetes

        return of_kubernetes()
    return None


def main() -> None:
    kind, folder = sys.argv[1], Path(sys.argv[2])
    reason = why_not(kind)
    if reason is not None:
        tell({"skip": reason})
        return
    environment, stop = {"slurm": slurm, "kubernetes": kubernetes, "coiled": coiled}[kind](folder)
    try:
        tell({"environment": environment})
        sys.stdin.read()
    finally:
        stop()


def tell(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
