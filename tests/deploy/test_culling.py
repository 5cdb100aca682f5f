"""Who is culled by the hub of ``deploy/``, with its hour made some seconds."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import httpx
import pytest
from hub import ROOT, Hub, Person, wait_until

pytestmark = pytest.mark.timeout(900)

IDLE = 25
CONFIG = f"""
load_subconfig({str(ROOT / "deploy" / "jupyterhub_config.py")!r})
c.Spawner.environment["JUPYTERHUB_ACTIVITY_INTERVAL"] = "3"
c.JupyterHub.last_activity_interval = 3
culler = next(one for one in c.JupyterHub.services if one["name"] == "idle-culler")
culler["command"] = [*culler["command"][:-1], "--timeout={IDLE}", "--cull-every=3"]
"""
MODULES = "__import__('sys').modules['_seasonal_monitor_controller"
COMPUTE = """
import distributed, time
security = {modules}.security'].load_security({credentials!r})
client = distributed.Client({address!r}, security=security, set_as_default=False)
task = client.submit(time.sleep, 900)
"""


def bootstrap_code() -> str:
    """Return what the page sends to a kernel to make it a controller."""
    path = ROOT / "tests" / "controller" / "page.py"
    spec = importlib.util.spec_from_file_location("controller_page", path)
    assert spec
    assert spec.loader
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    code: str = page.bootstrap_code()
    return code


def start_local_cluster(person: Person, *, computes: bool) -> None:
    """Start a cluster in a kernel of somebody's server, as the page does, and leave the page.

    Clusters that compute report in; here each fifth second instead of each minute.
    """
    channel = person.connect(person.new_kernel())
    channel.execute(bootstrap_code())
    channel.execute(f"{MODULES}.cluster'].HEARTBEAT = 5.0")
    channel.open("jupyterlab_seasonal_monitor")
    snapshot: dict[str, Any] = channel.call(
        "create",
        key="k",
        name="Local",
        launcher="local",
        options={"workers": 1, "threads": 1},
        profile=None,
        environment=None,
    )
    where = {name: snapshot["connection"][name] for name in ("address", "credentials")}
    if computes:
        channel.execute(COMPUTE.format(modules=MODULES, **where))
    channel.close()


def test_a_server_with_idle_clusters_is_culled_and_not_one_whose_cluster_computes(
    tmp_path: Path,
) -> None:
    config = tmp_path / "config.py"
    config.write_text(CONFIG)
    with Hub(tmp_path, f"--config={config}") as hub:
        bob, alice = Person(hub, "bob"), Person(hub, "alice")
        for person in (bob, alice):
            person.sign_in()
            person.open_lab()
        start_local_cluster(bob, computes=True)
        start_local_cluster(alice, computes=False)
        cluster = alice.new_cluster()
        culled = "Culling server alice"
        log = tmp_path / "hub.log"
        wait_until(lambda: culled in log.read_text(), "alice's server is culled")
        assert "Culling server bob" not in log.read_text()
        # The gateway's cluster goes on without the server.
        counts = f"{hub.url}/services/dask-gateway/clusters/{cluster}/json/counts.json"
        assert httpx.get(counts).status_code == 200
