"""From an empty kernel to a stopped cluster, in each environment of a kernel."""

from __future__ import annotations

import json
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from page import Kernel, Page, RefusedError, bootstrap_code
from place import Place

CLIENT = """
import sys, json
from distributed import Client
from distributed.security import Security
address, pem = sys.argv[1:]
roles = {f"tls_{r}_{p}": pem for r in ("client",) for p in ("cert", "key")}
with Client(address, security=Security(require_encryption=True, tls_ca_file=pem, **roles)) as c:
    print(json.dumps([c.submit(pow, 7, 2).result(), len(c.scheduler_info()["workers"])]))
"""


#: The newest packages, the oldest that are supported, and the newest Python.
everywhere = pytest.mark.parametrize("python", ["newest", "oldest", "latest"], indirect=True)


@everywhere
def test_the_environments_hold_what_they_say(python: str) -> None:
    code = "import sys, distributed as d, ipykernel as i\n"
    code += "print(d.__version__, i.__version__, sys.version_info.minor)"
    told = subprocess.check_output([python, "-c", code], text=True).split()
    distributed, ipykernel, minor = told
    if "oldest" in python:
        assert (distributed[:6], ipykernel[:2]) == ("2024.8", "6.")
    else:
        assert (int(distributed[:4]), int(ipykernel.partition(".")[0])) >= (2026, 7)
    if "latest" in python:
        assert int(minor) >= 12


def modes(file: Path) -> tuple[int, int]:
    return stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)


def compute(python: str, connection: dict[str, str], place: Place) -> Any:
    arguments = [python, "-c", CLIENT, connection["address"], connection["credentials"]]
    return json.loads(subprocess.check_output(arguments, env=place.env, text=True))


@everywhere
async def test_the_whole_way(kernel: Kernel, place: Place, python: str) -> None:
    before = await kernel.evaluate("sorted(dir())")
    page = await kernel.install()
    assert await kernel.evaluate("sorted(dir())") == before
    assert await kernel.evaluate("'jupyterlab_seasonal_monitor' in __import__('sys').modules") == (
        "False"
    )

    info = await page.call("initialize", protocol=1, client="1.2.3")
    assert info["controller"] == "1.2.3"
    assert info["missing"] == []
    assert info["executable"] == python
    assert info["packages"]["distributed"]
    assert info["start"] == "forkserver"
    assert info["cluster"] is None
    assert info["cpus"] > 0
    assert info["memory"] > 2**28

    assert (await page.call("warm"))["seconds"] > 0
    assert (await page.call("warm"))["seconds"] == 0
    snapshot = await page.create(key="one", workers=2, threads=1)
    assert snapshot["state"] == "running"
    assert snapshot["workers"]["ready"] == snapshot["workers"]["wanted"] == 2
    assert snapshot["threads"] == 2
    steps = [p["value"]["steps"] for p in page.events("$/progress")]
    assert {p["token"] for p in page.events("$/progress")} == {"one"}
    assert [s["id"] for s in steps[-1]] == ["packages", "scheduler", "workers"]
    assert all(s["state"] == "done" for s in steps[-1])
    states = [s["state"] for s in page.events("clusterChanged")]
    assert states[0] == "starting"
    assert states[-1] == "running"
    revisions = [s["revision"] for s in page.events("clusterChanged")]
    assert revisions == sorted(set(revisions))

    # Another process of this user connects with what the snapshot says.
    pem = Path(snapshot["connection"]["credentials"])
    assert modes(pem) == (0o600, 0o700)
    assert compute(python, snapshot["connection"], place) == [49, 2]

    # A second tab sees the same, and a second bootstrap starts nothing.
    await kernel.execute(bootstrap_code("9.9.9"), silent=True, store_history=False)
    other = Page(kernel)
    description = await other.call("describe")
    assert description["cluster"]["id"] == snapshot["id"]
    assert description["launcher"] == "local"
    assert description["capabilities"]["scale"] is True
    assert (await other.call("initialize", protocol=1, client="9.9.9"))["controller"] == "1.2.3"

    await page.call("watch", detail="counts", lease=60)
    await page.call("scale", workers=3)
    await page.snapshot(lambda s: s["workers"]["ready"] == 3)
    await other.snapshot(lambda s: s["workers"]["wanted"] == 3)

    adaptive = await page.call("adapt", minimum=1, maximum=2)
    assert "wanted" not in adaptive["workers"]
    assert (adaptive["workers"]["minimum"], adaptive["workers"]["maximum"]) == (1, 2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=30)
    fixed = await page.call("scale", workers=2)
    assert "minimum" not in fixed["workers"]
    await page.snapshot(lambda s: s["workers"]["ready"] == 2)

    rows = await page.call("workers")
    pids = {row["pid"] for row in rows}
    await page.call("restart")
    assert pids.isdisjoint({row["pid"] for row in await page.call("workers")})
    await page.snapshot(lambda s: "restarting" not in s.get("conditions", {}))

    renamed = await other.call("rename", name="Pluie décadaire")
    assert renamed["name"] == "Pluie décadaire"
    await page.snapshot(lambda s: s["name"] == "Pluie décadaire")

    logs = await page.call("logs", lines=20, worker=None)
    assert {entry["source"] for entry in logs} >= {"scheduler", rows[0]["name"]}
    assert all(entry["lines"] for entry in logs)
    events = await other.call("events")
    assert {e["kind"] for e in events} >= {"state", "worker-added", "scaled"}

    dashboard = await page.snapshot(lambda s: s.get("dashboard"))
    assert dashboard["dashboard"].startswith("http://127.0.0.1:")
    started = time.monotonic()
    assert (await page.call("stop"))["state"] == "stopped"
    assert time.monotonic() - started < 8
    assert (await page.call("stop"))["state"] == "stopped"
    assert not list(place.folder.rglob(pem.name))
    await other.snapshot(lambda s: s["state"] == "stopped")
    with pytest.raises(RefusedError, match="no running cluster"):
        await page.call("scale", workers=1)

    # Nothing of all this became output of the kernel.
    assert not [m["content"] for m in kernel.messages if m["msg_type"] in ("stream", "error")]
    assert await kernel.shut_down() < 3.5


@pytest.mark.parametrize("begin", [True, False])
async def test_dask_is_imported_before_a_page_asks_only_where_a_cluster_is_wanted(
    kernel: Kernel, place: Place, begin: bool
) -> None:
    await kernel.execute(bootstrap_code(begin=begin), silent=True, store_history=False)
    helpers = [" ".join(process.cmdline()) for process in place.processes()]
    assert any("forkserver" in helper for helper in helpers) == begin
    # Whichever came first, one fork server serves the cluster.
    snapshot = await Page(kernel).create(workers=1, threads=1)
    assert snapshot["workers"]["ready"] == 1
    servers = [process for process in place.processes() if process.ppid() == kernel.pid]
    assert sum("forkserver" in " ".join(process.cmdline()) for process in servers) == 1
