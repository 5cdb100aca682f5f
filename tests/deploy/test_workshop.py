"""The workshop service of ``deploy/`` on the real hub: who may what, and who gains what."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from hub import ROOT, SECONDS, Hub, Person, wait_until

pytestmark = pytest.mark.timeout(900)

SERVICE = "/services/workshop/api"
#: Carol has an account and is not in the class.
CONFIG = f"""
load_subconfig({str(ROOT / "deploy" / "jupyterhub_config.py")!r})
c.Authenticator.allowed_users.add("carol")
"""
#: What an administrator adds so that trainers' pages can ask the hub itself.
OF_CLASS = ["list:users", "read:users:groups", "read:users:activity", "read:servers"]
WITHOUT_SERVICE = f"""
CLASS = [f"{{scope}}!group=workshop" for scope in {OF_CLASS}]
c.JupyterHub.load_roles.append({{"name": "tutor", "scopes": CLASS, "users": ["trainer"]}})
everybody = c.Spawner.oauth_client_allowed_scopes
before = c.Spawner.pre_spawn_hook

def of_page(spawner):
    return everybody + (CLASS if spawner.user.name in {{"trainer"}} else [])

def as_list(spawner):
    before(spawner)
    spawner.oauth_client_allowed_scopes = of_page(spawner)

c.Spawner.oauth_client_allowed_scopes = of_page
c.Spawner.pre_spawn_hook = as_list
"""
#: What an administrator adds for clusters of the gateway, and to stop servers.
WITH_CLUSTERS = """
by_name = {one["name"]: one for one in [*c.JupyterHub.load_roles, *c.JupyterHub.services]}
by_name["workshop-service"]["scopes"] += [
    "tokens!group=workshop",
    "delete:servers!group=workshop",
]
address = c.Spawner.environment["DASK_GATEWAY__ADDRESS"]
by_name["workshop"]["environment"]["WORKSHOP_GATEWAY"] = address
"""
#: The same hub as it is without the service.
WITHOUT = """
c.JupyterHub.services = [one for one in c.JupyterHub.services if one["name"] != "workshop"]
c.JupyterHub.load_roles = [
    one for one in c.JupyterHub.load_roles if not one["name"].startswith("workshop")
]
c.Spawner.oauth_client_allowed_scopes.remove("access:services!service=workshop")
"""
#: All that a participant's page or anybody else may ask a trainer's part for.
TRAINERS_ONLY = [
    ("GET", "/class", None),
    ("POST", "/servers", {"users": ["bob"]}),
    ("POST", "/servers/stop", {"users": ["bob"]}),
    ("POST", "/clusters/stop", {"users": ["bob"]}),
    ("POST", "/announcements", {"text": "Class is over"}),
    ("POST", "/announcements", {"text": "To you", "users": ["bob"]}),
    ("POST", "/orders", {"workshop": "rain", "end": 4_000_000_000}),
    ("POST", "/orders", {"workshop": "rain", "workers": 1, "users": ["bob"]}),
    ("POST", "/orders", {"workshop": "rain", "fresh": True, "text": "Anew", "users": ["bob"]}),
]


def new_hub(folder: Path, config: str) -> Hub:
    path = folder / "config.py"
    path.write_text(config)
    return Hub(folder, f"--config={path}")


def ask(person: Person, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
    """Ask the service as a page does: with its token and without a cookie."""
    options.setdefault("headers", {"Authorization": f"token {person.page['token']}"})
    if body is not None:
        options["json"] = body
    url = str(person.browser.base_url.join(f"{SERVICE}{path}"))
    return httpx.request(method, url, timeout=SECONDS, **options)


def scopes(hub: Hub, token: str) -> set[str]:
    reply = httpx.get(f"{hub.url}/hub/api/user", headers={"Authorization": f"token {token}"})
    return set(reply.json()["scopes"])


def enter(hub: Hub, name: str) -> Person:
    person = Person(hub, name)
    assert person.sign_in().status_code == 200
    person.open_lab()
    return person


def kernel_token(person: Person) -> str:
    """Return the token that a person's kernels have."""
    code = "import os; print(os.environ['JUPYTERHUB_API_TOKEN'])"
    return person.run(person.new_kernel(), code).strip()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with new_hub(tmp_path_factory.mktemp("hub"), CONFIG + WITHOUT_SERVICE) as one:
        yield one


