"""A JupyterHub for one machine whose users have clusters of a Dask Gateway.

``make hub`` runs it. It is a demo: anybody may sign in as the users below, and all
their processes are yours. Replace what is marked "Demo" and keep the rest; docs/deploy.md
says the same for Zero to JupyterHub, DaskHub and The Littlest JupyterHub.

It listens on five ports of 127.0.0.1 from ``HUB_PORT`` on, and keeps its database and
the users' folders where it is started. With ``HUB_HOST``, such as ``hub.localhost``, each
user has a domain below it, which is what protects users from each other.
"""

import os
import sys
from pathlib import Path
from typing import Any

c = get_config()  # noqa: F821 - JupyterHub provides it

HERE = Path(__file__).resolve().parent
STATE = Path.cwd()
PORT = int(os.environ.get("HUB_PORT", "8000"))
PROXY_API, HUB_API, GATEWAY, WORKSHOP = (f"127.0.0.1:{PORT + n}" for n in (1, 2, 3, 4))
HOST = os.environ.get("HUB_HOST", "")

# --- Demo: one machine, no passwords, no separate accounts -----------------------
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = {"alice", "bob", "trainer"}
c.Authenticator.admin_users = {"trainer"}  # may start, stop and open the others' servers
c.JupyterHub.load_groups = {"workshop": {"users": ["alice", "bob"]}}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{STATE}/homes/{{username}}"
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []

c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.JupyterHub.subdomain_host = f"http://{HOST}:{PORT}" if HOST else ""
c.JupyterHub.hub_bind_url = f"http://{HUB_API}"
c.ConfigurableHTTPProxy.api_url = f"http://{PROXY_API}"
c.ConfigurableHTTPProxy.command = [str(HERE / "node_modules/.bin/configurable-http-proxy")]
c.JupyterHub.cookie_secret_file = str(STATE / "jupyterhub_cookie_secret")
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.ConfigurableHTTPProxy.pid_file = str(STATE / "jupyterhub-proxy.pid")


def give_sample_data(spawner: Any) -> None:  # noqa: ANN401 - JupyterHub's, without types
    """Link the templates' sample data into a home, where there is some."""
    folder = Path(spawner.home_dir) / "sample-data"
    if (made := os.environ.get("HUB_SAMPLE_DATA")) and not folder.is_symlink():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.symlink_to(made)


c.Spawner.pre_spawn_hook = give_sample_data
# --- End of the demo -------------------------------------------------------------

# A first start may be slow; half a minute, which is the default, can be too short.
c.Spawner.start_timeout = 240
c.Spawner.http_timeout = 240
c.Spawner.default_url = "/lab"
# settings/overrides.json has the profiles and limits that everybody gets.
c.Spawner.args += [f"--LabApp.app_settings_dir={HERE / 'settings'}"]

# Who may use the gateway: the users, their kernels, and the pages of their JupyterLab.
# All three lines are needed, and servers that run already must be restarted once.
USE_GATEWAY = "access:services!service=dask-gateway"
# Who may run a class of the group "workshop" (docs/workshops.md). The service sees this
# group and no others; participants need no grant, and their tokens have none of these.
RUN_CLASS = "access:services!service=workshop"
OF_CLASS = ["list:users", "read:users:activity", "read:servers", "start:servers"]
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", USE_GATEWAY]},
    {"name": "server", "scopes": ["users:activity!user", "access:servers!server", USE_GATEWAY]},
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    },
    {"name": "workshop-trainer", "scopes": [RUN_CLASS], "users": ["trainer"]},
    {
        "name": "workshop-service",
        "scopes": [f"{scope}!group=workshop" for scope in OF_CLASS],
        "services": ["workshop"],
    },
]
# A page's token has those of them that its user has.
c.Spawner.oauth_client_allowed_scopes = [USE_GATEWAY, RUN_CLASS]

# What `Gateway()` without arguments reads in a notebook. Where each user has a domain, so
# has the gateway: kernels then reach it itself, and browsers its dashboards there.
SERVICE = "/services/dask-gateway/"
c.Spawner.environment = {
    "DASK_GATEWAY__ADDRESS": f"http://{GATEWAY if HOST else f'127.0.0.1:{PORT}'}{SERVICE}",
    "DASK_GATEWAY__PUBLIC_ADDRESS": (
        f"http://dask-gateway--service.{HOST}:{PORT}{SERVICE}" if HOST else SERVICE
    ),
    "DASK_GATEWAY__PROXY_ADDRESS": f"gateway://{GATEWAY}",
    "DASK_GATEWAY__AUTH__TYPE": "jupyterhub",
}

c.JupyterHub.services = [
    {
        "name": "dask-gateway",
        "url": f"http://{GATEWAY}",
        "command": ["dask-gateway-server", "-f", str(HERE / "dask_gateway_config.py")],
        "environment": {"PATH": os.environ["PATH"], "GATEWAY_FOLDER": str(STATE / "clusters")},
        "display": False,
    },
    {
        # Servers that nobody used for an hour are stopped; clusters of the gateway go on,
        # and end by themselves (dask_gateway_config.py).
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"],
    },
    {
        # A class, for its trainers' pages. It keeps nothing on disk.
        "name": "workshop",
        "url": f"http://{WORKSHOP}",
        "command": [sys.executable, "-m", "workshop_service"],
        "environment": {"PYTHONPATH": str(HERE), "WORKSHOP_GROUP": "workshop"},
        "display": False,
    },
]
