"""What must be installed, and versions that do not go together."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page import Page, RefusedError, bootstrap_code
from place import PYTHONS, Place
from reading import read
from test_attach import Served, attach

from jupyterlab_seasonal_monitor.controller import packages
from jupyterlab_seasonal_monitor.controller.causes import describe_error
from jupyterlab_seasonal_monitor.controller.rpc import RpcError

#: Lets a kernel be as if a package were not installed.
HIDER = """
import importlib.machinery as m
find = m.PathFinder.find_spec
def hidden(name, *rest):
    return None if name.partition(".")[0] == "{module}" else find(name, *rest)
m.PathFinder.find_spec = hidden
"""


@pytest.mark.skipif(not PYTHONS["oldest"].exists(), reason="run make setup")
async def test_a_scheduler_with_other_versions_is_remarked_with_what_to_do(
    page: Page, place: Place
) -> None:
    served = Served(place, None, str(PYTHONS["oldest"]))
    try:
        cluster = await attach(page, address=served.address)
        (remark,) = cluster["remarks"]
        assert "The scheduler has other versions than this environment" in remark
        assert "distributed 2024.8" in remark
        assert "Choose an" in remark
        assert cluster["versions"]["distributed"].startswith("2024.8")
        await page.call("stop")
    finally:
        served.process.kill()
        served.process.wait()


@pytest.mark.skipif(not PYTHONS["oldest"].exists(), reason="run make setup")
async def test_a_worker_with_other_versions_is_remarked_when_it_comes(
    page: Page, place: Place
) -> None:
    served = Served(place, None, str(PYTHONS["newest"]))
    command = [PYTHONS["oldest"], "-m", "distributed.cli.dask_worker", served.address]
    command += ["--host=127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads=1"]
    worker = None
    try:
        cluster = await attach(page, address=served.address)
        assert "remarks" not in cluster
        await page.call("watch", detail="counts", lease=300)
        worker = await asyncio.create_subprocess_exec(*command, env=place.env, cwd=place.folder)
        told = await page.snapshot(lambda s: s.get("remarks"), within=60)
        (remark,) = told["remarks"]
        assert "The worker has other versions than this environment" in remark
        assert "distributed 2024.8" in remark
        await page.call("stop")
    finally:
        if worker is not None:
            worker.kill()
            await worker.wait()
        served.process.kill()
        served.process.wait()


def test_what_is_lacking_is_told_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "coiled" else found(name)
    )
    packages.require("dask", "distributed")
    with pytest.raises(RpcError, match=r"lacks coiled, no-such-package\[aws\]") as caught:
        packages.require("dask", "coiled", "no-such-package[aws]")
    assert '%pip install coiled "no-such-package[aws]"' in str(caught.value.data["hint"])


@pytest.mark.parametrize(
    ("launcher", "module", "line", "options"),
    [
        ("slurm", "dask_jobqueue", "%pip install dask-jobqueue", {}),
        ("kubernetes", "dask_kubernetes", "%pip install dask-kubernetes", {}),
        ("fargate", "aiobotocore", '%pip install "dask-cloudprovider[aws]"', {"image": "a/b:1"}),
        ("ec2", "dask_cloudprovider", '%pip install "dask-cloudprovider[aws]"', {"image": "a/b:1"}),
        ("coiled", "coiled", "%pip install coiled", {}),
        ("custom", "dask_saturn", "%pip install dask-saturn", {"class": "dask_saturn:C"}),
    ],
)
async def test_each_provider_names_the_line_that_installs_what_it_lacks(
    new_kernel: Callable[..., Any],
    place: Place,
    launcher: str,
    module: str,
    line: str,
    options: dict[str, Any],
) -> None:
    (place.folder / "sitecustomize.py").write_text(HIDER.format(module=module))
    page = await (await new_kernel(PYTHONPATH=str(place.folder))).install()
    with pytest.raises(RefusedError) as caught:
        await page.create(name="Lacking", launcher=launcher, **options)
    assert line in read(caught.value)
    cluster = (await page.call("describe"))["cluster"]
    assert cluster is None or cluster["state"] == "failed"


def test_libraries_that_run_commands_which_dask_has_no_more_are_warned_of() -> None:
    warning = packages.without_commands("dask_cloudprovider.aws:FargateCluster")
    assert warning is not None
    assert "dask-cloudprovider may run the command dask-scheduler" in warning
    assert "older Dask" in warning
    assert packages.without_commands("distributed:LocalCluster") is None


@pytest.mark.parametrize(
    "text",
    [
        "[Errno 2] No such file or directory: 'dask-scheduler'",
        'exec: "dask-worker": executable file not found in $PATH',
        "sh: 1: dask-scheduler: not found",
    ],
)
def test_an_image_without_the_commands_is_explained(text: str) -> None:
    (cause,) = describe_error(RuntimeError(text))
    assert "an older Dask" in cause["hint"]


def test_advice_on_versions_names_python_first_and_the_line_that_pins_the_rest() -> None:
    mine = packages.versions()
    assert packages.differences(mine) == []
    other = {**mine, "distributed": "2024.8.0"}
    assert packages.differences(other) == [f"distributed 2024.8.0 (here {mine['distributed']})"]
    assert "%pip install distributed==2024.8.0" in packages.advise(other)
    assert "with Python 3.1," in packages.advise({**mine, "python": "3.1.4"})


def old_python() -> str | None:
    """Return a Python that is too old for a controller, where this machine has one."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for found in (shutil.which("python3.9"), *root.glob("3.9.*/bin/python")):
        if (
            found
            and not subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode
        ):
            return str(found)
    return None


@pytest.mark.skipif(old_python() is None, reason="there is no Python 3.9 on this machine")
def test_a_kernel_with_an_old_python_is_told_so() -> None:
    done = subprocess.run(
        [str(old_python()), "-"],
        input=bootstrap_code(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("RuntimeError: This kernel has Python 3.")