@pytest.fixture(scope="module")
def trainer(hub: Hub) -> Person:
    return enter(hub, "trainer")


@pytest.fixture(scope="module")
def alice(hub: Hub) -> Person:
    return enter(hub, "alice")


@pytest.fixture(scope="module")
def carol(hub: Hub) -> Person:
    return enter(hub, "carol")


def heard_by(person: Person) -> dict[str, Any]:
    told: dict[str, Any] = ask(person, "GET", "/announcements").json()
    return told


def row_of(trainer: Person, name: str) -> dict[str, Any]:
    rows = ask(trainer, "GET", "/class").json()["participants"]
    found: dict[str, Any] = next(row for row in rows if row["name"] == name)
    return found


def test_the_service_knows_trainers_and_participants(trainer: Person, alice: Person) -> None:
    told = ask(trainer, "GET", "/me").json()
    assert (told["name"], told["trainer"], told["participant"]) == ("trainer", True, False)
    assert told["may"] == ["start"]
    told = ask(alice, "GET", "/me").json()
    assert (told["name"], told["trainer"], told["participant"]) == ("alice", False, True)


def test_a_trainer_sees_the_class_and_nobody_else(trainer: Person, carol: Person) -> None:
    rows = ask(trainer, "GET", "/class").json()["participants"]
    assert [row["name"] for row in rows] == ["alice", "bob"]


@pytest.mark.parametrize(("method", "path", "body"), TRAINERS_ONLY)
def test_a_participant_may_not_act_as_a_trainer(
    alice: Person, method: str, path: str, body: Any
) -> None:
    reply = ask(alice, method, path, body)
    assert reply.status_code == 403
    assert reply.json()["error"] == "Only trainers of the class may do this."


def test_who_may_not_publish_hears_why_although_much_was_sent(hub: Hub, alice: Person) -> None:
    # Asked without the hub's proxy, which may read the answer before the connection is reset.
    lines = [
        f"POST {SERVICE}/published HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: token {alice.page['token']}",
        "Content-Length: 1000000",
        "Connection: close",
    ]
    with socket.create_connection(("127.0.0.1", hub.port + 4), timeout=SECONDS) as sent:
        sent.sendall("\r\n".join([*lines, "", ""]).encode())
        for _ in range(10):
            sent.sendall(b"x" * 100_000)
            time.sleep(0.1)
        with sent.makefile("rb") as got:
            answer = got.read()
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert b"Only trainers of the class may do this." in answer


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        *TRAINERS_ONLY,
        ("GET", "/me", None),
        ("PUT", "/status", {"step": 1, "of": 1}),
        ("GET", "/announcements", None),
    ],
)
def test_somebody_outside_the_class_and_somebody_unknown_may_nothing(
    carol: Person, method: str, path: str, body: Any
) -> None:
    assert ask(carol, method, path, body).status_code == 403
    for header in ("", "token", "token 0123456789abcdef", "Basic YTpi", "token " + "x" * 4000):
        reply = ask(carol, method, path, body, headers={"Authorization": header})
        assert reply.status_code in {401, 403}, header
        assert set(reply.json()) == {"error"}


def test_cookies_are_not_looked_at(trainer: Person) -> None:
    assert trainer.browser.get(f"{SERVICE}/class").status_code == 401


def test_what_a_participant_says_reaches_the_trainer(trainer: Person, alice: Person) -> None:
    said = {
        "step": 2,
        "of": 5,
        "help": True,
        "note": "<img src=x onerror=alert(1)> stuck",
        "environment": {"dask": "2026.8.0"},
    }
    assert ask(alice, "PUT", "/status", said).status_code == 200
    told = row_of(trainer, "alice")
    assert told["server"] == "running"
    assert {name: told["status"][name] for name in said} == said
    assert row_of(trainer, "bob")["status"] is None


