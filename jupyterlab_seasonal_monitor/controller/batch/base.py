# ruff: noqa: TID252 - in a kernel the package has another name
"""What every batch system is asked."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from dataclasses import dataclass
from typing import ClassVar

from ..causes import clean_lines, printable
from ..packages import lacking, require
from ..protocol_back_ends import QueuePlace
from ..rpc import RpcError

#: Seconds that a command may take: a controller of thousands of nodes is slow at times.
_TIMEOUT = 20.0


class CommandError(Exception):
    """A command of the batch system failed; its words are the message."""


@dataclass(frozen=True)
class Job:
    """One job as the batch system lists it."""

    id: str
    name: str
    queue: str
    #: Whether it waits for its turn.
    waits: bool
    #: Whether it has ended, or is about to be gone.
    ended: bool
    #: Why it waits, in words; empty when that is not said.
    reason: str = ""
    #: How long it has run, as the system writes it.
    elapsed: str = ""


class BatchSystem:
    """One batch system. Whatever it cannot tell is empty or None.

    Attributes
    ----------
    id, label
        What the protocol and people call it.
    cluster
        The class in ``dask_jobqueue``.
    submit, remove
        The commands that take jobs, and that cancel them by id.
    account
        What the class calls the account.
    tells
        Whether jobs can be listed by name, and so those that were left over.
    """

    id: ClassVar[str]
    label: ClassVar[str]
    cluster: ClassVar[str]
    submit: ClassVar[str]
    remove: ClassVar[str]
    account: ClassVar[str] = "account"
    tells: ClassVar[bool] = False

    def walltime(self, seconds: int) -> str:
        """Return a time limit as the system writes it."""
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"

    def directives(self, folder: str) -> list[str]:
        """Return what every job gets besides the options; it works in that folder."""
        return []

    async def queues(self) -> list[QueuePlace]:
        """Return the queues that can be asked for."""
        return []

    async def jobs(self, name: str | None = None) -> list[Job]:
        """Return this user's jobs, or those of one name."""
        return []

    async def ending(self, job: str) -> str | None:
        """Return why a job has ended, in words that follow its name."""
        return None

    async def cancel(self, jobs: list[str]) -> None:
        """Cancel jobs by id."""
        await run(self.remove, *jobs)

    def missing(self) -> list[str]:
        """Return what is not there: packages as pip names them, and commands."""
        packages = lacking("dask-jobqueue")
        return packages if shutil.which(self.submit) else [*packages, self.submit]

    def need(self) -> None:
        """Refuse when something is missing.

        Raises
        ------
        RpcError
            ``missingPackage``, with what to do.
        """
        require("dask-jobqueue")
        if self.missing():
            text = (
                f"There is no command {self.submit} here: this machine sends no {self.label} jobs."
            )
            hint = "Run Jupyter on a login node, or ask your administrator for the commands there."
            raise RpcError("missingPackage", text, hint=hint)

    def refusal(self, text: str) -> str:
        """Return what the submit command said, without what is around it."""
        _, _, said = text.partition("stderr:\n")
        lines = clean_lines((said or text).splitlines())
        return printable(" ".join(lines), 400) or f"{self.submit} failed."


async def run(*command: str) -> str:
    """Run a command and return what it wrote.

    Raises
    ------
    CommandError
        It is not there, failed, or took too long.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError as error:
        raise CommandError(f"{command[0]} cannot be run: {error.strerror}.") from error
    try:
        out, err = await asyncio.wait_for(process.communicate(), _TIMEOUT)
    except BaseException as error:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if not isinstance(error, asyncio.TimeoutError):
            raise
        text = f"{command[0]} has not answered for {_TIMEOUT:.0f} seconds."
        raise CommandError(text) from error
    if process.returncode != 0:
        said = " ".join(clean_lines(err.decode("utf-8", "replace").splitlines()))
        raise CommandError(printable(f"{command[0]}: {said}", 400))
    return out.decode("utf-8", "replace")


def user() -> str:
    """Return the name of the user whose jobs these are."""
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name
