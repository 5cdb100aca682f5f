"""Run every check and test, and count them all.

The last line is ``N passed, N failed, N skipped``; the exit code is 1 when
anything failed. ``python scripts/test.py jest pytest`` runs only these stages.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / ".cache" / "reports"
#: Files with a failure beyond which something is wrong that another try does not mend.
_FEW = 5


@dataclass
class Count:
    """How many tests passed, failed and were skipped, and why."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)

    def __add__(self, other: Count) -> Count:
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.reasons + other.reasons,
        )


@dataclass
class Stage:
    """A command and how its tests are counted."""

    name: str
    command: list[str]
    folder: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)
    count: Callable[[int], Count] | None = None
    #: What runs once more after a failure: arguments and environment, or nothing.
    again: Callable[[], tuple[list[str], dict[str, str]] | None] | None = None
    #: It mostly waits for servers, so it runs at the same time as others of which this is true.
    waits: bool = False


def junit(name: str, *, retried: bool = False) -> Callable[[int], Count]:
    """Count by a JUnit report that the command writes, with a case for each try."""

    def read(code: int) -> Count:
        path = REPORTS / f"{name}.xml"
        if not path.exists():
            return Count(failed=1, reasons=[f"{name}: wrote no report"])
        count = Count()
        cases = second_run(name, list(ET.parse(path).iter("testcase")), count)
        for case in last_tries(name, cases, count) if retried else cases:
            if has_failed(case):
                count.failed += 1
            elif (skipped := case.find("skipped")) is not None:
                count.skipped += 1
                why = skipped.get("message") or "no reason given"
                count.reasons.append(f"{name}: {case.get('name')}: {why}")
            else:
                count.passed += 1
        if code and not count.failed:
            count.failed += 1
            count.reasons.append(f"{name}: exit code {code} although no test failed")
        if not cases:
            count.failed += 1
            count.reasons.append(f"{name}: ran no test")
        return count

    return read


def second_run(name: str, cases: list[ET.Element], count: Count) -> list[ET.Element]:
    """Return the cases, with those that ran again in their place, and note which failed first."""
    path = REPORTS / f"{name}-again.xml"
    if not path.exists():
        return cases
    again = list(ET.parse(path).iter("testcase"))
    names = {identity(case) for case in again}
    for case in cases:
        if identity(case) in names and has_failed(case):
            count.reasons.append(f"{name}: ran a second time: {case.get('name')}")
    return [case for case in cases if identity(case) not in names] + again


def identity(case: ET.Element) -> tuple[str | None, ...]:
    """Return what tells a test from the others."""
    return case.get("file"), case.get("classname"), case.get("name")


def has_failed(case: ET.Element) -> bool:
    """Whether a test failed, or what it needs did."""
    return case.find("failure") is not None or case.find("error") is not None


def jest_again() -> tuple[list[str], dict[str, str]] | None:
    """Return what runs the files again in which a test failed, unless they are many.

    These are real servers and kernels on a busy machine; see ``last_tries``.
    """
    path = REPORTS / "jest.xml"
    cases = ET.parse(path).iter("testcase") if path.exists() else []
    files = {case.get("file", "") for case in cases if has_failed(case)}
    if not 0 < len(files) <= _FEW or "" in files:
        return None
    return ["--runTestsByPath", *sorted(files)], {"JEST_JUNIT_OUTPUT_NAME": "jest-again.xml"}


def pytest_again() -> tuple[list[str], dict[str, str]] | None:
    """Return what runs the tests again that failed at each try, unless they are many."""
    path = REPORTS / "pytest.xml"
    cases = list(ET.parse(path).iter("testcase")) if path.exists() else []
    failed = {identity(case) for case in last_tries("pytest", cases, Count()) if has_failed(case)}
    if not 0 < len(failed) <= _FEW:
        return None
    alone = ["--numprocesses=0", "--last-failed"]
    return [*alone, f"--junitxml={REPORTS / 'pytest-again.xml'}"], {}


