"""Run the demo JupyterHub of ``deploy/``, on this machine only."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venvs" / "hub" / "bin" / "python"
CONFIG = ROOT / "deploy" / "jupyterhub_config.py"
PORTS = 5

HELP = """
JupyterHub is ready: {address}

  Sign in as alice, bob or trainer (who may open the others' servers); any password.
  Click "Dask clusters" at the left, then the arrow beside "New cluster":
  choose "Small gateway cluster", or "Customise…" and "Runs on: Dask Gateway".
  Connect a notebook, look at the dashboards, scale it (up to 4 workers), stop it.

Ctrl-C ends the hub, its servers and its clusters. The hub writes to {log}
"""


def main(arguments: list[str]) -> int:
    """Start the hub, say what to do, and wait until it has ended.

    Returns
    -------
    int
        The hub's exit code, or 1 when it cannot start.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, help="the first of five free ports (8000)")
    parser.add_argument("--host", default="", help="below which each user has a domain")
    parser.add_argument("--folder", type=Path, default=ROOT / "demo" / "hub")
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--sample-data", type=Path, default=ROOT / "demo" / "sample-data")
    options = parser.parse_args(arguments)
    if not PYTHON.exists():
        print("There is no environment .venvs/hub: run `make setup` first.", file=sys.stderr)
        return 1
    port = options.port or next(p for p in range(8000, 9000, 10) if free(p))
    if not free(port):
        print(
            f"A port of {port} to {port + PORTS - 1} is in use: end what uses it, "
            "or choose others with --port.",
            file=sys.stderr,
        )
        return 1
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ["HUB_SAMPLE_DATA"] = str(options.sample_data.resolve())
    if not (options.sample_data / "catalog.json").exists():
        options.sample_data.parent.mkdir(parents=True, exist_ok=True)
        command = [PYTHON, "-m", "jupyterlab_seasonal_monitor.sample_data", options.sample_data]
        try:
            subprocess.run([str(part) for part in command], check=True)
        except KeyboardInterrupt:
            return 130
    return run(options.folder.resolve(), port, options.config.resolve(), options.host)


def free(port: int) -> bool:
    """Whether nobody uses the ports."""
    for one in range(port, port + PORTS):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", one))
            except OSError:
                return False
    return True


def run(folder: Path, port: int, config: Path, host: str) -> int:
    """Run the hub in a session of its own, so that one Ctrl-C is told once."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "DASK_"))},
        "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
        "HUB_PORT": str(port),
        "HUB_HOST": host,
        "PYTHONUNBUFFERED": "1",
    }
    address = f"http://{host or '127.0.0.1'}:{port}"
    print(f"Starting a JupyterHub at {address} ...", flush=True)
    log = folder / "hub.log"
    with log.open("w") as written:
        hub = subprocess.Popen(
            [str(PYTHON), "-m", "jupyterhub", "-f", str(config)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    asked = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, lambda *_: stop(hub, asked))
    threading.Thread(target=announce, args=(hub, address, log), daemon=True).start()
    code = hub.wait()
    end_proxy(folder)
    if asked.is_set():
        return 0
    print("\n".join(log.read_text().splitlines()[-30:]), file=sys.stderr)
    print(f"The hub ended by itself with code {code}: all it wrote is in {log}.", file=sys.stderr)
    return code or 1


def announce(hub: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Say what to do, once the hub and its gateway answer."""
    host, port = address.removeprefix("http://").split(":")
    own = f"dask-gateway--service.{host}" if host != "127.0.0.1" else host
    # This machine need not know the names.
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/services/dask-gateway/api/health",
        headers={"Host": f"{own}:{port}"},
    )
    while hub.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(asked, timeout=10)
            print(HELP.format(address=address, log=log), flush=True)
            return
        time.sleep(0.3)


def stop(hub: subprocess.Popen[bytes], asked: threading.Event) -> None:
    """Ask the hub to end; it ends its servers, services and proxy first."""
    asked.set()
    if hub.poll() is None:
        print("Ending servers and clusters ...", flush=True)
        hub.send_signal(signal.SIGINT)


def end_proxy(folder: Path) -> None:
    """End the proxy of a hub that failed too early to do so itself."""
    with contextlib.suppress(OSError, ValueError):
        os.kill(int((folder / "jupyterhub-proxy.pid").read_text()), signal.SIGTERM)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
