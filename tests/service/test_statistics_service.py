"""The service on a real cluster, asked over HTTP, against shares of pixels that shapely cuts."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas
import httpx
import numpy as np
import pytest
import shapely
from distributed import Client, Event, LocalCluster
from template_notebook import printed, run_unattended
from template_run import has_picture, read_tiff, refuse

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.errors import SeasonalMonitorError
from seasonal_monitor.service import Limits, Server, serve

pytestmark = pytest.mark.timeout(300)

PRODUCTS = {"rfh_dekad": "rfh"}
BOX = {"type": "Polygon", "coordinates": [[[35.6, 4.6], [36.4, 4.6], [36.1, 5.5], [35.6, 4.6]]]}
QUESTION = {"product": "rfh_dekad", "start": "201304d1", "end": "201304d3", "polygons": BOX}
BOW = {"type": "Polygon", "coordinates": [[[35, 4], [36, 5], [36, 4], [35, 5], [35, 4]]]}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of 48 x 48 pixels, 35.0-37.4 E, 3.6-6.0 N."""
    folder = tmp_path_factory.mktemp("archive")
    return make_archive(folder, Recipe(2012, 2013, 48, 7)).catalog.parent


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def start(archive: Path, client: Client) -> Iterator[Callable[..., httpx.Client]]:
    """Starts a service with some limits, and gives what asks it."""
    opened: list[Server | httpx.Client] = []

    def start(**limits: float) -> httpx.Client:
        server = serve(archive / "catalog.json", PRODUCTS, client, limits=Limits(**limits))
        headers = {"Authorization": f"Bearer {server.token}"}
        http = httpx.Client(base_url=server.address, headers=headers, timeout=120)
        opened.extend([server, http])
        return http

    yield start
    for one in reversed(opened):
        one.close()


@pytest.fixture
def busy(client: Client) -> Iterator[Event]:
    """Workers that have something else to do, until the event is set."""
    event = Event("free")
    event.clear()
    threads = sum(client.nthreads().values())
    waits = [client.submit(_hold, place, pure=False) for place in range(threads)]
    wait_for(lambda: sum(map(len, client.processing().values())) >= threads)
    yield event
    event.set()
    client.gather(waits)


def _hold(place: int) -> int:
    Event("free").wait(timeout=120)
    return place


def wait_for(condition: Callable[[], object], seconds: float = 90) -> None:
    latest = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < latest
        time.sleep(0.05)


def tasks(client: Client) -> int:
    """Tasks that the scheduler knows, but those that keep the workers busy."""
    return client.run_on_scheduler(
        lambda dask_scheduler: sum("_hold" not in str(key) for key in dask_scheduler.tasks)
    )


def state(http: httpx.Client, job: str) -> dict[str, object]:
    return http.get(f"/statistics/{job}").json()


def on_the_cluster(http: httpx.Client, job: str) -> bool:
    return bool(state(http, job)["tasks"])