def playwright_again(name: str) -> Callable[[], tuple[list[str], dict[str, str]] | None]:
    """Tell what runs the browser's tests again that failed at each try, unless they are many."""

    def again() -> tuple[list[str], dict[str, str]] | None:
        path = REPORTS / f"{name}.json"
        report = json.loads(path.read_text()) if path.exists() else {"errors": [None]}
        if report["errors"] or not 0 < report["stats"]["unexpected"] <= _FEW:
            return None
        output = {"PLAYWRIGHT_JSON_OUTPUT_NAME": str(REPORTS / f"{name}-again.json")}
        return ["--last-failed"], output

    return again


def last_tries(name: str, cases: list[ET.Element], count: Count) -> list[ET.Element]:
    """Return the last try of each test, and note those that passed only then."""
    tries: dict[tuple[str | None, str | None], list[ET.Element]] = {}
    for case in cases:
        tries.setdefault((case.get("classname"), case.get("name")), []).append(case)
    for (where, test), cases_of_test in tries.items():
        if len(cases_of_test) > 1 and not len(cases_of_test[-1]):
            count.reasons.append(f"{name}: passed at the second try: {where}: {test}")
    return [cases_of_test[-1] for cases_of_test in tries.values()]


def playwright(name: str) -> Callable[[int], Count]:
    """Count by Playwright's JSON report."""

    def read(code: int) -> Count:
        path = REPORTS / f"{name}.json"
        if not path.exists():
            return Count(failed=1, reasons=[f"{name}: wrote no report"])
        report = json.loads(path.read_text())
        stats = report["stats"]
        count = Count(
            passed=stats["expected"] + stats["flaky"],
            failed=stats["unexpected"] + len(report["errors"]),
            skipped=stats["skipped"],
        )
        again = REPORTS / f"{name}-again.json"
        if again.exists():
            second = json.loads(again.read_text())
            passed = second["stats"]["expected"] + second["stats"]["flaky"]
            count.passed += passed
            count.failed += len(second["errors"]) - passed
        for suite in report["suites"]:
            count.reasons += remarks(suite)
        if code and not count.failed:
            count.failed += 1
            count.reasons.append(f"{name}: exit code {code} although no test failed")
        return count

    return read


def remarks(suite: dict[str, Any]) -> list[str]:
    """Why tests of a Playwright suite were skipped, and which passed at the second try."""
    reasons: list[str] = []
    for spec in suite.get("specs", []):
        for test in spec["tests"]:
            if test["status"] == "unexpected":
                reasons.append(f"ui-tests: failed at both tries: {spec['title']}")
            if test["status"] == "flaky":
                reasons.append(f"ui-tests: passed at the second try: {spec['title']}")
            if test["status"] == "skipped":
                why = next((a.get("description", "") for a in test["annotations"]), "")
                reasons.append(f"ui-tests: {spec['title']}: {why or 'no reason given'}")
    for inner in suite.get("suites", []):
        reasons += remarks(inner)
    return reasons


STAGES = [
    Stage("ruff", ["ruff", "check", "."]),
    Stage("ruff-format", ["ruff", "format", "--check", "."]),
    Stage("mypy", ["mypy"]),
    Stage("eslint", ["jlpm", "eslint:check"]),
    Stage("prettier", ["jlpm", "prettier:check"]),
    Stage("stylelint", ["jlpm", "stylelint:check"]),
    Stage("types", ["jlpm", "types:check"]),
    Stage("types-ui-tests", ["npx", "tsc", "-p", "ui-tests"]),
    Stage(
        "jest",
        ["jlpm", "test", "--maxWorkers=2", "--ci"],
        environment={
            "JEST_JUNIT_OUTPUT_DIR": str(REPORTS),
            "JEST_JUNIT_OUTPUT_NAME": "jest.xml",
            "JEST_JUNIT_ADD_FILE_ATTRIBUTE": "true",
        },
        count=junit("jest"),
        again=jest_again,
    ),
    Stage(
        "pytest",
        [
            *[sys.executable, "-m", "pytest", "-q", f"--junitxml={REPORTS / 'pytest.xml'}"],
            # Real servers, kernels and schedulers on a busy machine; see ``last_tries``.
            "--reruns=1",
            # They wait for these most of the time. What a file's tests share is started once.
            *["--numprocesses=2", "--dist=loadfile"],
        ],
        count=junit("pytest", retried=True),
        again=pytest_again,
        waits=True,
    ),
    *[
        Stage(
            f"ui-tests-{half}",
            # A folder of its own for each, since a run empties it when it begins.
            ["npx", "playwright", "test", f"--shard={half}/2", f"--output=test-results/{half}"],
            folder=ROOT / "ui-tests",
            environment={"PLAYWRIGHT_JSON_OUTPUT_NAME": str(REPORTS / f"ui-tests-{half}.json")},
            count=playwright(f"ui-tests-{half}"),
            again=playwright_again(f"ui-tests-{half}"),
            waits=True,
        )
        for half in (1, 2)
    ],
]


