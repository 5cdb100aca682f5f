"""What a controller tells of its cluster.

All times are milliseconds since the epoch, all sizes bytes. What is not known is absent.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

ClusterState = Literal[
    "queued", "starting", "running", "degraded", "stopping", "stopped", "failed", "lost"
]


WatchDetail = Literal["none", "counts", "workers"]


StopReason = Literal["idle", "lifetime", "budget"]


EventKind = Literal[
    "state",
    "worker-added",
    "worker-lost",
    "worker-paused",
    "worker-restarted",
    "spilled",
    "tasks-recomputed",
    "data-lost",
    "scaled",
    "task-erred",
    "log",
]


EventLevel = Literal["info", "warning", "error"]


#: Why a worker went: its memory was full, it was not heard of any more, its process
#: ended for another reason, or somebody or its own time wanted it to go.
EventReason = Literal["memory", "silent", "died", "asked"]


class Step(TypedDict, total=False):
    """One step of a start."""

    id: str
    state: Literal["waiting", "active", "done", "failed"]
    detail: str


class Cause(TypedDict, total=False):
    """One link of a cause chain, outermost first."""

    message: str
    kind: str
    hint: str


class Connection(TypedDict, total=False):
    """How to reach a cluster: paths and addresses, never key material."""

    kind: Literal["scheduler", "gateway"]
    address: str
    credentials: str
    gateway: str
    gatewayProxy: str
    gatewayAuth: Literal["jupyterhub"]
    refused: str


class WorkerCounts(TypedDict, total=False):
    """Workers of a cluster; ``minimum`` and ``maximum`` only while adaptive."""

    ready: int
    wanted: int
    minimum: int
    maximum: int
    limit: int


class Memory(TypedDict, total=False):
    """Bytes over all workers."""

    used: int
    limit: int
    spilled: int


class Tasks(TypedDict):
    """Tasks of a scheduler by state."""

    processing: int
    waiting: int
    memory: int
    erred: int


class Conditions(TypedDict, total=False):
    """How many workers are in an unusual condition."""

    paused: int
    spilling: int
    restarting: int


class Chunks(TypedDict, total=False):
    """Tasks that are far too small or too large: their mean seconds, or bytes of a result."""

    kind: Literal["small", "big"]
    seconds: float
    bytes: int


class UsedSize(TypedDict, total=False):
    """Workers of one size; ``days`` are seconds of all of them by UTC day up to ``at``."""

    threads: int
    memory: int
    count: int
    days: dict[str, float]


class Usage(TypedDict, total=False):
    """How long workers have been there; those that are there go on after ``at``."""

    started: float
    at: float
    ended: float
    sizes: list[UsedSize]


class EndOrder(TypedDict):
    """An end that a page has ordered and that holds; ``at`` is when."""

    name: str
    at: float
    text: str
    final: bool


class ClusterSnapshot(TypedDict, total=False):
    """The whole state of a cluster at one time."""

    id: str
    name: str
    state: ClusterState
    revision: int
    since: float
    created: float
    idleSince: float
    stopsAt: float
    idleTimeout: float
    stopsFor: StopReason
    stopsWithin: int
    stopsWhy: str
    orders: list[EndOrder]
    owner: str
    steps: list[Step]
    workers: WorkerCounts
    threads: int
    memory: Memory
    cpu: float
    tasks: Tasks
    conditions: Conditions
    chunks: Chunks
    usage: Usage
    connection: Connection
    dashboard: str
    versions: dict[str, str]
    cause: list[Cause]
    log: list[str]
    remarks: list[str]
    options: dict[str, Any]


class Worker(TypedDict, total=False):
    """One row of the worker table."""

    name: str
    address: str
    status: str
    threads: int
    cpu: float
    memory: int
    memoryLimit: int
    spilled: int
    processing: int
    stored: int
    pid: int
    lastSeen: float


class ClusterEvent(TypedDict, total=False):
    """Something that happened to a cluster."""

    time: float
    kind: EventKind
    level: EventLevel
    text: str
    worker: str
    reason: EventReason


class LogEntry(TypedDict):
    """Log lines of one process."""

    source: str
    lines: list[str]


class Capabilities(TypedDict):
    """What can be done with a cluster."""

    scale: bool
    adapt: bool
    restart: bool
    rename: bool
    workers: bool
    logs: bool
    stop: bool
    keep: bool
