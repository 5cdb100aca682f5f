"""The machine and the versions that a report tells of."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "bench"
#: What the front end and the controller are made of.
SOURCES = [
    "src",
    "style",
    "schema",
    "scripts",
    "jupyterlab_seasonal_monitor",
    "package.json",
    "tsconfig.json",
    "webpack.config.js",
    "install.json",
]
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))

_VERSIONS = """
import json
import platform
from importlib import metadata
names = ["jupyterlab", "jupyter_server", "jupyter_server_proxy", "ipykernel", "dask",
         "distributed", "bokeh", "dask_labextension"]
found = {"python": platform.python_version()}
for name in names:
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def now() -> str:
    """Return the time as ISO 8601 in UTC, to the minute."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def load() -> str:
    """Return the load averages over 1, 5 and 15 minutes."""
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


def output(*command: str | Path) -> str:
    """Return what a command prints, without its last line break."""
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.strip()


def versions(environment: Path) -> dict[str, str]:
    """Return the versions of Python and of the packages that matter in an environment."""
    found: dict[str, str] = json.loads(output(environment / "bin" / "python", "-c", _VERSIONS))
    return found


def processor() -> str:
    """Return the processor's name, as far as the system tells it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def describe() -> list[str]:
    """Return sentences on the machine, for the report."""
    cores = len(os.sched_getaffinity(0))
    memory = psutil.virtual_memory().total / 2**30
    return [
        f"{processor()}, {cores} cores, {memory:.0f} GiB of memory",
        f"{platform.system()} {platform.release()}",
        output(CHROMIUM, "--version"),
        f"Node {output('node', '--version')}",
    ]


def commit() -> str:
    """Return the commit that was measured, marked when files differ from it."""
    name = output("git", "rev-parse", "--short", "HEAD")
    changed = output("git", "status", "--porcelain", "--", *SOURCES)
    return f"{name} with uncommitted changes" if changed else name
