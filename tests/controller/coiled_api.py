"""A fake of Coiled's API on 127.0.0.1, for tests without an account.

It was written from the calls that the library ``coiled`` 1.135 makes, and from what that
reads of the answers; Coiled itself was never asked. What it answers about quotas, reasons
and times is invented. Its schedulers and workers are real Dask processes with TLS, as
Coiled has them, on this machine and in this environment: there are no machines, images,
prices or firewalls.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from aiohttp import web
from killing import Trap
from place import end_process, free_ports

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from jupyterlab_seasonal_monitor.controller.security import Credentials  # noqa: E402

TOKEN = "abcdef-0123456789abcdef-fake"
#: The person's usual workspace, another one, and one in which nobody has set up a cloud.
WORKSPACE, OTHER, BARE = "rain-team", "ada", "new-team"
#: What the scheduler of Coiled answers to beside Dask's own calls.
PRELOAD = """
async def taken(comm=None, **kwargs):
    return None

def dask_setup(scheduler):
    for name in ("coiled_set_keepalive", "coiled_update_env_vars", "coiled_unset_env_vars"):
        scheduler.handlers[name] = taken
"""


class FakeCluster:
    """One cluster, whose processes run here."""

    def __init__(
        self,
        number: int,
        asked: dict[str, Any],
        folder: Path,
        env: dict[str, str],
        workspace: str = WORKSPACE,
    ):
        self.workspace = workspace
        self.created = datetime.now(timezone.utc)
        self.number, self.asked, self.name = number, asked, str(asked["name"])
        self.folder = folder / f"cluster-{number}"
        self.folder.mkdir()
        pem = Credentials(self.folder).path.read_text()
        cut = pem.index("-----BEGIN PRIVATE KEY")
        self.certificate, self.key = pem[:cut], pem[cut:]
        (self.folder / "cert.crt").write_text(self.certificate)
        (self.folder / "key.key").write_text(self.key)
        (self.folder / "coiled_preload.py").write_text(PRELOAD)
        for path in self.folder.glob("*.pem"):
            path.unlink()
        self.port, self.dashboard = free_ports(2)
        self.env = {**env, "COILED_FAKE": self.name}
        self.state, self.reason = "pending", ""
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: dict[str, subprocess.Popen[bytes] | None] = {}
        self.broken: dict[str, str] = {}
        self.next = 0
        self.image_error = ""

    def begin(self) -> None:
        region = (self.asked.get("options") or {}).get("region_name")
        if region == "no-capacity-1":
            self.state, self.reason = "error", "InsufficientInstanceCapacity: no m6i.xlarge here"
            return
        self.state = "scaling"
        if "missing" in str(self.asked.get("env_name")):
            self.image_error = "Failed to pull the container image: manifest unknown"
            self.state, self.reason = "error", "Scheduler failed to start"
            return
        if region == "slow-1":
            return
        idle = str(self.asked["scheduler_options"]["idle_timeout"]).replace(" ", "")
        options = f"--host=127.0.0.1 --port={self.port} --idle-timeout={idle}"
        self.scheduler = self._run("scheduler", options, True)
        self.add(int(self.asked["workers"]))

    def add(self, count: int) -> list[str]:
        region = (self.asked.get("options") or {}).get("region_name")
        added = []
        for _ in range(count):
            self.next += 1
            name = f"{self.name}-worker-{self.next:05d}"
            added.append(name)
            if region == "small-quota-1" and len(self.workers) >= 1:
                self.workers[name] = None
                self.broken[name] = "VcpuLimitExceeded: your quota is 8 vCPUs"
                continue
            address = f"tls://127.0.0.1:{self.port}"
            options = f"{address} --name={name} --host=127.0.0.1 --nthreads=1 --no-dashboard"
            self.workers[name] = self._run("worker", options, False, name)
        return added

    def remove(self, names: list[str]) -> None:
        for name in [n for n in self.workers if any(n.endswith(part) for part in names)]:
            process = self.workers.pop(name)
            if process is not None:
                end_process(process)

    def stop(self, reason: str) -> None:
        self.state, self.reason = "stopping", reason
        for process in [*self.workers.values(), self.scheduler]:
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in [*self.workers.values(), self.scheduler]:
            if process is not None:
                end_process(process)
        self.state = "stopped"

    def details(self) -> dict[str, Any]:
        up = self._logged("scheduler", "Scheduler at")
        state = "started" if up else "error" if self.image_error else "starting"
        if self.state == "scaling" and up:
            self.state = "ready"
        return {
            "id": self.number,
            "name": self.name,
            "created": self.created.isoformat(),
            "current_state": _state(self.state, self.reason),
            "desired_workers": len(self.workers),
            "coiled_hosted": False,
            "scheduler_port": self.port,
            "cluster_options": {"tls_cert": self.certificate, "tls_key": self.key},
            "cluster_infra": {
                "current_state": _state("created"),
                "give_scheduler_public_ip": True,
            },
            "scheduler": {
                "current_state": _state(state, self.image_error),
                # The token belongs to nobody but the person.
                "dashboard_address": f"http://127.0.0.1:{self.dashboard}/status?token=hush-hush",
                "instance": {
                    "name": f"{self.name}-scheduler",
                    "current_state": _state("ready" if up else "starting"),
                    "public_ip_address": "127.0.0.1",
                    "private_ip_address": "127.0.0.1",
                },
            },
            "workers": [self._worker(name) for name in self.workers],
        }

    def _worker(self, name: str) -> dict[str, Any]:
        reason = self.broken.get(name, "")
        state = "error" if reason else "starting"
        if not reason and self._logged(name, "Registered to"):
            state = "started"
        return {
            "name": name,
            "current_state": _state(state, reason),
            "instance": {
                "name": name,
                "current_state": _state("error" if reason else "ready", reason),
            },
        }

    def _logged(self, name: str, words: str) -> bool:
        path = self.folder / f"{name}.log"
        return path.exists() and words in path.read_text()

    def _run(self, kind: str, options: str, first: bool, name: str = "") -> subprocess.Popen[bytes]:
        tls = (
            f"--tls-ca-file={self.folder}/cert.crt --tls-cert={self.folder}/cert.crt "
            f"--tls-key={self.folder}/key.key"
        )
        own = f" --preload={self.folder}/coiled_preload.py" if first else ""
        own += f" --dashboard-address=127.0.0.1:{self.dashboard}" if first else ""
        with (self.folder / f"{name or kind}.log").open("wb") as log:
            return subprocess.Popen(
                [
                    *[sys.executable, "-m", f"distributed.cli.dask_{kind}"],
                    *f"{options} {tls}{own}".split(),
                ],
                stdout=log,
                stderr=log,
                env=self.env,
                cwd=self.folder,
            )


class CoiledApi:
    """The fake's server, in a thread of its own.

    Attributes
    ----------
    url
        Where it answers.
    asked
        Method, path and body of all requests, for what must not be in them.
    """

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.asked: list[tuple[str, str, Any]] = []
        self.clusters: dict[int, FakeCluster] = {}
        #: Workspaces that answer nothing any more.
        self.closed: set[str] = set()
        #: Clusters in a page of the list, at most; Coiled's is 100.
        self.page = 100
        #: For controllers that die of what was done, by the name of the method here.
        self.trap = Trap()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(30)

    def stop(self) -> None:
        for cluster in self.clusters.values():
            cluster.stop("the test is over")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    def named(self, workspace: str, name: str) -> FakeCluster | None:
        for cluster in self.clusters.values():
            if (cluster.workspace, cluster.name) != (workspace, name):
                continue
            if cluster.state not in ("stopped", "stopping", "error"):
                return cluster
        return None

    def living(self) -> list[str]:
        return [c.name for c in self.clusters.values() if c.state in ("scaling", "ready")]

    def add(self, name: str, workspace: str = WORKSPACE, state: str = "ready") -> str:
        """Add a cluster that was made elsewhere, without processes; return its name."""
        number = len(self.clusters) + 1
        asked = {"name": name, "workers": 0}
        cluster = FakeCluster(number, asked, self.folder, dict(self.env), workspace)
        cluster.state = state
        self.clusters[number] = cluster
        return name

    def bodies(self, path: str) -> list[Any]:
        return [body for _, at, body in self.asked if at == path]

    # -- the server ---------------------------------------------------------

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(middlewares=[self._guard])
        workspace = "/api/v2/clusters/account/{workspace}"
        of_workers = "/api/v2/workers/account/{workspace}/cluster/{number}/"
        app.add_routes(
            [
                web.get("/api/v2/user/me", self._me),
                web.get("/api/v2/user/me/memberships", self._memberships),
                web.get(
                    "/api/v2/user/workspace/{workspace}/dask-config-overrides", self._overrides
                ),
                web.get("/api/v1/{workspace}/backend_options/", self._backend),
                web.get("/api/v1/vm-types/", self._types),
                web.post("/api/v2/software-environment/account/{workspace}", self._software),
                web.post(f"{workspace}/", self._create),
                web.get(f"{workspace}/", self._list),
                web.get(f"{workspace}/name/{{name}}", self._find),
                web.get(f"{workspace}/id/{{number}}", self._details),
                web.get(f"{workspace}/id/{{number}}/state", self._state),
                web.get(f"{workspace}/id/{{number}}/states", self._states),
                web.delete(f"{workspace}/id/{{number}}", self._delete),
                web.get(of_workers, self._workers),
                web.post(of_workers, self._more),
                web.delete(of_workers, self._fewer),
                web.get("/api/v2/instances/{workspace}/instance/{name}/logs", self._logs),
                web.post("/api/v2/clusters/id/{number}/event", self._nothing),
                web.post("/api/v2/interactions/interaction", self._nothing),
            ]
        )
        runner = web.AppRunner(app)
        self._loop.run_until_complete(runner.setup())
        self._loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", self.port).start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        self.asked.append((request.method, request.path_qs, body))
        if request.headers.get("Authorization") != f"ApiToken {TOKEN}":
            return web.json_response({"detail": "Invalid token."}, status=401)
        workspace = request.match_info.get("workspace")
        if workspace not in (None, WORKSPACE, OTHER, BARE) or workspace in self.closed:
            return web.json_response({"detail": "No such workspace."}, status=403)
        answer: web.StreamResponse = await handler(request)
        self.trap.sprung(request.match_info.handler.__name__)
        return answer

    async def _me(self, _: web.Request) -> web.Response:
        account = {"slug": WORKSPACE, "name": "Rain Team"}
        return web.json_response({"username": "ada", "default_account": account})

    async def _memberships(self, _: web.Request) -> web.Response:
        return web.json_response(
            [
                {
                    "account": {"slug": slug, "name": slug.title()},
                    "is_admin": False,
                    "is_default_account": slug == WORKSPACE,
                }
                for slug in (OTHER, WORKSPACE, BARE)
            ]
        )

    async def _overrides(self, _: web.Request) -> web.Response:
        return web.json_response({"coiled.tags": {"team": "rain"}})

    async def _backend(self, request: web.Request) -> web.Response:
        if request.match_info["workspace"] == BARE:
            return web.json_response({"backend": "", "options": {}})
        return web.json_response({"backend": "vm_aws", "options": {}})

    async def _types(self, request: web.Request) -> web.Response:
        fits = request.query.get("cores") in (None, "2", "4")
        name = "m7g.xlarge" if request.query.get("arch") == "arm64" else "m6i.xlarge"
        kind = {"name": name, "cores": 4, "memory": 16384, "gpus": 0}
        return web.json_response({"results": [kind] if fits else [], "next": None})

    async def _software(self, request: web.Request) -> web.Response:
        asked = await request.json()
        return web.json_response({"id": 1, "name": asked["name"], "latest_spec": None})

    async def _create(self, request: web.Request) -> web.Response:
        cluster = FakeCluster(
            len(self.clusters) + 1,
            await request.json(),
            self.folder,
            dict(self.env),
            request.match_info["workspace"],
        )
        self.clusters[cluster.number] = cluster
        cluster.begin()
        return web.json_response({"id": cluster.number, "existing": False})

    async def _list(self, request: web.Request) -> web.Response:
        start, limit = int(request.query["offset"]), int(request.query["limit"])
        workspace = request.match_info["workspace"]
        rows = [
            {"id": c.number, "name": c.name, "current_state": _state(c.state, c.reason)}
            for c in self.clusters.values()
            if c.workspace == workspace
        ]
        return web.json_response(rows[start : start + min(limit, self.page)])

    async def _find(self, request: web.Request) -> web.Response:
        cluster = self.named(request.match_info["workspace"], request.match_info["name"])
        if cluster is None:
            return web.json_response({"detail": "Not found."}, status=404)
        return web.json_response({"id": cluster.number, "name": cluster.name})

    async def _details(self, request: web.Request) -> web.Response:
        told = self._of(request).details()
        if told["current_state"]["state"] == "ready":
            self.trap.sprung("ready")
        return web.json_response(told)

    async def _state(self, request: web.Request) -> web.Response:
        cluster = self._of(request)
        return web.json_response(_state(cluster.state, cluster.reason))

    async def _states(self, request: web.Request) -> web.Response:
        cluster = self._of(request)
        row = {**_state(cluster.state, cluster.reason), "stateful_object": {"name": cluster.name}}
        return web.json_response({"cluster": [row]})

    async def _delete(self, request: web.Request) -> web.Response:
        cluster = self._of(request)
        reason = request.query.get("reason", "")
        await asyncio.get_running_loop().run_in_executor(None, cluster.stop, reason)
        return web.json_response({})

    async def _workers(self, request: web.Request) -> web.Response:
        first = request.query.get("offset") == "0"
        return web.json_response(self._of(request).details()["workers"] if first else [])

    async def _more(self, request: web.Request) -> web.Response:
        added = self._of(request).add((await request.json())["n_workers"])
        return web.json_response([{"name": name} for name in added])

    async def _fewer(self, request: web.Request) -> web.Response:
        names = request.query.getall("name")
        cluster = self._of(request)
        await asyncio.get_running_loop().run_in_executor(None, cluster.remove, names)
        return web.json_response({})

    async def _logs(self, request: web.Request) -> web.Response:
        line = f"{request.match_info['name']}: the container runtime gave up"
        return web.json_response([{"message": line}])

    async def _nothing(self, _: web.Request) -> web.Response:
        return web.json_response({})

    def _of(self, request: web.Request) -> FakeCluster:
        found = self.clusters.get(int(request.match_info["number"]))
        workspace = request.match_info.get("workspace")
        if found is None or workspace not in (None, found.workspace):
            raise web.HTTPNotFound(text='{"detail": "Not found."}')
        return found


def _state(state: str, reason: str = "") -> dict[str, str]:
    return {"state": state, "reason": reason, "updated": "2026-11-26T12:00:00+00:00"}
