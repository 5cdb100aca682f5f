"""A node for tests: it runs pods as local processes, each on a loopback address of its own.

It plays the kubelet and the scheduler, not the isolation of containers. An image whose name
begins with ``missing/`` cannot be pulled, one with ``crashing/`` ends at once, and a pod
that wants more memory than the node has is left unscheduled.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import ssl
import subprocess
import sys
import threading
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from place import Addresses

MEMORY = 64 * 2**30
_UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "": 1}
_CRASH = "echo 'ModuleNotFoundError: No module named seasonal' >&2; exit 3"


class Kubelet:
    """Runs in a thread with a loop of its own, against the API server at an address."""

    def __init__(self, folder: Path, server: str, token: str, names: Path) -> None:
        self._folder = folder / "pods"
        self._folder.mkdir()
        self._cert = folder / "kubelet.pem"
        self._server, self._token, self._names = server, token, names
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._addresses: dict[str, str] = {}
        self._free = Addresses(88)
        self._known: dict[str, str] = {}

    def start(self) -> None:
        command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=node".split()  # noqa: SIM905
        files = ["-keyout", self._cert, "-out", f"{self._cert}.crt"]
        subprocess.run([*command, *files], check=True, capture_output=True)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(60), "the kubelet has not started"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(30)

    def _run(self) -> None:
        self._main = self._loop.create_task(self._serve())
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._main)

    async def _serve(self) -> None:
        import aiohttp
        from aiohttp import web

        app = web.Application()
        app.router.add_get("/containerLogs/{namespace}/{pod}/{container}", self._logs)
        app.router.add_route("*", "/portForward/{namespace}/{pod}", self._forward)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(f"{self._cert}.crt", self._cert)
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        port = runner.addresses[0][1]
        connector = aiohttp.TCPConnector(ssl=False, limit=0)
        headers = {"Authorization": f"Bearer {self._token}"}
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(
            self._server, connector=connector, headers=headers, timeout=timeout
        ) as self._session:
            try:
                await self._register(port)
                self._ready.set()
                await self._watch()
            finally:
                for task in self._tasks.values():
                    task.cancel()
                await asyncio.gather(*self._tasks.values(), return_exceptions=True)
                await runner.cleanup()

    async def _call(self, method: str, path: str, body: Any = None, kind: str = "json") -> Any:
        kinds = {"json": "application/json", "merge": "application/merge-patch+json"}
        async with self._session.request(
            method,
            path,
            data=None if body is None else json.dumps(body),
            headers={"Content-Type": kinds[kind]},
        ) as response:
            return await response.json()

    async def _register(self, port: int) -> None:
        await self._call(
            "POST", "/api/v1/nodes", {"kind": "Node", "apiVersion": "v1", "metadata": {"name": "n"}}
        )
        status = {
            "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
            "capacity": {"cpu": "64", "memory": str(MEMORY), "pods": "200"},
            "conditions": [{"type": "Ready", "status": "True"}],
        }
        await self._call("PATCH", "/api/v1/nodes/n/status", {"status": status}, "merge")

    async def _watch(self) -> None:
        while True:
            async with self._session.get("/api/v1/pods", params={"watch": "true"}) as stream:
                rest = b""
                async for chunk in stream.content.iter_any():
                    *lines, rest = (rest + chunk).split(b"\n")
                    for line in lines:
                        await self._take(json.loads(line))

    async def _take(self, event: dict[str, Any]) -> None:
        meta = event["object"].get("metadata", {})
        uid = meta.get("uid")
        if uid is None or event["type"] == "ERROR":
            return
        if event["type"] == "DELETED" or "deletionTimestamp" in meta:
            task = self._tasks.pop(uid, None)
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            if event["type"] != "DELETED":
                path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
                await self._call("DELETE", path, {"gracePeriodSeconds": 0})
        elif uid not in self._tasks:
            self._tasks[uid] = asyncio.ensure_future(self._pod(event["object"]))

    async def _pod(self, pod: dict[str, Any]) -> None:
        meta, spec = pod["metadata"], pod["spec"]
        address = next(self._free)
        self._addresses[meta["name"]] = address
        # A service has its name as soon as it is there: nobody answers until the pod does.
        labels = meta.get("labels", {})
        if labels.get("dask.org/component") == "scheduler":
            self._name(f"{labels['dask.org/cluster-name']}-scheduler.{meta['namespace']}", address)
        wanted = sum(_memory(container) for container in spec["containers"])
        if wanted > MEMORY:
            text = "0/1 nodes are available: 1 Insufficient memory."
            scheduled = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
            await self._tell(meta, {"conditions": [{**scheduled, "message": text}]})
            return
        base = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        target = {"apiVersion": "v1", "kind": "Node", "name": "n"}
        binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": meta["name"]}}
        await self._call("POST", f"{base}/binding", {**binding, "target": target})
        container = spec["containers"][0]
        if container["image"].startswith("missing/"):
            await self._fail_pull(meta, container["image"])
            return
        restarts, last = 0, {}
        while True:
            process = await self._start(meta["name"], container, address)
            ending = asyncio.ensure_future(process.wait())
            try:
                state = {"running": {"startedAt": _now()}}
                await self._running(meta, container, address, state, restarts, last, ready=False)
                probe = container.get("readinessProbe", {}).get("httpGet")
                if any(e["name"] == "TEST_READY_EARLY" for e in container.get("env") or []):
                    probe = None
                while not ending.done() and probe and not await self._probe(address, probe):
                    await asyncio.wait([ending], timeout=0.2)
                if not ending.done():
                    await self._running(meta, container, address, state, restarts, last, ready=True)
                code = await ending
            finally:
                if process.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, 9)
                    await ending
            restarts += 1
            reason = "Completed" if code == 0 else "Error"
            last = {"terminated": {"exitCode": code, "reason": reason, "finishedAt": _now()}}
            text = f"back-off 10s restarting failed container={container['name']}"
            waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": text}}
            await self._running(meta, container, address, waiting, restarts, last, ready=False)
            await asyncio.sleep(5)

    async def _start(
        self, name: str, container: dict[str, Any], address: str
    ) -> asyncio.subprocess.Process:
        env = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self._names.parent / "site"),
            "TEST_CLUSTER_NAMES": str(self._names),
            **{e["name"]: e.get("value", "") for e in container.get("env") or []},
        }
        args = [
            re.sub(r"\$\((\w+)\)", lambda m: env.get(m[1], m[0]), arg) for arg in container["args"]
        ]
        # What a network namespace of its own would do.
        args = [address if arg == "0.0.0.0" else arg for arg in args]
        if "scheduler" in args[:2]:
            args += ["--dashboard-address", f"{address}:8787"]
        elif "worker" in args[:2]:
            args += ["--host", address, "--dashboard-address", f"{address}:8788"]
        if container["image"].startswith("crashing/"):
            args = ["/bin/sh", "-c", _CRASH]
        with (self._folder / f"{name}.log").open("ab") as log:
            try:
                return await asyncio.create_subprocess_exec(
                    *args,
                    env=env,
                    stdout=log,
                    stderr=log,
                    cwd=self._folder,
                    start_new_session=True,
                )
            except OSError as error:
                text = f"exec: {error}"
                return await asyncio.create_subprocess_exec(
                    "/bin/sh", "-c", 'echo "$0" >&2; exit 127', text, stdout=log, stderr=log
                )

    async def _probe(self, address: str, probe: dict[str, Any]) -> bool:
        import aiohttp

        try:
            url = f"http://{address}:8787{probe['path']}"
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _running(
        self,
        meta: dict[str, Any],
        container: dict[str, Any],
        address: str,
        state: dict[str, Any],
        restarts: int,
        last: dict[str, Any],
        *,
        ready: bool,
    ) -> None:
        status = {
            "name": container["name"],
            "image": container["image"],
            "imageID": "",
            "ready": ready,
            "restartCount": restarts,
            "state": state,
            "lastState": last,
        }
        said = str(ready)
        await self._tell(
            meta,
            {
                "phase": "Running",
                "podIP": address,
                "podIPs": [{"ip": address}],
                "hostIP": "127.0.0.1",
                "startTime": _now(),
                "conditions": [
                    {"type": "PodScheduled", "status": "True"},
                    {"type": "ContainersReady", "status": said},
                    {"type": "Ready", "status": said},
                ],
                "containerStatuses": [status],
            },
        )

    async def _fail_pull(self, meta: dict[str, Any], image: str) -> None:
        text, began = f'failed to pull and unpack image "{image}": not found', _now()
        for reason, said in (
            ("ErrImagePull", text),
            ("ImagePullBackOff", f'Back-off pulling image "{image}": ErrImagePull: {text}'),
        ):
            status = {
                "name": "main",
                "image": image,
                "imageID": "",
                "ready": False,
                "restartCount": 0,
                "state": {"waiting": {"reason": reason, "message": said}},
            }
            ready = {"type": "Ready", "status": "False", "reason": "ContainersNotReady"}
            ready["lastTransitionTime"] = began
            conditions = [{"type": "PodScheduled", "status": "True"}, ready]
            await self._tell(
                meta,
                {"phase": "Pending", "conditions": conditions, "containerStatuses": [status]},
            )
            await asyncio.sleep(1)

    async def _tell(self, meta: dict[str, Any], status: dict[str, Any]) -> None:
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}/status"
        await self._call("PATCH", path, {"status": status}, "merge")

    def _name(self, name: str, address: str) -> None:
        self._known[name] = address
        part = self._names.with_suffix(".part")
        part.write_text(json.dumps(self._known))
        part.replace(self._names)

    async def _logs(self, request: Any) -> Any:
        from aiohttp import web

        file = self._folder / f"{request.match_info['pod']}.log"
        lines = file.read_text(errors="replace").splitlines() if file.exists() else []
        tail = request.query.get("tailLines")
        return web.Response(text="\n".join(lines[-int(tail) :] if tail else lines) + "\n")

    async def _forward(self, request: Any) -> Any:
        from aiohttp import WSMsgType, web

        port = int(request.query.get("port") or request.query["ports"])
        socket = web.WebSocketResponse(
            protocols=("v4.channel.k8s.io", "channel.k8s.io"), max_msg_size=0
        )
        await socket.prepare(request)
        for channel in (0, 1):
            await socket.send_bytes(bytes([channel]) + port.to_bytes(2, "little"))
        address = self._addresses[request.match_info["pod"]]
        try:
            reader, writer = await asyncio.open_connection(address, port)
        except OSError as error:
            await socket.send_bytes(b"\1" + str(error).encode())
            await socket.close()
            return socket

        async def back() -> None:
            while data := await reader.read(2**16):
                await socket.send_bytes(b"\0" + data)
            await socket.close()

        task = asyncio.ensure_future(back())
        try:
            async for message in socket:
                if message.type == WSMsgType.BINARY and message.data[:1] == b"\0":
                    writer.write(message.data[1:])
                    await writer.drain()
        finally:
            task.cancel()
            writer.close()
        return socket


def _memory(container: dict[str, Any]) -> int:
    text = container.get("resources", {}).get("requests", {}).get("memory", "0")
    match = re.fullmatch(r"(\d+)([KMGT]i)?", text)
    return int(match[1]) * _UNITS[match[2] or ""] if match else 0


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
