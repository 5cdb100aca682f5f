"""Full memory, missing packages, and machines that are full (faults 28, 29, 43)."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from page import Kernel, Page, RefusedError
from place import Place, dashboard_answers, wait_until
from test_faults import submit

CREATE = {"profile": None, "environment": None, "launcher": "local", "name": "n", "key": "k"}


async def test_spilling_and_pausing_are_shown(kernel: Kernel) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=1, threads=1, memory="400 MiB")
    await page.call("watch", detail="counts", lease=120)
    await submit(kernel, cluster, "c.submit(bytes, 60_000_000, pure=False)", 6)
    spilling = await page.snapshot(lambda s: s.get("conditions", {}).get("spilling"), within=20)
    assert spilling["memory"]["spilled"] > 2**20
    told = await page.until(
        lambda p: [e for e in p.events("clusterEvent") if e["kind"] == "spilled"]
    )
    assert told[0]["text"] == "1 worker writes results to disk, since memory is getting full."
    await kernel.execute("del fs", silent=True)
    await page.snapshot(lambda s: "conditions" not in s, within=20)
    hold = "c.submit(lambda: setattr(__import__('sys'), 'kept', bytearray(300_000_000)))"
    await submit(kernel, cluster, hold, 1)
    paused = await page.snapshot(lambda s: s.get("conditions", {}).get("paused"), within=20)
    assert paused["state"] == "running"
    told = await page.until(
        lambda p: [e for e in p.events("clusterEvent") if e["kind"] == "worker-paused"]
    )
    assert "memory" in told[0]["text"]


async def test_tasks_that_take_all_memory_are_named(kernel: Kernel) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=1, threads=1, memory="300 MiB")
    await page.call("watch", detail="counts", lease=120)
    await kernel.execute(
        "import dask; dask.config.set({'distributed.scheduler.allowed-failures': 0})", silent=True
    )
    code = "c.submit(lambda: __import__('time').sleep(len(bytearray(10**9)) / 10**8))"
    await submit(kernel, cluster, code, 1)
    lost = await page.until(
        lambda p: [
            e
            for e in p.events("clusterEvent")
            if e["kind"] == "worker-lost" and "more memory than its limit" in e["text"]
        ],
        within=40,
    )
    assert lost[0]["level"] == "warning"
    assert lost[0]["reason"] == "memory"


async def test_a_failed_task_is_an_event(kernel: Kernel) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=1, threads=1)
    await page.call("watch", detail="counts", lease=60)
    await submit(kernel, cluster, "c.submit(lambda: 1 / 0)", 1)
    erred = await page.until(
        lambda p: [e for e in p.events("clusterEvent") if e["kind"] == "task-erred"]
    )
    assert "ZeroDivisionError" in erred[0]["text"]
    assert (await page.snapshot(lambda s: s["tasks"]["erred"] == 1))["state"] == "running"


async def test_missing_packages_are_named_with_what_to_type(
    place: Place, new_kernel: Callable[..., Any]
) -> None:
    """In a kernel whose importer knows no Dask, as in an environment without it."""
    kernel = await new_kernel()
    hide = (
        "import sys\n"
        "from importlib.machinery import PathFinder\n"
        "class Partial:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name not in ('distributed', 'dask'):\n"
        "            return PathFinder.find_spec(name, path, target)\n"
        "sys.meta_path[:] = [Partial() if f is PathFinder else f for f in sys.meta_path]\n"
    )
    await kernel.execute(hide, silent=True)
    page = await kernel.install()
    info = await page.call("initialize", protocol=1, client="x")
    assert info["missing"] == ["dask", "distributed"]
    for method, params in (("warm", {}), ("create", {**CREATE, "options": {}})):
        with pytest.raises(RefusedError, match="lacks dask, distributed") as caught:
            await page.call(method, **params)
        assert caught.value.code == -32003
        assert "%pip install dask distributed" in caught.value.data["hint"]


async def test_without_bokeh_there_is_a_cluster_and_a_word_about_dashboards(
    kernel: Kernel,
) -> None:
    hide = "import sys; sys.modules['bokeh'] = None"
    await kernel.execute(hide, silent=True)
    page = await kernel.install()
    assert (await page.create(workers=1))["state"] == "running"
    told = await page.until(lambda p: [e for e in p.events("clusterEvent") if e["kind"] == "log"])
    assert "Bokeh is not installed" in told[0]["text"]


async def refused(page: Page, place: Place) -> RefusedError:
    """Fail to create a cluster, in words, with no worker and no key left."""
    with pytest.raises(RefusedError) as caught:
        await page.create(workers=2, threads=1)
    assert not list(place.folder.rglob("*.pem"))
    # The kernel, the fork server and its tracker of resources wait for the next start.
    wait_until(lambda: len(place.processes()) <= 3, 10, "workers are left")
    assert caught.value.code == -32001
    assert caught.value.data["cause"]
    assert caught.value.data["hint"]
    assert (await page.call("describe"))["cluster"]["state"] == "failed"
    return caught.value


async def test_too_few_file_descriptors_are_explained(kernel: Kernel, place: Place) -> None:
    page = await kernel.install()
    await page.call("warm", within=60)
    limit = "import resource, os; n = len(os.listdir('/proc/self/fd')) + 6; "
    old = await kernel.evaluate("__import__('resource').getrlimit(7)")
    await kernel.execute(f"{limit}resource.setrlimit(7, (n, {old}[1]))", silent=True)
    error = await refused(page, place)
    assert "no room" in str(error.data["hint"])
    await kernel.execute(f"resource.setrlimit(7, {old})", silent=True)
    assert (await page.create(key="again", workers=1))["state"] == "running"


async def test_a_full_disk_is_explained(new_kernel: Callable[..., Any], place: Place) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "none", str(place.tmp)]
    if not run(mount):
        pytest.skip("only root can mount a small disk")
    try:
        kernel = await new_kernel()
        page = await kernel.install()
        await page.call("warm", within=60)
        fill(place.tmp / "fill")
        error = await refused(page, place)
        assert "disk is full" in str(error.data["hint"])
        (place.tmp / "fill").unlink()
        assert (await page.create(key="again", workers=1))["state"] == "running"
        await kernel.shut_down()
    finally:
        assert run(["umount", "-l", str(place.tmp)])


def run(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as stream:
        for size in (4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    stream.write(bytes(size))


async def test_a_folder_that_cannot_be_written_is_explained(
    new_kernel: Callable[..., Any], place: Place
) -> None:
    kernel = await new_kernel(JUPYTER_RUNTIME_DIR=str(place.runtime))
    page = await kernel.install()
    # Root may write everywhere, but not below a file.
    await kernel.execute(
        f"import os; os.environ['JUPYTER_RUNTIME_DIR'] = {str(place.work / 'file' / 'x')!r}",
        silent=True,
    )
    (place.work / "file").write_text("")
    await refused(page, place)


async def test_a_port_that_another_program_uses_is_not_needed(page: Page) -> None:
    with contextlib.ExitStack() as stack:
        busy = stack.enter_context(socket.socket())
        with contextlib.suppress(OSError):  # another one holds it already, which is as good
            busy.bind(("127.0.0.1", 8787))
            busy.listen()
        assert (await page.create(workers=1))["state"] == "running"
        snapshot = await page.snapshot(lambda s: s.get("dashboard"))
        assert not snapshot["dashboard"].endswith(":8787")
        await dashboard_answers(snapshot["dashboard"])


async def test_a_temporary_folder_that_became_read_only_is_explained(
    new_kernel: Callable[..., Any], place: Place
) -> None:
    if not run(["mount", "-t", "tmpfs", "none", str(place.tmp)]):
        pytest.skip("only root can mount a folder that nobody can write to")
    try:
        kernel = await new_kernel()
        # Python chooses the folder once, and would choose another one later.
        assert str(place.tmp) in await kernel.evaluate("__import__('tempfile').gettempdir()")
        assert run(["mount", "-o", "remount,ro", str(place.tmp)])
        page = await kernel.install()
        # A page asks first what there is; that has an answer.
        assert (await page.call("initialize", protocol=1, client="x"))["missing"] == []
        error = await refused(page, place)
        assert "Read-only file system" in str(error.data["cause"])
        assert "Set TMPDIR to a folder that you can write to" in error.data["hint"]
        assert run(["mount", "-o", "remount,rw", str(place.tmp)])
        assert (await page.create(key="again", workers=1))["state"] == "running"
        await kernel.shut_down()
    finally:
        assert run(["umount", "-l", str(place.tmp)])


#: Makes a process one of somebody else's, who can read the Python of root.
_AS_NOBODY = (
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)


async def test_too_many_processes_of_one_user_are_explained(place: Place, python: str) -> None:
    prefix: tuple[str, ...] = ()
    if os.getuid() == 0:
        # Root may have as many as there are.
        if not run([*_AS_NOBODY, "true"]):
            pytest.skip("setpriv is needed to run as a user whom the limit binds")
        prefix = _AS_NOBODY
        for folder in (place.folder, place.work, place.runtime, place.tmp):
            os.chown(folder, 65534, 65534)
    kernel = Kernel(python, place.work, {**place.env, "HOME": str(place.folder)}, prefix)
    await kernel.start()
    try:
        page = await kernel.install()
        user = int(await kernel.evaluate("__import__('os').getuid()"))
        await kernel.execute("import resource; old = resource.getrlimit(6)", silent=True)
        used = threads_of(user)
        await kernel.execute(f"resource.setrlimit(6, ({used}, old[1]))", silent=True)
        assert (await page.call("initialize", protocol=1, client="x"))["missing"] == []
        error = await refused(page, place)
        assert "The machine has no room for this" in error.data["hint"]
        await kernel.execute("resource.setrlimit(6, old)", silent=True)
        assert (await page.create(key="again", workers=1))["state"] == "running"
    finally:
        await kernel.close()


def threads_of(user: int) -> int:
    """Return what counts as processes of a user."""
    count = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().real == user:
                count += process.num_threads()
    return count


async def test_memory_that_ran_out_is_explained_although_it_has_no_words(
    kernel: Kernel, place: Place
) -> None:
    page = await kernel.install()
    restore = await break_on_purpose(kernel, "distributed.LocalCluster.__init__", "MemoryError()")
    error = await refused(page, place)
    assert error.data["cause"][0]["kind"] == "MemoryError"
    assert "The machine has no room for this" in error.data["hint"]
    await kernel.execute(restore, silent=True)
    assert (await page.create(key="again", workers=1))["state"] == "running"


async def test_a_bad_dask_setting_is_explained(
    new_kernel: Callable[..., Any], place: Place
) -> None:
    kernel = await new_kernel(DASK_DISTRIBUTED__COMM__TLS__MIN_VERSION="7")
    error = await refused(await kernel.install(), place)
    assert "distributed.comm.tls.min-version" in str(error.data["cause"])


async def break_on_purpose(
    kernel: Kernel, function: str, error: str = "RuntimeError('broken on purpose')"
) -> str:
    """Make a function of distributed fail; return the code that mends it."""
    owner, _, name = function.rpartition(".")
    fail = (
        f"import distributed\nkept = {function}\n"
        f"def broken(*args, **kwargs):\n    raise {error}\n"
        f"{owner}.{name} = broken\n"
    )
    await kernel.execute(fail, silent=True)
    return f"{owner}.{name} = kept"


@pytest.mark.parametrize(
    "place_of_failure",
    [
        "distributed.LocalCluster.__init__",
        "distributed.Scheduler.start_unsafe",
        "distributed.Nanny.start_unsafe",
        "distributed.Nanny.instantiate",
        "distributed.Scheduler.add_plugin",
    ],
)
async def test_a_failure_at_any_stage_leaves_nothing(
    kernel: Kernel, place: Place, place_of_failure: str
) -> None:
    page = await kernel.install()
    restore = await break_on_purpose(kernel, place_of_failure)
    with pytest.raises(RefusedError) as caught:
        await page.create(workers=2, threads=1)
    assert "broken on purpose" in str(caught.value.data["cause"])
    assert not list(place.folder.rglob("*.pem"))
    await kernel.execute(restore, silent=True)
    assert (await page.create(key="again", workers=1))["workers"]["ready"] == 1


@pytest.mark.parametrize(
    "place_of_failure", ["distributed.LocalCluster.__init__", "distributed.Scheduler.start_unsafe"]
)
async def test_a_stand_by_that_failed_to_get_ready_still_makes_a_cluster(
    kernel: Kernel, place: Place, place_of_failure: str
) -> None:
    page = await kernel.install()
    restore = await break_on_purpose(kernel, place_of_failure)
    with pytest.raises(RefusedError):
        await page.call("warm", within=60)
    assert not list(place.folder.rglob("*.pem"))
    await kernel.execute(restore, silent=True)
    assert (await page.create(workers=1))["workers"]["ready"] == 1