def test_a_trainer_says_nothing_in_a_participants_name(trainer: Person) -> None:
    assert ask(trainer, "PUT", "/status", {"step": 1, "of": 1}).status_code == 403


def test_a_participant_who_waits_hears_an_announcement(trainer: Person, alice: Person) -> None:
    with ThreadPoolExecutor() as pool:
        heard = pool.submit(ask, alice, "GET", "/announcements?wait=1")
        sent = ask(trainer, "POST", "/announcements", {"text": "Break until 11:00"})
        assert sent.status_code == 200
        (told,) = heard.result().json()["announcements"]
    assert (told["text"], told["author"]) == ("Break until 11:00", "trainer")
    after = ask(alice, "GET", f"/announcements?after={told['id']}").json()
    assert after["announcements"] == []


def test_what_is_said_to_one_is_heard_by_nobody_else(trainer: Person, alice: Person) -> None:
    for name in ("alice", "bob"):
        said = {"text": f"Only for {name}", "users": [name]}
        assert ask(trainer, "POST", "/announcements", said).status_code == 200
    heard = [one["text"] for one in ask(alice, "GET", "/announcements").json()["announcements"]]
    assert "Only for alice" in heard
    assert "Only for bob" not in heard


def test_whoever_has_not_seen_a_restart_is_told_of_it_at_once(
    trainer: Person, alice: Person
) -> None:
    ask(trainer, "POST", "/announcements", {"text": "Again"})
    told = ask(alice, "GET", "/announcements?after=1000&epoch=older&wait=1").json()
    assert "Again" in [one["text"] for one in told["announcements"]]


def test_what_a_trainer_sets_is_heard_by_whom_it_is_for(trainer: Person, alice: Person) -> None:
    with ThreadPoolExecutor() as pool:
        after = max(one["id"] for one in heard_by(alice)["announcements"])
        waiting = pool.submit(ask, alice, "GET", f"/announcements?after={after}&wait=1")
        longer = {"workshop": "rain", "end": 4_000_000_000, "workers": 3, "text": "Until noon"}
        assert ask(trainer, "POST", "/orders", longer).status_code == 200
        told = waiting.result().json()
    assert [one["text"] for one in told["announcements"]] == ["Until noon"]
    assert told["orders"] == {"rain": {"end": 4_000_000_000, "workers": 3}}
    # For one only, and without a word; then for all again, of whom nothing else holds.
    own = {"workshop": "rain", "workers": 1, "users": ["bob"]}
    assert ask(trainer, "POST", "/orders", own).json()["orders"]["rain"]["people"] == {
        "bob": {"workers": 1}
    }
    assert heard_by(alice)["orders"]["rain"]["workers"] == 3
    assert ask(trainer, "POST", "/orders", {"workshop": "rain", "workers": None}).status_code == 200
    assert heard_by(alice)["orders"]["rain"] == {"end": 4_000_000_000, "workers": None}
    seen = ask(trainer, "GET", "/class").json()["orders"]
    assert seen == {"rain": {"all": {"end": 4_000_000_000, "workers": None}, "people": {}}}


def test_a_wish_for_a_fresh_cluster_reaches_the_one_whom_it_is_for(
    trainer: Person, alice: Person
) -> None:
    for name in ("alice", "bob"):
        wish = {"workshop": "rain", "fresh": True, "text": f"Anew, {name}", "users": [name]}
        assert ask(trainer, "POST", "/orders", wish).status_code == 200
    fresh = [one for one in heard_by(alice)["announcements"] if "fresh" in one]
    assert [(one["text"], one["fresh"]) for one in fresh] == [("Anew, alice", "rain")]


def test_nothing_is_stopped_unless_an_administrator_allows_it(
    trainer: Person, alice: Person
) -> None:
    for what in ("servers", "clusters"):
        reply = ask(trainer, "POST", f"/{what}/stop", {"users": ["alice"]})
        assert reply.status_code == 403
        assert f"may not stop {what}" in reply.json()["error"]
    assert row_of(trainer, "alice")["server"] == "running"


