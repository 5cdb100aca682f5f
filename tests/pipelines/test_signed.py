"""An archive that opens its files to who signs their addresses, read by workers of a cluster.

The token is kept by the person, in a file; no plan, output, error or log shows it.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import xarray as xr
from distributed import Client, LocalCluster
from stac_server import StacApi, serving
from template_notebook import run_unattended

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.errors import SourceError
from seasonal_monitor.sources import open_source
from seasonal_monitor.sources.rasters import NamingDriver
from seasonal_monitor.sources.signing import TOKEN, TOKEN_FILE, TOKEN_HOSTS, Signer

pytestmark = pytest.mark.timeout(400)

AREA = [35.5, 4.0, 37.0, 5.5]
SECRET = "hushhush"
SIGNATURE = f"sv=2024&sig={SECRET}"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = Recipe(first_year=2011, last_year=2013, size=48, seed=7)
    return make_archive(tmp_path_factory.mktemp("archive"), recipe).catalog.parent


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two processes that know of no token by themselves."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as connected,
    ):
        yield connected


@pytest.fixture
def api(archive: Path) -> Iterator[StacApi]:
    with serving(archive) as server:
        server.signature = SIGNATURE
        yield server


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the token, as WFP's scripts keep it."""
    path = tmp_path / "tk.json"
    path.write_text(json.dumps({"tk": SIGNATURE}))
    monkeypatch.setenv(TOKEN_FILE, str(path))
    monkeypatch.setenv(TOKEN_HOSTS, "127.0.0.1")
    return path


def open_rain(source: Path | str) -> xr.DataArray:
    asked = {"area": AREA, "start": "201301d1", "end": "201302d3", "chunk_px": 16}
    return open_source(source, "rfh_dekad", "rfh", **asked)["rfh"]


@pytest.mark.usefixtures("token")
def test_should_read_what_is_signed_and_show_no_token(
    api: StacApi, archive: Path, client: Client, capfd: pytest.CaptureFixture[str]
):
    data = open_rain(api.address)
    # A task's own words leave out what it holds.
    tasks = dict(data.__dask_graph__()).items()
    held = [
        (key, task, getattr(task, "args", ()), getattr(task, "kwargs", {})) for key, task in tasks
    ]
    shown = f"{data!r} {held!r}"
    assert api.address in shown
    there = data.compute()
    xr.testing.assert_equal(there, open_rain(archive).compute())
    assert api.queries == {SIGNATURE}
    logs = [client.get_worker_logs(), client.get_scheduler_logs(), there.attrs, *capfd.readouterr()]
    assert SECRET not in f"{shown} {logs}"


@pytest.mark.usefixtures("client")
def test_should_say_that_files_are_closed_without_a_token(api: StacApi):
    with pytest.raises(SourceError, match=r"^source: http://.*tif cannot be read: .* not open"):
        open_rain(api.address).compute()
    assert api.queries == {""}


def log_to(path: str) -> None:
    """Let a worker write into a file what anybody logs there."""
    logging.getLogger().addHandler(logging.FileHandler(path))


def test_should_not_show_a_token_that_is_refused(
    api: StacApi, token: Path, client: Client, tmp_path: Path
):
    client.run(log_to, str(tmp_path / "workers.log"))
    token.write_text(f"sv=2024&sig={SECRET}-of-last-year")
    with pytest.raises(SourceError, match=r"tif cannot be read: .* give or renew it") as caught:
        open_rain(api.address).compute()
    assert api.queries == {f"sv=2024&sig={SECRET}-of-last-year"}
    written = (tmp_path / "workers.log").read_text()
    assert f"Failed to load {api.address}" in written  # so says who opens files, with the address
    assert SECRET not in written
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.usefixtures("client", "token")
def test_should_give_the_token_to_no_other_host(api: StacApi, monkeypatch: pytest.MonkeyPatch):
    api.signature = ""
    monkeypatch.setenv(TOKEN_HOSTS, "example.org")
    open_rain(api.address).compute()
    monkeypatch.delenv(TOKEN_HOSTS)
    open_rain(api.address).compute()
    assert api.queries == {""}


@pytest.mark.usefixtures("token")
def test_should_leave_no_token_in_a_notebook(api: StacApi, tmp_path: Path):
    folder = tmp_path / "run"
    folder.mkdir()
    notebook = run_unattended(
        folder,
        catalog=api.address,
        area=AREA,
        start="201304d1",
        end="201304d1",
        baseline_start=2011,
        baseline_end=2012,
    )
    assert api.queries == {SIGNATURE}
    assert "All is plausible" in str(notebook)
    left = [path for path in folder.rglob("*") if path.is_file()]
    assert len(left) > 1
    assert not any(SECRET.encode() in path.read_bytes() for path in left)


def test_should_take_the_token_of_the_environment_too(
    api: StacApi, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(TOKEN, f"?{SIGNATURE}\n")
    monkeypatch.setenv(TOKEN_HOSTS, "example.org, 127.0.0.1")
    open_rain(api.address).isel(time=[0]).compute(scheduler="synchronous")
    assert api.queries == {SIGNATURE}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file"),
        ("{}", "holds no token"),
        ('{"tk": "', "holds no token"),
        ("one\ntwo", "is no token"),
    ],
)
def test_should_say_that_the_file_has_no_token_before_any_work(
    api: StacApi, token: Path, content: str | None, words: str
):
    token.unlink()
    if content is not None:
        token.write_text(content)
    with pytest.raises(SourceError, match=f"^source: {token}, which {TOKEN_FILE} names, {words}"):
        open_rain(api.address)
    assert not api.queries


@pytest.mark.parametrize(
    ("address", "signed"),
    [
        ("https://data.wfp.org/a.tif", "https://data.wfp.org/a.tif?t=1"),
        ("https://data.wfp.org/a.tif?b=2", "https://data.wfp.org/a.tif?b=2&t=1"),
        ("https://wfp.org/a.tif", "https://wfp.org/a.tif?t=1"),
        ("http://data.wfp.org/a.tif", None),  # anybody could read it on its way
        ("https://data-wfp.org/a.tif", None),
        ("https://wfp.org.example.org/a.tif", None),
        ("https://example.org/wfp.org/a.tif", None),
        ("s3://wfp.org/a.tif", None),
        ("/data/wfp.org/a.tif", None),
    ],
)
def test_should_sign_for_named_hosts_by_safe_ways_only(address: str, signed: str | None):
    assert Signer("t=1", ["wfp.org"])(address) == (signed or address)


def test_should_let_workers_look_for_credentials_of_buckets():
    assert NamingDriver("source", ["s3://bucket/a.tif"]).capture_env()["_aws"] == {}
    plain = NamingDriver("source", ["https://example.org/a.tif"]).capture_env()
    assert "_aws" not in plain
    assert plain["GDAL_DISABLE_READDIR_ON_OPEN"] == "EMPTY_DIR"
