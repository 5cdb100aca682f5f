"""A STAC API on 127.0.0.1 that serves an archive: search over HTTP, rasters by byte ranges."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pystac

CONFORMS = [
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/collections",
    "https://api.stacspec.org/v1.0.0/item-search",
    "https://api.stacspec.org/v1.0.0/ogcapi-features",
]


@dataclass
class StacApi:
    """What the server answers, and what it was asked."""

    folder: Path
    address: str = ""
    #: Items of a page; 0 for all on one.
    page: int = 0
    #: What ``Authorization`` must hold; empty for anything.
    token: str = ""
    #: What follows the question mark in the address of a file; empty for anything.
    signature: str = ""
    #: Answered to each search instead of items.
    failure: int = 0
    searches: list[dict[str, Any]] = field(default_factory=list)
    ranges: int = 0
    #: All that followed question marks in addresses of files.
    queries: set[str] = field(default_factory=set)

    def root(self) -> dict[str, Any]:
        links = {"self": "", "root": "", "data": "collections"}
        return {
            "type": "Catalog",
            "stac_version": "1.0.0",
            "id": "api",
            "description": "An API.",
            "conformsTo": CONFORMS,
            "links": [
                {"rel": rel, "href": f"{self.address}/{path}", "type": "application/json"}
                for rel, path in links.items()
            ]
            + [
                {
                    "rel": "search",
                    "method": "POST",
                    "href": f"{self.address}/search",
                    "type": "application/geo+json",
                }
            ],
        }

    def collection(self) -> dict[str, Any]:
        content = json.loads((self.folder / "rfh_dekad/collection.json").read_text())
        content["links"] = [
            {"rel": "root", "href": f"{self.address}/"},
            {"rel": "self", "href": f"{self.address}/collections/rfh_dekad"},
            {"rel": "items", "href": f"{self.address}/collections/rfh_dekad/items"},
        ]
        return content

    def find(self, search: dict[str, Any]) -> dict[str, Any]:
        """Answer a search by time and box, a page of it."""
        first, last = (day[:10] for day in search["datetime"].split("/"))
        found = self.items(first, last)
        if box := search.get("bbox"):
            found["features"] = [
                item
                for item in found["features"]
                if item["bbox"][0] < box[2]
                and item["bbox"][2] > box[0]
                and item["bbox"][1] < box[3]
                and item["bbox"][3] > box[1]
            ]
        begin = search.get("begin", 0)
        if self.page and begin + self.page < len(found["features"]):
            following = {
                "rel": "next",
                "method": "POST",
                "href": f"{self.address}/search",
                "body": {**search, "begin": begin + self.page},
            }
            found["links"] = [following]
        if self.page:
            found["features"] = found["features"][begin : begin + self.page]
        return found

    def items(self, first: str, last: str) -> dict[str, Any]:
        """All dekads that begin between two days."""
        features = []
        for path in sorted(self.folder.glob("rfh_dekad/*/rfh_*.json")):
            item = pystac.Item.from_file(str(path)).to_dict(transform_hrefs=False)
            if first <= item["properties"]["datetime"][:10] <= last:
                item["links"] = []
                raster = path.with_suffix(".tif").relative_to(self.folder)
                item["assets"]["rfh"]["href"] = f"{self.address}/files/{raster}"
                features.append(item)
        return {"type": "FeatureCollection", "features": features, "links": []}


class _Handler(BaseHTTPRequestHandler):
    api: StacApi

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if self.api.token and self.headers.get("Authorization") != self.api.token:
            self.send_error(401)
            return
        if path.startswith("/files/"):
            self.api.queries.add(query)
            if self.api.signature and query != self.api.signature:
                self.send_error(403)
            else:
                self._file(self.api.folder / path.removeprefix("/files/"))
        elif path == "/":
            self._json(self.api.root())
        elif path == "/collections":
            self._json({"collections": [self.api.collection()], "links": []})
        elif path == "/collections/rfh_dekad":
            self._json(self.api.collection())
        elif path == "/collections/rfh_dekad/items":
            self._json(self.api.items("2001-01-01", "2001-01-01"))
        else:
            self.send_error(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        search = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.api.searches.append(search)
        if self.api.failure:
            self.send_error(self.api.failure)
        else:
            self._json(self.api.find(search))

    def log_message(self, *_args: object) -> None:
        """Keep the test's output quiet."""

    def _json(self, content: dict[str, Any]) -> None:
        self._send(200, json.dumps(content).encode(), "application/geo+json")

    def _file(self, path: Path) -> None:
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        wanted = self.headers.get("Range", "").removeprefix("bytes=")
        if not wanted:
            self._send(200, content, "image/tiff")
            return
        begin, _, end = wanted.partition("-")
        part = content[int(begin) : int(end) + 1 if end else None]
        stated = f"bytes {begin}-{int(begin) + len(part) - 1}/{len(content)}"
        self.api.ranges += 1
        self._send(206, part, "image/tiff", ("Content-Range", stated))

    def _send(self, status: int, body: bytes, kind: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Accept-Ranges", "bytes"),
            *headers,
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def serving(folder: Path) -> Iterator[StacApi]:
    api = StacApi(folder)
    handler = type("Handler", (_Handler,), {"api": api})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        api.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()