def test_an_answer_is_what_an_independent_computation_gives(start, archive: Path):
    http = start()
    zones = geopandas.read_file(archive / "zones.geojson")
    statistics = ["mean", "sum", "min", "max", "count"]
    asked = {
        **QUESTION,
        "polygons": json.loads(zones.to_json()),
        "id_property": "PCODE",
        "statistics": statistics,
    }
    status = http.post("/statistics", params={"wait": 100}, json=asked).json()
    assert status["state"] == "done", status
    answer = http.get(f"/statistics/{status['id']}/result").json()
    assert answer["columns"] == ["date", "zone", *statistics]
    assert answer["units"] == "mm"
    edge = np.arange(48) * 0.05
    west, north = np.meshgrid(35.0 + edge, 6.0 - edge)
    pixels = shapely.box(west, north - 0.05, west + 0.05, north)
    found = {(row[0], row[1]): row[2:] for row in answer["rows"]}
    assert len(found) == 3 * len(zones)
    for dekad in (1, 2, 3):
        rain = read_tiff(archive / f"rfh_dekad/2013/rfh_201304d{dekad}.tif")
        for code, polygon in zip(zones["PCODE"], zones.geometry, strict=True):
            share = shapely.area(shapely.intersection(pixels, polygon)) / 0.05**2
            share = np.where(np.isfinite(rain) & (share > 1e-9), share, 0)
            values = rain[share > 0]
            total = float(np.nansum(rain * share))
            expected = [total / share.sum(), total, values.min(), values.max(), share.sum()]
            row = found[f"2013-04-{dekad * 10 - 9:02}", code]
            assert row == pytest.approx(expected, rel=1e-3, abs=1e-4)
    table = http.get(f"/statistics/{status['id']}/result", params={"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text.splitlines()[0] == "date,zone,mean,sum,min,max,count"


def test_a_full_queue_refuses_in_words_and_goes_on_when_there_is_room(start, client, busy):
    http = start(waiting=1)
    ids = [http.post("/statistics", json=QUESTION).json()["id"] for _ in range(2)]
    wait_for(lambda: on_the_cluster(http, ids[0]))
    assert state(http, ids[0])["tasks_done"] == 0
    assert (state(http, ids[1])["state"], state(http, ids[1])["place"]) == ("queued", 1)
    early = http.get(f"/statistics/{ids[0]}/result")
    assert early.status_code == 409
    refused = http.post("/statistics", json=QUESTION)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "1 requests are being computed and 1 wait" in refused.json()["error"]
    assert "ask again in a minute" in refused.json()["error"]
    busy.set()
    wait_for(lambda: state(http, ids[1])["state"] == "done")
    assert state(http, ids[0])["state"] == "done"
    assert http.post("/statistics", json=QUESTION).status_code == 202


def test_cancelling_frees_the_cluster_and_lets_the_next_run(start, client, busy):
    http = start(waiting=1)
    before = tasks(client)
    first, second = (http.post("/statistics", json=QUESTION).json()["id"] for _ in range(2))
    wait_for(lambda: on_the_cluster(http, first))
    assert tasks(client) > before
    assert http.delete(f"/statistics/{second}").json()["state"] == "cancelled"
    ended = http.delete(f"/statistics/{first}").json()
    assert (ended["state"], ended["error"]) == ("cancelled", "It was cancelled.")
    wait_for(lambda: tasks(client) == before)
    gone = http.get(f"/statistics/{first}/result")
    assert gone.status_code == 410
    assert "There is no result. It was cancelled." in gone.json()["error"]
    busy.set()
    status = http.post("/statistics", params={"wait": 100}, json=QUESTION).json()
    assert status["state"] == "done"


def test_a_client_that_hangs_up_is_taken_to_have_cancelled(start, client, busy):
    http = start()
    before = tasks(client)
    server = socket.create_connection((http.base_url.host, http.base_url.port))
    body = json.dumps(QUESTION).encode()
    head = (
        f"POST /statistics?wait=500 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: {http.headers['authorization']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    server.sendall(head.encode() + body)
    wait_for(lambda: tasks(client) > before)
    server.close()
    wait_for(lambda: tasks(client) == before)


def test_a_question_that_nobody_asks_after_is_cancelled(start, client, busy):
    http = start(abandoned_seconds=2)
    before = tasks(client)
    job = http.post("/statistics", json=QUESTION).json()["id"]
    wait_for(lambda: tasks(client) > before)
    wait_for(lambda: tasks(client) == before)
    assert state(http, job)["error"] == "Nobody asked after it."


def test_a_computation_that_takes_too_long_is_ended_in_words(start, client, busy):
    http = start(seconds=1)
    status = http.post("/statistics", params={"wait": 100}, json=QUESTION).json()
    assert status["state"] == "failed"
    assert "It took more than 1 s" in status["error"]


def collection(*geometries: object, **properties: object) -> dict[str, object]:
    features = [
        {"type": "Feature", "geometry": one, "properties": properties} for one in geometries
    ]
    return {"type": "FeatureCollection", "features": features}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"polygons": BOW}, r"polygons: number 1 is not valid: Self-intersection\[35.5 4.5\]"),
        ({"polygons": {"type": "Point", "coordinates": [36, 5]}}, "'Point' is no GeoJSON of pol"),
        ({"polygons": collection(BOX, {"type": "Point", "coordinates": [1, 2]})}, "number 2 is 'P"),
        (
            {"polygons": {"type": "Polygon", "coordinates": [[[1, 2], [3]]]}},
            "are no polygon. A rin",
        ),
        ({"polygons": {"type": "Polygon", "coordinates": "all"}}, "are no polygon. A ring is a l"),
        ({"polygons": {"type": "Polygon", "coordinates": []}}, "number 1 is empty"),
        ({"polygons": {"type": "FeatureCollection", "features": []}}, "polygons: there are none"),
        ({"polygons": shapely.geometry.mapping(shapely.box(500, 4, 501, 5))}, "longitude first"),
        ({"polygons": collection(*[BOX] * 4)}, "4 are too many, 3 is the most"),
        (
            {"polygons": shapely.geometry.mapping(shapely.Point(36, 5).buffer(0.5, 64))},
            "corners ar",
        ),
        (
            {"polygons": collection(BOX, BOX, code="A"), "id_property": "code"},
            "'A' names two polyg",
        ),
        ({"polygons": collection(BOX), "id_property": "code"}, "number 1 has no 'code'"),
        ({"product": "snow"}, "product: 'snow' is not served, only rfh_dekad"),
        ({"start": "201305d1"}, "start: 201305d1 is after the end"),
        ({"end": "soon"}, "end: 'soon' is not a dekad"),
        ({"statistics": ["mode"]}, "statistics: 'mode' is not known"),
        ({"min_coverage": 2}, "min_coverage: Input should be less than or equal to 1"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(refuser: httpx.Client, bad, words):
    refused = refuser.post("/statistics", json={**QUESTION, **bad})
    assert refused.status_code == 422
    assert re.search(words, refused.json()["error"]), refused.json()
    assert refused.json()["parameter"] == next(
        name for name in ("id_property", *bad) if name in bad
    )


@pytest.fixture(scope="module")
def refuser(archive: Path, client: Client) -> Iterator[httpx.Client]:
    limits = Limits(polygons=3, corners=100, values=5000, body_bytes=20_000)
    with serve(archive / "catalog.json", PRODUCTS, client, limits=limits) as server:
        headers = {"Authorization": f"Bearer {server.token}"}
        with httpx.Client(base_url=server.address, headers=headers, timeout=120) as http:
            yield http


@pytest.mark.parametrize(
    ("bad", "parameter", "words"),
    [
        ({"start": "199901d1", "end": "199902d1"}, "start", "the data reach from 2012-01-01"),
        (
            {"polygons": shapely.geometry.mapping(shapely.box(10, 40, 11, 41))},
            "polygons",
            "outside",
        ),
        ({"start": "201201d1"}, "end", "values in the area and period are too many"),
    ],
    ids=["period", "area", "values"],
)
def test_what_the_archive_lacks_is_said_in_the_answer(refuser, bad, parameter, words):
    asked = {**QUESTION, **bad}
    status = refuser.post("/statistics", params={"wait": 100}, json=asked).json()
    assert (status["state"], status["parameter"]) == ("failed", parameter), status
    assert words in status["error"]


def test_a_request_that_is_too_large_is_refused_before_it_is_read(refuser: httpx.Client):
    stated = refuser.post("/statistics", content=b" " * 30_000)
    parts = refuser.post("/statistics", content=(b" " * 10_000 for _ in range(3)))
    for refused in (stated, parts):
        assert refused.status_code == 413
        assert "More than 20,000 bytes are not taken" in refused.json()["error"]


def test_nobody_asks_without_the_token_and_docs_need_no_other_machine(refuser: httpx.Client):
    anyone = httpx.Client(base_url=refuser.base_url, timeout=60)
    for method, path in (
        ("GET", "/products"),
        ("POST", "/statistics"),
        ("DELETE", "/statistics/x"),
    ):
        refused = anyone.request(method, path, headers={"Authorization": "Bearer wrong"})
        assert refused.status_code == 401
        assert "The token is missing or wrong" in refused.json()["error"]
    page = anyone.get("/docs").text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    assert not [address for address in addresses if "//" in address]
    for address in addresses:
        assert anyone.get(address).status_code == 200
    described = anyone.get("/openapi.json").json()
    assert described["paths"]["/statistics"]["post"]["security"] == [{"HTTPBearer": []}]
    assert refuser.get("/statistics/nothing").status_code == 404


def test_a_port_that_is_taken_is_named(archive: Path, client: Client, refuser: httpx.Client):
    with pytest.raises(SeasonalMonitorError, match=f"port: {refuser.base_url.port} is taken"):
        serve(archive, PRODUCTS, client, port=refuser.base_url.port)


def test_it_runs_as_a_program_and_wants_a_token(archive: Path, client: Client):
    command = [sys.executable, "-m", "seasonal_monitor.service", str(archive / "catalog.json")]
    environment = {"DASK_SCHEDULER_ADDRESS": client.scheduler.address, "PATH": ""}
    bare = subprocess.run(
        [*command, "rfh_dekad=rfh"], env=environment, capture_output=True, text=True, timeout=120
    )
    assert bare.returncode == 1
    assert "SEASONAL_MONITOR_SERVICE_TOKEN is not set" in bare.stderr
    running = subprocess.Popen(
        [*command, "rfh_dekad=rfh", "--port", "0"],
        env={**environment, "SEASONAL_MONITOR_SERVICE_TOKEN": "of-the-test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    guard = threading.Timer(120, running.kill)
    guard.start()
    try:
        address = running.stdout.readline().strip().removesuffix("/docs")
        reply = httpx.get(f"{address}/products", headers={"Authorization": "Bearer of-the-test"})
        assert reply.json()["products"] == PRODUCTS
    finally:
        guard.cancel()
        running.terminate()
        running.wait(60)
        running.stdout.close()


def test_the_template_starts_it_asks_it_and_shows_the_answer(
    archive: Path, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", client.scheduler.address)
    notebook = run_unattended(
        tmp_path,
        "statistics-service",
        catalog=str(archive / "catalog.json"),
        zones=str(archive / "zones.geojson"),
        start="201304d1",
        end="201304d3",
        output="results",
    )
    assert "2 workers, 2 threads" in printed(notebook, "connect")
    assert "All is plausible; 100%" in printed(notebook, "plausible")
    assert (tmp_path / "results/rfh_dekad_201304d1_201304d3.csv").exists()
    assert all(has_picture(notebook, cell) for cell in ("map", "series"))
    assert "Bearer " not in (tmp_path / "executed.ipynb").read_text().replace("Bearer {server", "")


def test_the_template_names_the_parameter(archive: Path):
    good = {"zones": str(archive / "zones.geojson"), "dry_run": True}
    refuse("statistics-service", "checks", "^statistics: mean", statistics=["min"], **good)
    refuse("statistics-service", "checks", "^port: 70000 is no port", port=70000, **good)
