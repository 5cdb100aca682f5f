"""Saturn Cloud through the class of ``dask-saturn``, against a fake of its API.

The fake was written from the calls of dask-saturn 0.4.4; Saturn Cloud was never asked. Its
scheduler and workers are real Dask processes with TLS.
"""

from __future__ import annotations

import asyncio
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
from killing import Trap, dies
from page import Kernel, Page, RefusedError
from place import Place, dashboard_answers, end_process, free_ports, wait_until
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
        #: For controllers that die of what was done, such as ``POST c1/scale``.
        self.trap = Trap()
        #: What a start is refused with, and whether it never gets ready.
        self.errors: list[str] = []
        self.slow = False
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

    @property
    def living(self) -> int:
        """How many of its processes live, as they cost money."""
        return sum(process.poll() is None for process in self.processes)

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
            if self.errors:
                return 200, {"status": "error", "errors": self.errors}
            if self.tries == 1 or self.slow:
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
        elif verb == "c1/adapt":
            self.scale(asked["minimum"])
        else:
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
                    if saturn.asked:
                        saturn.trap.sprung(saturn.asked[-1][0])
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


@pytest.fixture
def python(saturn: Saturn) -> str:
    """The Python of the kernels, once their environment is that of the fake."""
    return sys.executable


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
    await page.call("adapt", minimum=1, maximum=2, within=60)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=90)
    await dashboard_answers(ready["dashboard"])
    logs = await page.call("logs", lines=20, worker=None)
    assert {"controller", "scheduler"} <= {entry["source"] for entry in logs}

    # Another controller takes up the cluster of this resource, and stops it.
    other = await (await new_kernel()).install()
    with pytest.raises(RefusedError) as caught:
        await create(other, **entry, attach="c1", workers=1)
    assert "scale it later" in caught.value.data["fields"]["workers"]
    await create(other, **entry, attach="c1")
    assert len(await other.call("workers")) == 1
    assert (await other.call("stop", within=60))["state"] == "stopped"
    assert saturn.processes == []
    await page.snapshot(lambda s: s["state"] == "lost", within=60)
    assert TOKEN not in json.dumps([page.received, other.received])


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("during", "done", "times", "living"),
    [
        ("create", "GET info", 1, 0),
        ("create", "POST ", 1, 0),
        ("create", "POST ", 2, 2),
        ("create", "GET c1/info", 1, 2),
        ("scale", "POST c1/scale", 1, 3),
        ("stop", "POST c1/close", 1, 0),
    ],
)
async def test_whatever_a_controller_is_killed_at_its_cluster_is_listed_and_can_be_stopped(
    saturn: Saturn,
    new_kernel: Callable[..., Any],
    during: str,
    done: str,
    times: int,
    living: int,
) -> None:
    first, looking = await asyncio.gather(new_kernel(), new_kernel())
    page, second = await first.install(), await looking.install()
    entry, options = documented()
    if during == "create":
        saturn.trap.set(first, done, times)
        await dies(first, create(page, **entry, **options))
    else:
        await create(page, **entry, **options)
        # What has a controller that lives is not left over.
        assert await second.call("customLeftovers") == []
        saturn.trap.set(first, done, times)
        await dies(first, page.call(during, **({"workers": 2} if during == "scale" else {})))
    assert saturn.living == living
    (left,) = await second.call("customLeftovers")
    assert (left["title"], left["kind"]) == ("Saturn", "dask_saturn:SaturnCluster")
    assert (left["name"], left["certain"]) == ("" if during == "create" else "c1", True)
    asked = [left["id"], "dask-sm.elsewhere.1.2.abcdef12"]
    answer = await second.call("customRemove", within=90, clusters=asked)
    assert answer == {"clusters": [left["id"]]}
    assert saturn.living == 0
    assert await second.call("customLeftovers") == []
    assert TOKEN not in json.dumps(page.received + second.received)


