"""The page about production: what it shows is run, twice, and after a failure."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import nbformat
import numpy as np
import pytest
from distributed import LocalCluster
from template_run import read_tiff

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from jupyterlab_seasonal_monitor.templates.run import BusyError, RunError, _alone, run_once, typed
from seasonal_monitor import dekads

pytestmark = pytest.mark.timeout(300)

PAGE = (Path(__file__).parents[2] / "docs/production.md").read_text(encoding="utf-8")
AREA = "[35.0, 4.8, 36.2, 6.0]"


def block(heading: str, language: str) -> str:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    (code,) = re.findall(rf"(?s)```{language}\n(.*?)```", section)
    return code


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the script of the page and a year of daily rain."""
    folder = tmp_path_factory.mktemp("monitor")
    make_archive(folder / "archive", Recipe(2013, 2013, 24, 7, ("rfh_daily",)))
    (folder / "dekad.sh").write_text(block("One dekad", "bash"))
    return folder


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield {
            "DASK_SCHEDULER_ADDRESS": cluster.scheduler_address,
            "AREA": AREA,
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": "/tmp",
            "MPLBACKEND": "agg",
        }


def run(place: Path, environment: dict[str, str], dekad: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", "dekad.sh", dekad]
    return subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, timeout=280
    )


def written(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_dekad_that_ran_does_no_work_twice(place: Path, environment: dict[str, str]):
    first = run(place, environment, "201304d2")
    assert first.returncode == 0, first.stderr
    assert re.findall(r"^(\S+) is done: runs/", first.stdout, re.M) == [
        "rainfall-dekads",
        "publish-cube",
    ]
    found = read_tiff(place / "shelf/rain_dekad/2013/rain_dekad_201304d2_rfh.tif")
    days = np.stack(
        [read_tiff(place / f"archive/rfh_daily/2013/rfh_201304{day}.tif") for day in range(11, 21)]
    )
    expected = np.where(np.isfinite(days).sum(axis=0) >= 8, np.nansum(days, axis=0), np.nan)
    np.testing.assert_allclose(found, expected, atol=0.06)
    for receipt in (place / "runs").glob("*.ipynb"):
        (cell,) = [c for c in nbformat.read(receipt, 4).cells if c.id == "connect"]
        assert "2 workers, 2 threads" in "".join(output.text for output in cell.outputs)

    before = written(place)
    second = run(place, environment, "201304d2")
    assert second.returncode == 0, second.stderr
    assert re.findall(r"^(\S+) was done already: runs/", second.stdout, re.M) == [
        "rainfall-dekads",
        "publish-cube",
    ]
    assert written(place) == before


def test_after_a_failure_only_the_rest_is_done(place: Path, environment: dict[str, str]):
    shelf = place / "shelf"
    kept = shelf.rename(place / "kept")
    shelf.write_text("in the way")
    failed = run(place, environment, "201304d3")
    assert failed.returncode == 1
    assert "output: " in failed.stderr
    (left,) = (place / "runs").glob("publish-cube-201304d3-*.failed.ipynb")
    assert f"The notebook is runs/{left.name}" in failed.stderr
    shelf.unlink()
    kept.rename(shelf)
    again = run(place, environment, "201304d3")
    assert again.returncode == 0, again.stderr
    assert "rainfall-dekads was done already" in again.stdout
    assert "publish-cube is done" in again.stdout
    assert not left.exists()
    assert (shelf / "rain_dekad/2013/rain_dekad_201304d3.json").exists()


def test_a_dekad_that_is_not_there_yet_fails_in_words(place: Path, environment: dict[str, str]):
    failed = run(place, environment, "201401d1")
    assert failed.returncode == 1
    assert "start: nothing between 2014-01-01 and 2014-01-10" in failed.stderr


def test_the_cell_for_jupyter_scheduler_does_the_newest_dekad_once(
    place: Path,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    shutil.copytree(place / "archive", tmp_path / "archive")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", environment["DASK_SCHEDULER_ADDRESS"])
    cell = block("jupyter-scheduler", "python").replace("/srv/monitor", str(tmp_path))
    fixed = cell.replace("datetime.now(timezone.utc).date()", "datetime(2013, 5, 3).date()")
    # The archive of this test is smaller than the area of the template.
    fixed = fixed.replace("period = {", f'period = {{"area": {AREA}, ')
    assert fixed.count("2013") == 1
    for was_done in (False, True):
        exec(compile(fixed, "cell", "exec"), {})
        assert f"was_done={was_done}" in capsys.readouterr().out
    assert (tmp_path / "shelf/rain_dekad/2013/rain_dekad_201304d3.json").exists()


def test_the_dag_asks_for_the_dekad_of_its_date(monkeypatch: pytest.MonkeyPatch):
    """Airflow is not installed here: a stand-in takes what the page's DAG gives it."""
    commands: dict[str, str] = {}

    class Operator:
        def __init__(self, task_id: str, bash_command: str) -> None:
            commands[task_id] = bash_command

        def __rshift__(self, other: object) -> None:
            commands["order"] = "rain first"

    class Dag:
        def __init__(self, *names: str, **options: object) -> None:
            assert options["max_active_runs"] == 1

        def __enter__(self) -> None:
            pass

        def __exit__(self, *error: object) -> None:
            pass

    parts = ["airflow", "airflow.sdk", "airflow.providers", "airflow.providers.standard"]
    parts += [f"{parts[-1]}.operators", f"{parts[-1]}.operators.bash"]
    for name in parts:
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["airflow.sdk"].DAG = Dag
    sys.modules[parts[-1]].BashOperator = Operator
    exec(compile(textwrap.dedent(block("Airflow", "python")), "dag", "exec"), {})
    assert commands["order"] == "rain first"
    for task in ("rain", "publish"):
        command = commands[task].replace("{{ ds }}", "2013-05-03").split(" && ")[0]
        told = subprocess.run(
            ["bash", "-c", f"{command} && echo $d"],
            capture_output=True,
            text=True,
            env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
        )
        assert told.stdout == "201304d3\n", told.stderr
    assert "work/rfh_dekad_${d}_${d}.zarr" in commands["publish"]


def test_the_newest_dekad_has_ended():
    for today, delay, label in (
        (date(2024, 3, 1), 0, "202402d3"),
        (date(2024, 3, 10), 0, "202402d3"),
        (date(2024, 3, 11), 0, "202403d1"),
        (date(2024, 3, 12), 2, "202402d3"),
        (date(2024, 1, 1), 0, "202312d3"),
    ):
        assert dekads.label(dekads.newest(today, delay)) == label
    told = subprocess.run(
        [sys.executable, "-m", "seasonal_monitor.dekads", "2"], capture_output=True, text=True
    )
    assert re.fullmatch(r"\d{6}d[123]\n", told.stdout)


def test_a_run_says_what_it_cannot_do(tmp_path: Path):
    with pytest.raises(RunError, match=r"^colour is no parameter of spi\. It has area"):
        run_once("spi", {"colour": "red"}, tmp_path)
    with pytest.raises(RunError, match="is no array, written as JSON"):
        typed("spi", "area", "everywhere")
    assert typed("trend", "alpha", "1") == 1.0
    assert typed("trend", "collection", "12") == "12"
    with pytest.raises(RunError, match="is no integer"):
        typed("trend", "first_year", "true")
    with pytest.raises(LookupError, match="No template"):
        run_once("nothing", {}, tmp_path)
    lock = tmp_path / "x.lock"
    with _alone(lock), pytest.raises(BusyError, match="x is running already"), _alone(lock):
        pass
    assert not list(tmp_path.glob("*.ipynb"))