def test_a_trainer_starts_servers_of_the_class_and_no_others(hub: Hub, trainer: Person) -> None:
    # The trainer is an administrator of the demo; what counts is what the service may.
    wanted = {"users": ["bob", "carol", "../alice", "nobody"]}
    told = ask(trainer, "POST", "/servers", wanted).json()["servers"]
    assert told["bob"] in {"starting", "running"}
    outside = "This person is not in the class."
    assert [told[name] for name in ("carol", "../alice", "nobody")] == [outside] * 3
    wait_until(lambda: row_of(trainer, "bob")["server"] == "running", "bob's server")
    again = ask(trainer, "POST", "/servers", {"users": ["bob"]}).json()["servers"]
    assert again == {"bob": "running"}


def test_clusters_are_not_known_unless_an_administrator_allows_it(
    trainer: Person, alice: Person
) -> None:
    assert row_of(trainer, "alice")["clusters"] is None


def test_a_trainer_sees_and_stops_clusters_and_servers_where_allowed(tmp_path: Path) -> None:
    with new_hub(tmp_path, CONFIG + WITH_CLUSTERS) as hub:
        trainer, alice = enter(hub, "trainer"), enter(hub, "alice")
        cluster = alice.new_cluster(worker_cores=1, worker_memory=0.5)

        def is_seen() -> bool:
            told = row_of(trainer, "alice")["clusters"]
            return [(one["name"], one["status"]) for one in told] == [(cluster, "RUNNING")]

        wait_until(is_seen, "the cluster is seen")
        assert row_of(trainer, "bob")["clusters"] == []
        assert "PRIVATE KEY" not in ask(trainer, "GET", "/class").text

        assert ask(trainer, "GET", "/me").json()["may"] == ["start", "stop", "clusters"]
        outside = "This person is not in the class."
        own = trainer.new_cluster(worker_cores=1, worker_memory=0.5)
        wanted = {"users": ["alice", "bob", "trainer", "carol"]}
        told = ask(trainer, "POST", "/clusters/stop", wanted).json()["clusters"]
        unreachable = "The clusters of this person cannot be reached."
        assert told == {"alice": "1", "bob": "0", "trainer": unreachable, "carol": unreachable}
        told = ask(trainer, "POST", "/servers/stop", wanted).json()["servers"]
        assert told["alice"] in {"stopping", "stopped"}
        assert told == {**told, "bob": "stopped", "trainer": outside, "carol": outside}
        wait_until(lambda: row_of(trainer, "alice")["server"] == "stopped", "the server stops")
        wait_until(lambda: row_of(trainer, "alice")["clusters"] == [], "the cluster stops")
        # What is not of the class goes on: the trainer's own server and cluster.
        assert trainer.gateway("GET", f"/clusters/{own}").json()["status"] == "RUNNING"
        assert trainer.browser.get("/user/trainer/api/status").status_code == 200


def test_hostile_requests_are_refused_and_the_service_goes_on(
    trainer: Person, alice: Person
) -> None:
    header = {"Authorization": f"token {alice.page['token']}"}
    for body in (b"", b"[" * 16_000, b'{"note": "\\u0000"}', b'{"name": "bob"}', b"\xff"):
        reply = ask(alice, "PUT", "/status", headers=header, content=body)
        assert reply.status_code == 400, body[:20]
        assert set(reply.json()) == {"error"}
    large = ask(alice, "PUT", "/status", headers=header, content=b" " * 1_000_000)
    assert large.status_code >= 400
    for path in ("", "/", "/class/../../x", "/nothing", "/announcements?after=x"):
        assert ask(alice, "GET", path).status_code in {400, 404}, path
    assert ask(trainer, "GET", "/me").status_code == 200