#: Tells after which time without work a scheduler ends, and lets it be another one.
IDLE = """
import sys
from distributed import Client
from distributed.security import Security
def change(seconds, dask_scheduler):
    before = dask_scheduler.idle_timeout
    dask_scheduler.idle_timeout = seconds or before
    return before
address, pem, seconds = sys.argv[1:]
tls = Security(require_encryption=True, tls_ca_file=pem, tls_client_cert=pem, tls_client_key=pem)
with Client(address, security=tls) as client:
    print(client.run_on_scheduler(change, float(seconds)))
"""


def idle_time(connection: dict[str, str], place: Place, then: float = 0) -> float:
    where = connection["address"], connection["credentials"]
    command = [sys.executable, "-c", IDLE, *where, str(then)]
    return float(subprocess.check_output(command, env=place.env, timeout=90))


@pytest.mark.timeout(300)
async def test_the_scheduler_of_a_killed_controller_ends_by_itself(
    saturn: Saturn, place: Place, kernel: Kernel
) -> None:
    entry, options = documented()
    page = await kernel.install()
    cluster = await create(page, **entry, **options)
    # A quarter of an hour, and five minutes in which the controller would have ended it.
    assert idle_time(cluster["connection"], place) == 20 * 60
    await page.call("keep", minutes=60)
    # No test has so much time.
    assert idle_time(cluster["connection"], place, then=3) == 80 * 60
    await kernel.kill()
    wait_until(lambda: saturn.living == 0, 60, "processes are left")


@pytest.mark.timeout(300)
async def test_a_start_that_saturn_refuses_says_why_and_is_noted_until_it_is_forgotten(
    saturn: Saturn, new_kernel: Callable[..., Any]
) -> None:
    entry, options = documented()
    page = await (await new_kernel()).install()
    saturn.errors = ["You have no hours left this month."]
    with pytest.raises(RefusedError):
        await create(page, **entry, **options)
    assert "You have no hours left this month." in json.dumps(page.received)
    saturn.errors, saturn.slow = [], True
    entry["arguments"]["scheduler_service_wait_timeout"] = 2
    with pytest.raises(RefusedError):
        await create(page, **entry, **options)
    assert "Check status in Saturn User Interface" in json.dumps(page.received)
    entry["arguments"]["worker_size"] = "enormous"
    with pytest.raises(RefusedError):
        await create(page, **entry, **options)
    assert "enormous" in json.dumps(page.received)
    assert saturn.living == 0
    # Something may be there all the same: the starts that failed are told until they are forgotten.
    listed = await page.call("customLeftovers")
    assert [(one["failed"], one["name"]) for one in listed] == 3 * [(True, "")]
    saturn.errors = ["You have no hours left this month."]
    ids = [one["id"] for one in listed]
    with pytest.raises(RefusedError, match="could not be stopped"):
        await page.call("customRemove", within=60, clusters=ids[:1])
    assert len(await page.call("customLeftovers")) == 3
    notes = [f"forget:{one}" for one in ids]
    answer = await page.call("customRemove", within=60, clusters=notes)
    assert answer == {"clusters": notes}
    assert await page.call("customLeftovers") == []


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"SATURN_TOKEN": "wrong-token-012345"}, "Not signed in"),
        ({"SATURN_TOKEN": None}, "Missing required environment variable SATURN_TOKEN"),
        ({"SATURN_BASE_URL": "http://127.0.0.1:9"}, "127.0.0.1"),
    ],
)
async def test_an_account_that_cannot_be_used_is_told(
    saturn: Saturn,
    new_kernel: Callable[..., Any],
    place: Place,
    env: dict[str, str | None],
    words: str,
) -> None:
    for name, value in env.items():
        if value is None:
            place.env.pop(name)
        else:
            place.env[name] = value
    page = await (await new_kernel()).install()
    entry, options = documented()
    with pytest.raises(RefusedError):
        await create(page, **entry, **options)
    told = json.dumps(page.received)
    assert words in told
    assert "wrong-token" not in told
    assert saturn.processes == []


async def test_a_class_without_from_name_takes_up_nothing(page: Page) -> None:
    with pytest.raises(RefusedError) as caught:
        await create(page, **{"class": "distributed:LocalCluster"}, attach="mine")
    assert "no from_name" in caught.value.data["fields"]["attach"]
