"""A real SLURM of one node, as child processes in a folder, without root's files."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from place import end_process, free_ports

COMMANDS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "sinfo", "scancel", "scontrol")
CONF = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CryptoType=crypto/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort={controller}
SlurmdPort={node}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/ctld.pid
SlurmdPidFile={folder}/d.pid
SlurmctldLogFile={folder}/ctld.log
SlurmdLogFile={folder}/d.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
MinJobAge=120
SchedulerParameters=sched_interval=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=8 RealMemory=8000 State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=02:00:00 State=UP
PartitionName=closed Nodes=ALL MaxTime=01:00:00 State=DOWN
"""

#: One at a time; what comes after the death of its caller never reaches the real command.
TRAP = """#!/bin/sh
cd {folder}
exec 9>lock
flock 9
[ -e killed ] && exit 1
if [ "$(cat trap)" = "{name} 0" ]; then touch killed; kill -9 $PPID; exit 1; fi
{real} "$@" 9>&-
code=$?
echo {name} >>asked
if [ "$(cat trap)" = "{name} $(grep -c {name} asked)" ]; then touch killed; kill -9 $PPID; fi
exit $code
"""


def why_not() -> str | None:
    """Return why no SLURM can be started here."""
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    missing = [command for command in COMMANDS if not shutil.which(command, path=path)]
    if missing:
        return f"{', '.join(missing)} are not there: apt-get install slurm-wlm munge"
    if os.getuid() != 0:
        return "the test's SLURM runs as root only"
    return None


class Slurm:
    """Daemons that end with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
        self.env["PATH"] += os.pathsep + "/usr/sbin"
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start, and return when the node takes jobs."""
        munge = self.folder / "munge"
        for part in (munge, self.folder / "state", self.folder / "spool"):
            part.mkdir(mode=0o755)
        self.folder.chmod(0o755)
        key = munge / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        host = socket.gethostname().partition(".")[0]
        controller, node = free_ports(2)
        text = CONF.format(folder=self.folder, host=host, controller=controller, node=node)
        (self.folder / "slurm.conf").write_text(text)
        files = {name: str(munge / name) for name in ("key", "socket", "pid", "log", "seed")}
        self._run(
            "munged",
            "-F",
            f"--key-file={files['key']}",
            f"--socket={files['socket']}",
            f"--pid-file={files['pid']}",
            f"--log-file={files['log']}",
            f"--seed-file={files['seed']}",
            "--num-threads=1",
        )
        self._until(lambda: Path(files["socket"]).exists())
        self._run("slurmctld", "-D")
        self._run("slurmd", "-D", "-N", host)
        self._until(lambda: "idle" in self.ask("sinfo", "-h", "-o", "%T"))

    def ask(self, *command: str) -> str:
        """Return what a command wrote."""
        result = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        return result.stdout

    def lay_traps(self, folder: Path) -> str:
        """Return a path of commands that kill who calls them, after or before what they do.

        The real commands do the work. ``set_trap`` says which of them kills, and when.
        """
        folder.mkdir()
        for name in ("sbatch", "scancel"):
            real = shutil.which(name, path=self.env["PATH"])
            script = folder / name
            script.write_text(TRAP.format(folder=folder, name=name, real=real))
            script.chmod(0o755)
        return f"{folder}{os.pathsep}{self.env['PATH']}"

    def set_trap(self, folder: Path, name: str, times: int) -> None:
        """Let a command kill its caller when it is called so often; 0 is before the first."""
        (folder / "asked").write_text("")
        (folder / "trap").write_text(f"{name} {times}")

    def jobs(self) -> list[str]:
        """Return the states of all jobs that have not ended."""
        states = self.ask("squeue", "-h", "-o", "%T").split()
        return [state for state in states if state != "COMPLETING"]

    def stop(self) -> None:
        """End the daemons in the order in which they need each other."""
        self.ask("scancel", "-u", "root")
        with contextlib.suppress(AssertionError):
            self._until(lambda: not self.ask("squeue", "-h"))
        for process in reversed(self._processes):
            end_process(process)

    def _run(self, *command: str) -> None:
        with (self.folder / f"{command[0]}.out").open("wb") as out:
            process = subprocess.Popen(command, env=self.env, stdout=out, stderr=out)
        self._processes.append(process)

    def _until(self, test) -> None:  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + 60
        while not test():
            assert time.monotonic() < deadline, self._tell()
            time.sleep(0.1)

    def _tell(self) -> str:
        files = [*self.folder.glob("*.out"), *self.folder.glob("*.log")]
        return "\n".join(f"{f.name}: {f.read_text(errors='replace')[-800:]}" for f in files)


def main(folder: Path) -> None:
    """Start, say so, and end when nobody holds the standard input any more."""
    slurm = Slurm(folder)
    try:
        slurm.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        slurm.stop()


if __name__ == "__main__":
    if (why := why_not()) is not None:
        raise SystemExit(why)
    main(Path(sys.argv[1]))