def test_a_service_that_was_restarted_says_so_and_hears_participants_again(
    hub: Hub, trainer: Person, alice: Person
) -> None:
    assert ask(alice, "PUT", "/status", {"step": 3, "of": 5}).status_code == 200
    epoch = ask(trainer, "GET", "/me").json()["epoch"]
    (pid,) = [pid for pid, name in hub.processes().items() if "workshop_service" in name]
    os.kill(pid, signal.SIGKILL)

    def restarted() -> bool:
        reply = ask(trainer, "GET", "/me")
        return reply.status_code == 200 and reply.json()["epoch"] != epoch

    wait_until(restarted, "the hub starts the service again")
    assert row_of(trainer, "alice")["status"] is None
    assert ask(alice, "PUT", "/status", {"step": 3, "of": 5}).status_code == 200
    assert row_of(trainer, "alice")["status"]["step"] == 3


def test_somebody_who_asks_all_the_time_is_told_to_wait_and_the_others_are_not(
    trainer: Person, alice: Person
) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(
            pool.map(lambda _: ask(alice, "GET", "/announcements").status_code, range(120))
        )
    assert set(codes) == {200, 429}
    assert ask(trainer, "GET", "/me").status_code == 200


def test_a_page_whose_server_was_stopped_may_nothing(hub: Hub) -> None:
    bob = enter(hub, "bob")
    assert ask(bob, "GET", "/me").status_code == 200
    own = {"X-XSRFToken": bob.browser.cookies.get("_xsrf", path="/hub/") or ""}
    stopped = bob.browser.delete(
        "/hub/api/users/bob/server", headers={**own, "Referer": f"{hub.url}/hub/home"}
    )
    assert stopped.status_code in {202, 204}, stopped.text
    wait_until(lambda: ask(bob, "GET", "/me").status_code == 403, "the token ends")


def test_the_services_own_token_may_no_more_than_its_role_says(hub: Hub, alice: Person) -> None:
    (pid,) = [pid for pid, name in hub.processes().items() if "workshop_service" in name]
    variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
    token = dict(one.split("=", 1) for one in variables if one)["JUPYTERHUB_API_TOKEN"]

    def may(method: str, path: str, body: Any = None) -> int:
        header = {"Authorization": f"token {token}"}
        return httpx.request(
            method, f"{hub.url}/hub/api{path}", headers=header, json=body, timeout=SECONDS
        ).status_code

    assert may("GET", "/users/alice") == 200
    assert may("POST", "/users/alice/tokens", {"expires_in": 60}) == 403
    assert may("GET", "/users/carol") == 404
    assert may("POST", "/users/carol/server", {}) in {403, 404}
    assert may("POST", "/users/carol/tokens", {"expires_in": 60}) in {403, 404}
    assert may("DELETE", "/users/alice/server") == 403
    assert may("PATCH", "/users/alice", {"admin": True}) == 403
    assert may("POST", "/groups/workshop/users", {"users": ["carol"]}) in {403, 404}
    page = f"{hub.url}/user/alice/api/status"
    assert httpx.get(page, headers={"Authorization": f"token {token}"}).status_code == 403


def test_tokens_of_participants_are_the_same_with_and_without_what_trainers_have(
    hub: Hub, trainer: Person, alice: Person, tmp_path: Path
) -> None:
    grant = "access:services!service=workshop"
    with_service = [scopes(hub, token) for token in (alice.page["token"], kernel_token(alice))]
    with new_hub(tmp_path, CONFIG + WITHOUT) as bare:
        other = enter(bare, "alice")
        tokens = (other.page["token"], kernel_token(other))
        assert [scopes(bare, token) for token in tokens] == with_service
    assert all(with_service)
    assert grant in scopes(hub, trainer.page["token"])
    assert grant not in set.union(*with_service)


def test_a_trainers_page_can_ask_the_hub_itself_about_the_class_and_nobody_else(
    hub: Hub, trainer: Person, alice: Person, carol: Person
) -> None:
    def people(person: Person) -> httpx.Response:
        header = {"Authorization": f"token {person.page['token']}"}
        url = f"{hub.url}/hub/api/users?include_stopped_servers"
        return httpx.get(url, headers=header, timeout=SECONDS)

    assert {one["name"] for one in people(trainer).json()} == {"alice", "bob"}
    assert people(alice).status_code == 403
    assert people(carol).status_code == 403
