"""Pure parts: options, sizes of a machine, causes without secrets, steady numbers."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_seasonal_monitor.controller import events, forkserver, protocol, speed
from jupyterlab_seasonal_monitor.controller.causes import describe_error, printable, redact
from jupyterlab_seasonal_monitor.controller.host import Host, find_host
from jupyterlab_seasonal_monitor.controller.options import check_options, parse_size, take_limits
from jupyterlab_seasonal_monitor.controller.output import Output
from jupyterlab_seasonal_monitor.controller.protocol_cluster import Tasks
from jupyterlab_seasonal_monitor.controller.rpc import Dispatcher, Peer, RpcError
from jupyterlab_seasonal_monitor.controller.snapshot import Reading, steady
from jupyterlab_seasonal_monitor.controller.validate import check

GIB = 2**30
HOST = Host(cpus=4.0, memory=16 * GIB)


class TestOptions:
    def test_defaults_use_the_cores_and_leave_room_for_the_server(self) -> None:
        for cpus, memory in ((1, 2), (2, 8), (4, 16), (8, 32), (64, 512), (0.5, 1)):
            host = Host(cpus=cpus, memory=memory * GIB)
            options = check_options("local", {}, host)
            assert options["workers"] * options["threads"] <= max(cpus, 1)
            assert options["workers"] * options["threads"] > max(cpus, 1) / 2
            kept = min(0.2 * host.memory, 4 * GIB)
            assert options["workers"] * options["memory"] <= host.memory - kept + 1

    def test_adaptive_bounds_are_kept(self) -> None:
        options = check_options("local", {"minimum": 1, "maximum": 3, "workers": 8}, HOST)
        assert (options["minimum"], options["maximum"], options["workers"]) == (1, 3, 3)

    def test_auto_is_the_default(self) -> None:
        assert check_options("local", {"memory": "auto"}, HOST) == check_options("local", {}, HOST)

    @pytest.mark.parametrize(
        ("text", "size"),
        [
            ("4 GiB", 4 * GIB),
            ("500MB", 500_000_000),
            ("1.5G", 1_500_000_000),
            ("1024", 1024),
            (2048, 2048),
            ("4 gib", None),
            ("-1 GiB", None),
            ("1e9", None),
            (True, None),
            (1.5, None),
            ("9" * 400, None),
        ],
    )
    def test_sizes_are_read_as_dask_writes_them(self, text: object, size: int | None) -> None:
        assert parse_size(text) == size

    def test_limits_hold_for_what_was_left_out(self) -> None:
        limits = {"workers": 2, "threads": 1, "memory": "1 GiB"}
        rest, host = take_limits({"limits": limits}, HOST)
        assert rest == {}
        options = check_options("local", rest, host)
        assert options == {"workers": 2, "threads": 1, "memory": GIB}
        assert host.worker_cap == 2

    @pytest.mark.parametrize(
        "asked", [{"workers": 3}, {"threads": 2}, {"memory": "2 GiB"}, {"maximum": 3}]
    )
    @pytest.mark.parametrize("launcher", ["local", "labextension"])
    def test_limits_refuse_more(self, launcher: str, asked: dict[str, Any]) -> None:
        limits = {"workers": 2, "threads": 1, "memory": "1 GiB"}
        rest, host = take_limits({**asked, "limits": limits}, HOST)
        with pytest.raises(RpcError) as refusal:
            check_options(launcher, rest, host)
        assert set(refusal.value.data["fields"]) == set(asked)

    @pytest.mark.parametrize(
        "limits", [3, [], {"workers": 0}, {"workers": "2"}, {"memory": "much"}, {"rocks": 1}]
    )
    def test_limits_that_are_none_are_refused(self, limits: object) -> None:
        with pytest.raises(RpcError):
            take_limits({"limits": limits}, HOST)

    def test_a_launcher_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(RpcError, match="no launcher"):
            check_options("os.system", {}, HOST)


class TestHost:
    def make(self, folder: Path, cgroup: str, files: dict[str, str]) -> Host:
        (folder / "proc/self").mkdir(parents=True)
        (folder / "proc/self/cgroup").write_text(cgroup)
        (folder / "proc/meminfo").write_text("MemTotal:       33554432 kB\n")
        for name, text in files.items():
            path = folder / "cgroup" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return find_host(folder / "proc", folder / "cgroup")

    def test_a_machine_without_limits(self, tmp_path: Path) -> None:
        assert self.make(tmp_path, "", {}).memory == 32 * GIB

    def test_version_2_takes_the_strictest_of_nested_groups(self, tmp_path: Path) -> None:
        files = {
            "memory.max": "max",
            "user/memory.max": str(8 * GIB),
            "user/me/memory.max": str(12 * GIB),
            "user/me/cpu.max": "50000 100000",
            "user/cpu.max": "max 100000",
        }
        host = self.make(tmp_path, "0::/user/me\n", files)
        assert host == Host(cpus=0.5, memory=8 * GIB)

    def test_version_1_reads_each_controller(self, tmp_path: Path) -> None:
        files = {
            "memory/memory.limit_in_bytes": "9223372036854771712",
            "memory/pod/memory.limit_in_bytes": str(4 * GIB),
            "cpu,cpuacct/pod/cpu.cfs_quota_us": "70000",
            "cpu,cpuacct/pod/cpu.cfs_period_us": "100000",
        }
        host = self.make(tmp_path, "5:memory:/pod/a\n4:cpu,cpuacct:/pod\n", files)
        assert host == Host(cpus=0.7, memory=4 * GIB)

    def test_a_container_mounts_its_group_at_the_root(self, tmp_path: Path) -> None:
        files = {"memory.max": str(3 * GIB), "cpu.max": "100000 100000"}
        host = self.make(tmp_path, "0::/docker/abcdef\n", files)
        assert host.memory == 3 * GIB
        assert host.cpus == 1.0


class TestCauses:
    @pytest.mark.parametrize(
        "text",
        [
            "AKIAABCDEFGHIJKLMNOP",
            "token=abcdef0123456789",
            'JUPYTERHUB_API_TOKEN="0123456789abcdef"',
            "Authorization: Bearer abcdefgh.ijkl",
            "https://me:hunter22@host/path",
            "password: hunter22",
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG",
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
            "ghp_0123456789abcdefghij",
            "0123456789abcdef0123456789abcdef0123456789abcdef",
        ],
    )
    def test_secrets_are_removed(self, text: str) -> None:
        shown = redact(f"before {text} after")
        assert shown.startswith("before")
        for secret in ("hunter22", "MIIEv", "IOSF", "wJalr", "0123456789abcdef", "ABCDEFGHIJ"):
            assert secret not in shown
        assert "removed" in shown

    def test_plain_words_stay(self) -> None:
        for text in ("Task ('sum-1a2b', 3) failed", "tls://127.0.0.1:4242", "tokenise the text"):
            assert redact(text) == text

    def test_a_chain_is_told_outermost_first_with_what_to_do(self) -> None:
        try:
            try:
                raise OSError(98, "Address already in use")
            except OSError as error:
                raise RuntimeError("Cluster failed to start") from error
        except RuntimeError as error:
            causes = describe_error(error)
        assert [cause["kind"] for cause in causes] == ["RuntimeError", "OSError"]
        assert "port" in causes[1]["hint"]
        missing = describe_error(
            ModuleNotFoundError("No module named 'dask_jobqueue'", name="dask_jobqueue")
        )
        assert "%pip install dask-jobqueue" in missing[0]["hint"]
        assert "disk is full" in describe_error(OSError(28, "No space left on device"))[0]["hint"]

    def test_loops_of_causes_end(self) -> None:
        first, second = ValueError("a"), ValueError("b")
        first.__cause__, second.__cause__ = second, first
        assert [cause["message"] for cause in describe_error(first)] == ["a", "b"]

    def test_signs_that_deceive_are_removed(self) -> None:
        assert printable("a\u202eb\u0000\u200bc\nd") == "abc d"
        assert printable("x" * 100) == "x" * 63 + "…"
        assert printable("Pluie décadaire, 10 %") == "Pluie décadaire, 10 %"

    def test_log_lines_are_bounded(self) -> None:
        output = Output()
        output._lines.extend(f"line {number} token=abcdefghijkl" for number in range(9999))
        assert len(output.tail(10_000)) == 500
        assert output.clean(1) == ["line 9998 token=[removed]"]


class TestSteady:
    def reading(self, **changes: Any) -> Reading:
        tasks = Tasks(processing=0, waiting=0, memory=0, erred=0)
        base = Reading(
            ready=2, threads=2, memory={"used": 300 * 2**20, "limit": 8 * GIB}, tasks=tasks
        )
        return dataclasses.replace(base, **changes)

    def test_noise_of_idle_workers_is_no_change(self) -> None:
        first = self.reading()
        for cpu, used in ((4.0, 300), (0.0, 310), (8.0, 340), (22.0, 290)):
            memory = {"used": used * 2**20, "limit": 8 * GIB}
            assert steady(self.reading(cpu=cpu, memory=memory), first) == first

    def test_work_is_a_change(self) -> None:
        busy = Tasks(processing=2, waiting=0, memory=0, erred=0)
        first = self.reading()
        now = steady(self.reading(cpu=180.0, tasks=busy), first)
        assert now.cpu == 180
        assert steady(self.reading(cpu=3.0), now).cpu == 0
        grown = {"used": 900 * 2**20, "limit": 8 * GIB}
        assert steady(self.reading(memory=grown), first).memory["used"] == 900 * 2**20

    def test_the_memory_of_tasks_is_told_as_it_is(self) -> None:
        busy = Tasks(processing=2, waiting=0, memory=0, erred=0)
        first = self.reading(transitions=7)
        now = {"used": 310 * 2**20, "limit": 8 * GIB}
        assert steady(self.reading(memory=now, tasks=busy), first).memory == now
        # They came and went between two looks.
        assert steady(self.reading(memory=now, transitions=9), first).memory == now
        assert steady(self.reading(memory=now, transitions=7), first).memory == first.memory

    def test_growth_is_a_change_on_a_big_machine_too(self) -> None:
        first = self.reading(memory={"used": 110 * 2**20, "limit": 800 * GIB})
        grown = {"used": 512 * 2**20, "limit": 800 * GIB}
        assert steady(self.reading(memory=grown), first).memory == grown

    def test_slow_growth_is_not_missed(self) -> None:
        shown = self.reading()
        for step in range(100):
            used = (300 + 10 * step) * 2**20
            shown = steady(self.reading(memory={"used": used, "limit": 8 * GIB}), shown)
        assert shown.memory["used"] > 1100 * 2**20


class TestProtocol:
    def test_every_request_can_be_checked(self) -> None:
        for name, (params, _) in protocol.REQUESTS.items():
            assert set(check(params, {"nonsense": 1})) >= {"nonsense"}, name
            assert check(params, []) == {"params": "This must be an object."}

    def test_yes_is_no_number(self) -> None:
        assert check(protocol.ScaleParams, {"workers": True})
        assert check(protocol.WatchParams, {"detail": "none", "lease": True})
        assert not check(protocol.WatchParams, {"detail": "none", "lease": 5})

    async def test_an_unexpected_error_is_answered_without_secrets(self) -> None:
        sent: list[dict[str, Any]] = []

        async def fail(peer: Peer, params: object) -> None:
            raise ValueError("token=abcdefghijkl")

        peer = Peer(sent.append)
        Dispatcher({"ping": fail}).receive(
            peer, {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {}}
        )
        await asyncio.gather(*peer.calls.values())
        assert sent[0]["error"]["code"] == -32603
        assert sent[0]["error"]["message"] == "token=[removed]"
        assert peer.calls == {}

    async def test_a_request_that_is_cancelled_before_it_begins_is_answered(self) -> None:
        """Both messages can wait when the loop comes to them, on a busy machine."""
        sent: list[Any] = []

        async def wait(peer: Peer, params: object) -> None:
            await asyncio.sleep(60)

        dispatcher, peer = Dispatcher({"ping": wait}), Peer(sent.append)
        dispatcher.receive(peer, {"jsonrpc": "2.0", "id": 1, "method": "ping"})
        cancel = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 1}}
        dispatcher.receive(peer, cancel)
        await asyncio.sleep(0.01)
        assert [answer["error"]["code"] for answer in sent] == [protocol.ERROR_CODES["cancelled"]]
        assert not peer.calls


class TestSpeed:
    def test_all_parts_count_alike_and_only_their_quickest_rounds(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ticks = iter([0.0, 5.0, 10.0, 10.2, 20.0, 23.0, 30.0, 30.9])
        monkeypatch.setattr(speed, "_ROUNDS", 2)
        monkeypatch.setattr(speed, "_PARTS", ((lambda: None, 0.1), (lambda: None, 1.8)))
        monkeypatch.setattr(speed.time, "perf_counter", lambda: next(ticks))
        # 0.2 s in place of 0.1, and 0.9 s in place of 1.8.
        assert speed.measure_slowness() == 1.0

    def test_this_machine_can_be_measured(self) -> None:
        assert 0.05 < speed.measure_slowness() < 100

    def test_the_controller_makes_nothing_big_before_it_is_asked(self) -> None:
        """Every controller that starts, and with it who clicked, waits for that."""
        code = (
            "import sys, jupyterlab_seasonal_monitor.controller.controller\n"
            "ours = [m for n, m in sys.modules.items() if n.startswith('jupyterlab_seasonal')]\n"
            "print([(m.__name__, n) for m in ours for n, v in vars(m).items()"
            " if sys.getsizeof(v) > 20_000])"
        )
        assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


class TestEvents:
    async def test_a_cancel_that_comes_just_as_something_happens_is_heard(self) -> None:
        event = asyncio.Event()
        waiting = asyncio.ensure_future(events.wait_within(event, 5))
        await asyncio.sleep(0.05)
        event.set()
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    async def test_what_happens_in_time_or_not_at_all_ends_the_waiting(self) -> None:
        event = asyncio.Event()
        await asyncio.wait_for(events.wait_within(event, 0.01), 5)
        event.set()
        await asyncio.wait_for(events.wait_within(event, 600), 5)


class TestForkServer:
    def test_a_signal_that_comes_just_as_it_cleans_up_keeps_no_file(self, tmp_path: Path) -> None:
        """Of a death of the kernel a pipe tells first, then a signal, wherever it is by then."""
        folder = tmp_path / "private"
        folder.mkdir()
        source = forkserver._GUARDIAN.format(
            folders=[str(folder)], kernel=os.getpid(), path=sys.path
        )
        struck = (
            "def strike(frame, event, _):\n"
            "    if event == 'call' and frame.f_code.co_name == 'clean':\n"
            "        sys.setprofile(None)\n"
            "        globals()['KERNEL'] = 0\n"
            "        os.kill(os.getpid(), signal.SIGTERM)\n"
            "sys.setprofile(strike)\n"
        )
        subprocess.run([sys.executable, "-c", source + struck], check=True, timeout=30)
        assert not folder.exists()
