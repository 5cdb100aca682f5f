"""A fake of Saturn Cloud's API, written from the calls of dask-saturn 0.4.4.

Saturn Cloud was never asked. Scheduler and workers are real Dask processes with TLS.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from killing import Trap
from place import end_process, free_ports

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
        #: How many of the next requests are answered as a service that is away answers.
        self.away = 0
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
                if saturn.away:
                    saturn.away -= 1
                    status, answer = 503, {"message": "Try again later."}
                elif self.headers.get("Authorization") == f"token {TOKEN}":
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
