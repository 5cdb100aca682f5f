"""What this process may use of its machine, and defaults that fit."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path

#: What stays for the notebook server and other kernels: a share, and at most this.
_RESERVED_SHARE = 0.2
_RESERVED_MAX = 4 * 2**30
_SMALLEST_WORKER = 512 * 2**20
#: cgroup v1 writes "no limit" as a number near 2**63.
_UNLIMITED = 2**60


@dataclass(frozen=True)
class Host:
    """Cores and bytes of memory that this process may use, and an administrator's bounds."""

    cpus: float
    memory: int
    #: The most workers of a cluster, threads of a worker and bytes of a worker allowed.
    most_workers: int | None = None
    most_threads: int | None = None
    most_memory: int | None = None
    #: The longest time in minutes without tasks, and in all.
    most_idle: float | None = None
    most_lifetime: float | None = None

    @property
    def worker_cap(self) -> int:
        """The largest sensible number of workers: four a core, at least eight."""
        return _least(max(8, 4 * math.ceil(self.cpus)), self.most_workers)

    @property
    def thread_cap(self) -> int:
        """The largest sensible number of threads of a worker: four a core, at least eight."""
        return _least(max(8, 4 * math.ceil(self.cpus)), self.most_threads)

    @property
    def memory_cap(self) -> int:
        """The most memory of a worker, in bytes."""
        return _least(self.memory, self.most_memory)

    @property
    def workers(self) -> int:
        """The default number of workers: one a core up to four, then fewer with more threads."""
        cores = max(1, math.floor(self.cpus))
        count = cores if cores <= 4 else _divisor_near_root(cores)
        fitting = max(1, min(count, self._for_workers // _SMALLEST_WORKER))
        return _least(fitting, self.most_workers)

    def threads(self, workers: int) -> int:
        """Return the default number of threads of each of so many workers."""
        return _least(max(1, math.floor(self.cpus / max(1, workers))), self.most_threads)

    def memory_limit(self, workers: int) -> int:
        """Return the default limit of each of so many workers in bytes."""
        return _least(max(64 * 2**20, self._for_workers // max(1, workers)), self.most_memory)

    @property
    def _for_workers(self) -> int:
        return self.memory - min(int(self.memory * _RESERVED_SHARE), _RESERVED_MAX)


def _least(value: int, bound: int | None) -> int:
    return value if bound is None else min(value, bound)


def find_host(proc: Path = Path("/proc"), cgroup: Path = Path("/sys/fs/cgroup")) -> Host:
    """Measure the machine: affinity, cgroup version 1 and 2 limits, physical memory.

    Parameters
    ----------
    proc, cgroup
        Where those file systems are mounted.
    """
    cpus = float(_affinity())
    memory = _physical_memory(proc)
    for folder in _cgroup_folders(proc, cgroup, "cpu"):
        quota = _cpu_quota(folder)
        if quota is not None:
            cpus = min(cpus, quota)
    for folder in _cgroup_folders(proc, cgroup, "memory"):
        for name in ("memory.max", "memory.high", "memory.limit_in_bytes"):
            limit = _number(folder / name)
            if limit is not None and 0 < limit < _UNLIMITED:
                memory = min(memory, limit)
    return Host(cpus=max(cpus, 0.1), memory=memory)


def _divisor_near_root(cores: int) -> int:
    root = math.isqrt(cores)
    return next(count for count in range(max(root, 1), cores + 1) if cores % count == 0)


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _physical_memory(proc: Path) -> int:
    try:
        for line in (proc / "meminfo").read_text().splitlines():
            if line.startswith("MemTotal:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    if sys.platform != "win32":
        try:
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        except (ValueError, OSError):
            pass
    try:
        import psutil
    except ImportError:
        return 4 * 2**30
    return int(psutil.virtual_memory().total)


def _cgroup_folders(proc: Path, root: Path, controller: str) -> list[Path]:
    """Return this process's group and all groups above it, for v2 and for v1."""
    found: list[Path] = []
    try:
        lines = (proc / "self" / "cgroup").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "":
            base = root
        elif controller in controllers.split(","):
            base = root / controllers if (root / controllers).is_dir() else root / controller
        else:
            continue
        folder = base / path.lstrip("/")
        # Inside a container the path is the host's and the group is mounted at the root.
        while folder != base and base in folder.parents:
            found.append(folder)
            folder = folder.parent
        found.append(base)
    return found


def _cpu_quota(folder: Path) -> float | None:
    try:
        quota, period = (folder / "cpu.max").read_text().split()[:2]
        return None if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        pass
    granted, interval = _number(folder / "cpu.cfs_quota_us"), _number(folder / "cpu.cfs_period_us")
    return granted / interval if granted and granted > 0 and interval else None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
