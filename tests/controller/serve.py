"""Start what clusters run on, for tests of the page, until the input ends.

``python serve.py slurm|kubernetes|coiled|amazon FOLDER`` writes one line of JSON:
``environment``, the variables with which Jupyter finds it, or ``skip``, why it cannot be
started here. A line ``inventory`` is answered with the names of what is in the account of
``amazon``, and ``image`` with the name of an image for its machines.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

#: What can be asked while it runs.
ANSWERS: dict[str, Callable[[], object]] = {}


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


def amazon(folder: Path) -> tuple[dict[str, str], Callable[[], None]]:
    from amazon import Amazon

    served = Amazon(dict(os.environ))
    served.start()
    ANSWERS["inventory"] = served.inventory
    ANSWERS["image"] = served.image
    # No file of whoever runs the tests is read.
    files = {
        name: str(folder / "none") for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
    }
    return {**served.env, **files}, served.stop


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
    kinds = {"slurm": slurm, "kubernetes": kubernetes, "coiled": coiled, "amazon": amazon}
    environment, stop = kinds[kind](folder)
    try:
        tell({"environment": environment})
        for line in sys.stdin:
            tell({"answer": ANSWERS[line.strip()]()})
    finally:
        stop()


def tell(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
