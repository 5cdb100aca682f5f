"""A class on the real hub, which is restarted while it goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from hub import SECONDS, Hub, Person, wait_until

pytestmark = pytest.mark.timeout(900)

CONFIG = """
load_subconfig({deployed!r})
c.JupyterHub.cleanup_servers = False
"""
STATUS = {"step": 2, "of": 5, "help": True, "note": "My plot is empty"}


def ask(person: Person, method: str, path: str, body: Any = None) -> httpx.Response:
    """Ask the service as a page does: with its token and without a cookie."""
    return httpx.request(
        method,
        str(person.browser.base_url.join(f"/services/workshop/api{path}")),
        json=body,
        headers={"Authorization": f"token {person.page['token']}"},
        timeout=SECONDS,
    )


def enter(hub: Hub, name: str) -> Person:
    person = Person(hub, name)
    assert person.sign_in().status_code == 200
    person.open_lab()
    return person


def servers(hub: Hub) -> set[int]:
    return {pid for pid, name in hub.processes().items() if "singleuser" in name}


def test_a_restart_of_the_hub_ends_nobodys_server_and_pages_go_on(tmp_path: Path) -> None:
    deployed = str(Path(__file__).resolve().parents[2] / "deploy" / "jupyterhub_config.py")
    config = tmp_path / "config.py"
    config.write_text(CONFIG.format(deployed=deployed))
    with Hub(tmp_path, f"--config={config}") as hub:
        trainer, alice = enter(hub, "trainer"), enter(hub, "alice")
        kernel = alice.new_kernel()
        alice.run(kernel, "kept = 42")
        order = {"workshop": "rain", "workers": 1, "text": "One worker each"}
        assert ask(alice, "PUT", "/status", STATUS).status_code == 200
        assert ask(trainer, "POST", "/orders", order).status_code == 200
        epoch = ask(trainer, "GET", "/me").json()["epoch"]
        before = servers(hub)

        hub.restart()

        # The tokens of pages that were open all the time hold, and servers are the same.
        def answers() -> bool:
            reply = ask(trainer, "GET", "/me")
            return reply.status_code == 200 and reply.json()["epoch"] != epoch

        wait_until(answers, "the service answers the trainer's page")
        assert servers(hub) == before
        assert alice.run(kernel, "print(kept)").strip() == "42"
        rows = ask(trainer, "GET", "/class").json()
        by_name = {row["name"]: row for row in rows["participants"]}
        assert by_name["alice"]["server"] == "running"
        # What the service has forgotten it tells by its epoch, and the pages say it again.
        assert by_name["alice"]["status"] is None
        assert rows["orders"] == {}
        assert ask(alice, "PUT", "/status", STATUS).status_code == 200
        assert ask(trainer, "POST", "/orders", order).status_code == 200
        told = ask(alice, "GET", f"/announcements?after=9&epoch={epoch}&wait=1").json()
        assert told["orders"] == {"rain": {"workers": 1}}
        assert [one["text"] for one in told["announcements"]] == ["One worker each"]
        # A participant is no more than before.
        assert ask(alice, "POST", "/orders", order).status_code == 403
