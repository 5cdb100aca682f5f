"""The demo hub for tests in other languages, with tokens such as pages have.

Prints one line of JSON, kills the workshop service at each line that it reads, and ends the
hub with its input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from pathlib import Path

import httpx
from hub import ROOT, SECONDS, Hub

#: What a trainer has where there is no service, and may start and stop servers.
OF_CLASS = [
    *("list:users", "read:users:groups", "read:users:activity"),
    *("read:servers", "start:servers", "delete:servers"),
]
CONFIG = f"""
load_subconfig({str(ROOT / "deploy" / "jupyterhub_config.py")!r})
c.Authenticator.allowed_users |= {{"carol", "tutor"}}
CLASS = [f"{{scope}}!group=workshop" for scope in {OF_CLASS}]
c.JupyterHub.load_roles.append({{"name": "tutor", "scopes": CLASS, "users": ["tutor"]}})
c.JupyterHub.services.append({{"name": "tests", "api_token": "{"t" * 32}"}})
c.JupyterHub.load_roles.append(
    {{"name": "tests", "scopes": ["tokens", "read:users"], "services": ["tests"]}}
)
"""


def page_token(hub: Hub, name: str) -> str:
    """Return a token with the scopes of somebody's page."""
    own = [f"read:users:{part}!user={name}" for part in ("name", "groups")]
    trains = {
        "trainer": ["access:services!service=workshop"],
        "tutor": [f"{scope}!group=workshop" for scope in OF_CLASS],
    }.get(name, [])
    reply = httpx.post(
        f"{hub.url}/hub/api/users/{name}/tokens",
        headers={"Authorization": f"token {'t' * 32}"},
        json={"scopes": [*own, *trains]},
        timeout=SECONDS,
    )
    token: str = reply.json()["token"]
    return token


def main() -> None:
    """Run the hub until the input ends."""
    with tempfile.TemporaryDirectory(prefix="seasonal-monitor-hub-") as name:
        folder = Path(name)
        (folder / "config.py").write_text(CONFIG)
        with Hub(folder, f"--config={folder / 'config.py'}") as hub:
            people = ("trainer", "tutor", "alice", "bob", "carol")
            told = {one: page_token(hub, one) for one in people}
            print(json.dumps({"url": hub.url, **told}), flush=True)  # noqa: T201
            for _ in sys.stdin:
                for pid, command in hub.processes().items():
                    if "workshop_service" in command:
                        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