def call(
    stage: Stage, arguments: list[str], environment: dict[str, str], output: IO[str] | None
) -> int:
    """Run the command of a stage and return its exit code."""
    return subprocess.run(
        [*stage.command, *arguments],
        cwd=stage.folder,
        env={**os.environ, **stage.environment, **environment},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output and subprocess.STDOUT,
        check=False,
    ).returncode


def attempt(stage: Stage, output: IO[str] | None = None) -> tuple[int, float]:
    """Run one stage.

    Parameters
    ----------
    stage
        What to run.
    output
        Where its output goes; this program's own without it.

    Returns
    -------
    int, float
        The exit code, and how many seconds it took.
    """
    print(f"\n\033[1m==> {stage.name}\033[0m", file=output, flush=True)
    start = time.monotonic()
    return call(stage, [], {}, output), time.monotonic() - start


def conclude(stage: Stage, code: int, seconds: float) -> Count:
    """Run once more what failed of a stage, and count; a check without a report is one test."""
    if code and stage.again and (more := stage.again()):
        print(f"\n\033[1m==> {stage.name}, what failed once more\033[0m", flush=True)
        start = time.monotonic()
        code = call(stage, *more, None)
        seconds += time.monotonic() - start
    count = (
        stage.count(code) if stage.count else Count(passed=int(not code), failed=int(bool(code)))
    )
    print(
        f"    {stage.name}: {count.passed} passed, {count.failed} failed, "
        f"{count.skipped} skipped in {seconds:.0f} s",
        flush=True,
    )
    return count


def run_all(stages: list[Stage]) -> Iterator[tuple[Stage, Count]]:
    """Run stages one after the other, and at the end those that wait, two at a time.

    Of these the first one shows its output as it comes, the others when all have ended. What
    fails of them runs once more when nothing else does.
    """
    for stage in stages:
        if not stage.waits:
            yield stage, conclude(stage, *attempt(stage))
    waiting = [stage for stage in stages if stage.waits]
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(max_workers=2))
        running = []
        for place, stage in enumerate(waiting):
            output = None
            if place:
                print(f"\n{stage.name} runs beside, and tells its results below.", flush=True)
                output = stack.enter_context((REPORTS / f"{stage.name}.log").open("w+"))
            running.append((stage, output, pool.submit(attempt, stage, output)))
        results = []
        for stage, output, result in running:
            results.append((stage, result.result()))
            if output:
                output.seek(0)
                shutil.copyfileobj(output, sys.stdout)
        for stage, (code, seconds) in results:
            yield stage, conclude(stage, code, seconds)


def main(names: list[str]) -> int:
    """Run the named stages, or all of them.

    Returns
    -------
    int
        0 when nothing failed, otherwise 1.
    """
    unknown = set(names) - {stage.name for stage in STAGES}
    if unknown:
        print(f"There is no stage {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    REPORTS.mkdir(parents=True, exist_ok=True)
    for report in REPORTS.iterdir():
        report.unlink()
    total = Count()
    failed = []
    for stage, count in run_all([one for one in STAGES if not names or one.name in names]):
        total += count
        if count.failed:
            failed.append(stage.name)
    print()
    for reason in total.reasons:
        print(f"note: {reason}")
    if failed:
        print(f"failed: {', '.join(failed)}")
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 1 if total.failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
