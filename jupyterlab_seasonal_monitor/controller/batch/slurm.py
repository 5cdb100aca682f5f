# ruff: noqa: TID252 - in a kernel the package has another name
"""SLURM: sinfo, squeue, scontrol and scancel, and their answers in words."""

from __future__ import annotations

import re

from ..causes import printable
from ..protocol_back_ends import QueuePlace
from .base import BatchSystem, CommandError, Job, run, user

#: Reasons of ``squeue`` for which a job waits.
_WAITS = {
    "Priority": "other jobs come first",
    "Resources": "the nodes are busy",
    "PartitionDown": "the queue takes no jobs to its nodes now; ask your administrator",
    "PartitionInactive": "the queue is closed; choose another one",
    "PartitionNodeLimit": "it asks for more nodes than the queue allows; choose another queue",
    "PartitionTimeLimit": "its walltime is longer than the queue allows; ask for less",
    "Dependency": "it waits for another job",
    "JobHeldUser": "it is held: somebody held it with scontrol",
    "JobHeldAdmin": "it is held by an administrator",
    "BeginTime": "its time to begin has not come",
    "Reservation": "its reservation has not begun",
    "ReqNodeNotAvail": "the nodes it needs are down or reserved; a maintenance may be planned",
    "NodeDown": "a node it needs is down",
    "BadConstraints": "no node has what it asks for; look at the extra directives",
    "Licenses": "a licence it needs is taken",
    "InvalidAccount": "its account is not valid; correct the account",
    "InvalidQOS": "its quality of service (QOS) is not valid; correct the extra directives",
    "AssocGrpCPUMinutesLimit": "the account has used up its processor time",
    "AssocMaxJobsLimit": "you have as many jobs as your account allows; stop some",
    "AssocGrpJobsLimit": "your account has as many jobs as it may have",
    "QOSMaxJobsPerUserLimit": "you have as many jobs as the queue allows; stop some, or wait",
    "QOSMaxCpuPerUserLimit": "you use as many cores as the queue allows; stop some jobs, or wait",
    "QOSMaxMemoryPerUser": "you use as much memory as the queue allows; stop some jobs, or wait",
    "QOSMaxWallDurationPerJobLimit": "its walltime is longer than allowed; ask for less",
    "QOSGrpCpuLimit": "the queue's users together use as many cores as they may",
    "None": "it has just been sent",
}
_FAMILIES = [
    (re.compile(r"^QOS.*(Job|Submit)"), "you have as many jobs as the queue allows"),
    (re.compile(r"^(QOS|Assoc).*(Wall|Time)"), "its walltime is longer than allowed; ask for less"),
    (re.compile(r"^QOS"), "a limit of the queue (QOS) is reached"),
    (re.compile(r"^Assoc"), "a limit of your account is reached"),
]
#: States in which a job has ended.
_ENDINGS = {
    "TIMEOUT": "reached its walltime",
    "DEADLINE": "reached its deadline",
    "OUT_OF_MEMORY": "used more memory than it asked for. Ask for more, or use smaller chunks",
    "CANCELLED": "was cancelled by somebody",
    "NODE_FAIL": "was on a node that failed",
    "BOOT_FAIL": "was on a node that did not start",
    "PREEMPTED": "had to make room for another job",
    "COMPLETED": "came to the end of its time",
    "FAILED": "failed",
}
_ENDED = {*_ENDINGS, "COMPLETING", "REVOKED", "SPECIAL_EXIT"}


class Slurm(BatchSystem):
    """SLURM from 20.02 on."""

    id = "slurm"
    label = "SLURM"
    cluster = "SLURMCluster"
    submit = "sbatch"
    remove = "scancel"
    tells = True

    def directives(self, folder: str) -> list[str]:
        """Let jobs work where the kernel began, and never come back by themselves."""
        return [f"--chdir={folder}", "--no-requeue"]

    async def queues(self) -> list[QueuePlace]:
        """Ask ``sinfo`` for the partitions that are up."""
        found: dict[str, QueuePlace] = {}
        for line in (await run("sinfo", "-h", "-o", "%P|%a|%l|%c|%m")).splitlines():
            name, state, limit, cores, memory = (part.strip() for part in line.split("|"))
            place = QueuePlace(
                name=name.rstrip("*"),
                default=name.endswith("*"),
                up=state == "up",
                limit="" if limit == "infinite" else limit,
                cores=_number(cores),
                memory=_number(memory) * 2**20,
            )
            known = found.get(place["name"])
            if known is not None:
                place["cores"] = max(place["cores"], known["cores"])
                place["memory"] = max(place["memory"], known["memory"])
            found[place["name"]] = place
        return list(found.values())

    async def jobs(self, name: str | None = None) -> list[Job]:
        """Ask ``squeue`` once for this user's jobs."""
        chosen = [] if name is None else ["-n", name]
        # The name comes last, since it may hold anything.
        text = await run("squeue", "-h", "-u", user(), *chosen, "-o", "%i|%P|%T|%M|%r|%j")
        return [self._job(line) for line in text.splitlines() if line.count("|") >= 5]

    async def ending(self, job: str) -> str | None:
        """Ask ``scontrol``, which knows jobs for some minutes after their end."""
        try:
            text = await run("scontrol", "show", "job", "-o", job)
        except CommandError:
            return None
        state = _field(text, "JobState")
        words = _ENDINGS.get(state)
        if words is None:
            return None
        if state == "FAILED":
            return f"{words} with exit code {_field(text, 'ExitCode').partition(':')[0]}"
        if state == "TIMEOUT":
            return f"{words} of {_field(text, 'TimeLimit')}"
        return words

    @staticmethod
    def _job(line: str) -> Job:
        number, queue, state, elapsed, reason, name = line.split("|", 5)
        waits = state == "PENDING"
        return Job(
            id=number.strip(),
            name=name.strip(),
            queue=queue,
            waits=waits,
            ended=state in _ENDED,
            reason=explain(reason) if waits else "",
            elapsed=elapsed,
        )


def explain(reason: str) -> str:
    """Return a reason of ``squeue`` in words, with its own name for an administrator."""
    key = reason.strip("() ").partition(",")[0]
    words = _WAITS.get(key)
    if words is None:
        words = next((text for pattern, text in _FAMILIES if pattern.search(key)), None)
    name = printable(key, 80)
    return f"{words} ({name})" if words else f"SLURM says {name}"


def _field(text: str, name: str) -> str:
    match = re.search(rf"\b{name}=(\S+)", text)
    return match[1] if match else ""


def _number(text: str) -> int:
    match = re.match(r"\d+", text)
    return int(match[0]) if match else 0
