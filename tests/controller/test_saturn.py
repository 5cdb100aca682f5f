"""Saturn Cloud through the class of ``dask-saturn``, against a fake of its API.

The fake was written from the calls of dask-saturn 0.4.4; Saturn Cloud was never asked. Its
scheduler and workers are real Dask processes with TLS.
"""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from page import Page, RefusedError
from place import Place, end_process, free_ports
from test_custom import DOCUMENT
from test_journey import compute

from jupyterlab_seasonal_monitor.controller.security import Credentials

TOKEN = "saturn-token-0123456789"


class Saturn:
    """One resource with its cluster, as Saturn Cloud has it."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        folder.mkdir()
        self.folder, self.env = folder, env
        # A name that the check for left-overs does not take for the controller's.
        self.authority = Credentials(folder).path.rename(folder / "authority.crt")
        self.port, self.dashboard = free_ports(2)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.asked: list[tuple[str, Any]] = []
        self.tries = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.close()
        self.server.shutdown()
        self.server.server_close()

    def close(self) -> None:
        processes, self.processes = self.processes, []
        for process in reversed(processes):
            end_process(process)

    def scale(self, count: int) -> None:
        while len(self.processes) - 1 > count:
            end_process(self.processes.pop())
        while len(self.processes) - 1 < count:
            self._run("worker", f"tls://127.0.0.1:{self.port}", "--nthreads=1", "--no-dashboard")

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        verb = path.partition("?")[0].removeprefix("/api/dask_clusters").strip("/")
        if verb.endswith("/csr"):
            return 200, self._sign(body)
        asked = json.loads(body) if body else None
        self.asked.append((f"{method} {verb}", asked))
        if verb == "info":
            sizes = [{"name": n, "display": n} for n in ("medium", "large")]
            return 200, {"server_options": {"size": sizes}}
        if verb == "":
            self.tries += 1
            if self.tries == 1:
                return 200, {"status": "pending"}
            if not self.processes:
                place = f"--port={self.port}", f"--dashboard-address=127.0.0.1:{self.dashboard}"
                self._run("scheduler", *place)
                self.scale(asked.get("n_workers", 0))
            return 200, {"status": "ready", "id": "c1"}
        if verb == "c1/info":
            address = f"tls://127.0.0.1:{self.port}"
            link = f"http://127.0.0.1:{self.dashboard}"
            return 200, {"dashboard_link": link, "scheduler_address": address}
        if verb == "c1/scale":
            self.scale(asked["n"])
        elif verb == "c1/close":
            self.close()
        elif verb != "c1/adapt":
            return 404, {"message": f"{verb} is not known to the fake"}
        return 200, {}

    def _run(self, kind: str, *options: str) -> None:
        pem = self.authority
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--host=127.0.0.1"]
        tls = [f"--tls-ca-file={pem}", f"--tls-cert={pem}", f"--tls-key={pem}"]
        with (self.folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                [*command, *options, *tls],
                stdout=log,
                stderr=log,
                env=self.env,
                cwd=self.folder,
            )
        self.processes.append(process)

    def _sign(self, body: bytes) -> bytes:
        request = x509.load_pem_x509_csr(body)
        pem = self.authority.read_bytes()
        authority = x509.load_pem_x509_certificate(pem)
        key = serialization.load_pem_private_key(pem, None)
        now = datetime.datetime.now(tz=datetime.timezone.utc)
        signed = (
            x509.CertificateBuilder()
            .subject_name(request.subject)
            .issuer_name(authority.subject)
            .public_key(request.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        chain = [part.public_bytes(serialization.Encoding.PEM) for part in (signed, authority)]
        return b"".join(chain)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        saturn = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, answer = 401, {"message": "Not signed in."}
                if self.headers.get("Authorization") == f"token {TOKEN}":
                    status, answer = saturn.answer(self.command, self.path, body)
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def saturn(place: Place) -> Iterator[Saturn]:
    saturn = Saturn(place.folder / "saturn", place.env)
    place.env.update({"SATURN_BASE_URL": saturn.url, "SATURN_TOKEN": TOKEN})
    yield saturn
    saturn.stop()


def documented() -> tuple[dict[str, Any], dict[str, Any]]:
    """The class and the options of the profile, as the document has them."""
    text = DOCUMENT.read_text()
    section = text[text.index("### Saturn Cloud") :]
    match = re.search(r"```json\n(.*?)```", section, re.S)
    assert match
    settings = json.loads(match[1])
    (entry,) = settings["jupyterlab-seasonal-monitor:custom"]["classes"]
    (profile,) = settings["jupyterlab-seasonal-monitor:profiles"]["profiles"]
    options = profile["options"]
    assert options.pop("cluster") == entry["name"]
    asked = {"class": entry["class"], "arguments": entry["arguments"]}
    return asked, {**options, "workers": 1}


async def create(page: Page, **options: Any) -> Any:
    asked = {"name": "Saturn", "launcher": "custom", "within": 120}
    return await page.create(**asked, **options)


@pytest.mark.timeout(300)
async def test_the_profile_of_the_documents_makes_a_cluster_that_computes(
    saturn: Saturn, new_kernel: Callable[..., Any], place: Place
) -> None:
    page = await (await new_kernel()).install()
    entry, options = documented()
    await create(page, **entry, **options)
    made = [body for verb, body in saturn.asked if verb == "POST "][-1]
    assert made == {
        "n_workers": 1,
        "worker_size": "large",
        "scheduler_size": "medium",
        "nthreads": 2,
    }
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=90)
    assert compute(sys.executable, ready["connection"], place) == [49, 1]
    await page.call("scale", workers=2, within=60)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=90)

    # Another controller takes up the cluster of this resource, and stops it.
    other = await (await new_kernel()).install()
    with pytest.raises(RefusedError) as caught:
        await create(other, **entry, attach="c1", workers=1)
    assert "scale it later" in caught.value.data["fields"]["workers"]
    await create(other, **entry, attach="c1")
    assert len(await other.call("workers")) == 2
    assert (await other.call("stop", within=60))["state"] == "stopped"
    assert saturn.processes == []
    await page.snapshot(lambda s: s["state"] == "lost", within=60)
    assert TOKEN not in json.dumps([page.received, other.received])


async def test_a_class_without_from_name_takes_up_nothing(page: Page) -> None:
    with pytest.raises(RefusedError) as caught:
        await create(page, **{"class": "distributed:LocalCluster"}, attach="mine")
    assert "no from_name" in caught.value.data["fields"]["attach"]
