"""``make hub`` and the configuration of ``deploy/``: the real thing, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hub import GATEWAY, Hub, Person, wait_until

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with Hub(tmp_path_factory.mktemp("hub")) as one:
        yield one


@pytest.fixture(scope="module")
def alice(hub: Hub) -> Person:
    person = Person(hub, "alice")
    person.sign_in()
    person.open_lab()
    return person


@pytest.fixture(scope="module")
def cluster(alice: Person) -> str:
    return alice.new_cluster(worker_cores=1, worker_memory=0.5)


def test_it_says_where_it_is_and_who_may_sign_in(hub: Hub) -> None:
    printed = hub.printed.read_text()
    assert hub.url in printed
    assert all(name in printed for name in ("alice", "bob", "trainer", "Ctrl-C"))


def test_somebody_else_may_not_sign_in(hub: Hub) -> None:
    assert Person(hub, "mallory").sign_in().status_code == 403


def test_a_users_jupyterlab_has_the_extension_and_the_profiles(alice: Person) -> None:
    names = [one["name"] for one in alice.page["federated_extensions"]]
    assert "jupyterlab-seasonal-monitor" in names
    plugin = "jupyterlab-seasonal-monitor:profiles"
    told = alice.browser.get(f"/user/alice/lab/api/settings/{plugin}").json()
    profiles = told["schema"]["properties"]["profiles"]["default"]
    assert [one["provider"] for one in profiles] == ["gateway", "local"]
    limits = told["schema"]["properties"]["limits"]["default"]
    assert limits == {"threadsPerWorker": 2, "memoryPerWorker": "2 GiB"}


def test_a_user_finds_the_sample_data_of_the_templates(alice: Person) -> None:
    told = alice.browser.get("/user/alice/api/contents/sample-data/catalog.json")
    assert told.json()["content"] == "{}"


def test_the_gateway_accepts_the_token_of_the_page(hub: Hub, alice: Person) -> None:
    token = {"Authorization": f"token {alice.page['token']}"}
    scopes = httpx.get(f"{hub.url}/hub/api/user", headers=token).json()["scopes"]
    assert "access:services!service=dask-gateway" in scopes
    assert alice.gateway("GET", "/clusters/").status_code == 200
    assert alice.gateway("GET", "/clusters/", scheme="token").status_code == 401


def test_the_gateway_asks_for_cores_and_memory(alice: Person) -> None:
    fields = alice.gateway("GET", "/options").json()["cluster_options"]
    assert [one["field"] for one in fields] == ["worker_cores", "worker_memory"]
    refused = alice.gateway("POST", "/clusters/", {"cluster_options": {"worker_cores": 99}})
    assert refused.status_code == 422
    assert "worker_cores must be <= 2" in refused.json()["error"]


def test_a_kernel_computes_on_a_cluster_that_the_page_made(alice: Person, cluster: str) -> None:
    assert alice.gateway("POST", f"/clusters/{cluster}/scale", {"count": 1}).json()["ok"]
    printed = alice.run(
        alice.new_kernel(),
        "from dask_gateway import Gateway\n"
        f"client = Gateway().connect({cluster!r}).get_client()\n"
        "print(client.submit(sum, [1, 2, 3]).result())\n",
    )
    assert printed.strip() == "6"


def test_more_than_four_workers_are_refused_in_words(alice: Person, cluster: str) -> None:
    told = alice.gateway("POST", f"/clusters/{cluster}/scale", {"count": 9}).json()
    assert told["ok"] is False
    assert "limit of 4 workers" in told["msg"]


def test_others_do_not_see_the_cluster(hub: Hub, alice: Person, cluster: str) -> None:
    bob = Person(hub, "bob")
    bob.sign_in()
    bob.open_lab()
    assert cluster in alice.gateway("GET", "/clusters/").json()
    assert bob.gateway("GET", "/clusters/").json() == {}
    assert bob.gateway("GET", f"/clusters/{cluster}").status_code == 403


def test_ctrl_c_ends_servers_clusters_and_proxies(tmp_path: Path) -> None:
    with Hub(tmp_path) as hub:
        bob = Person(hub, "bob")
        bob.sign_in()
        bob.open_lab()
        kernel = bob.new_kernel()
        cluster = bob.new_cluster()
        bob.gateway("POST", f"/clusters/{cluster}/scale", {"count": 1})
        counts = f"{hub.url}/services/dask-gateway/clusters/{cluster}/json/counts.json"
        wait_until(lambda: httpx.get(counts).json()["workers"] == 1, "a worker")
        bob.run(kernel, "import time; print(time.time())")
        commands = " ".join(hub.processes().values())
        assert all(
            part in commands
            for part in ("dask worker", "dask scheduler", "ipykernel", "configurable-http-proxy")
        )
        assert hub.interrupt() == 0
        wait_until(lambda: not hub.processes(), "all has ended")
        assert not list((tmp_path / "clusters").glob("*"))
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{hub.url}{GATEWAY}/clusters/")
