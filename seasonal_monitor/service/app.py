"""The service's interface over HTTP."""

from __future__ import annotations

import asyncio
import csv
import io
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as PlainHTTPException

from seasonal_monitor.errors import ParameterError

from .body import BoundedBody
from .computation import Computation
from .jobs import Job, Jobs, QueueFullError
from .limits import Limits

DESCRIPTION = """Statistics of polygons, computed on a Dask cluster.

Send a question with `POST /statistics`, look at it with `GET`, take its table from `…/result`, and
`DELETE` it when it is no longer wanted. A question that nobody asks after is cancelled. Each
refusal says in words what is wrong and what to do.
"""


class Question(BaseModel):
    """What is asked."""

    model_config = ConfigDict(extra="forbid")

    product: str = Field(description="One of `GET /products`.", examples=["rfh_dekad"])
    start: str = Field(description="First dekad or day, included.", examples=["202403d1"])
    end: str = Field(description="Last dekad or day, included.", examples=["202405d3"])
    polygons: dict[str, Any] = Field(
        description="GeoJSON in degrees: a FeatureCollection, Feature, Polygon or MultiPolygon.",
        examples=[
            {"type": "Polygon", "coordinates": [[[36, 3], [37, 3], [37, 4], [36, 4], [36, 3]]]}
        ],
    )
    statistics: list[str] = Field(
        default=["mean"],
        max_length=20,
        description="Of mean, sum, min, max, count and median; weighted by how much of a pixel "
        "lies in the polygon.",
    )
    id_property: str | None = Field(
        default=None, description="Property that names the polygons; numbers without it."
    )
    min_coverage: float = Field(
        default=0.0, ge=0, le=1, description="Pixels with a smaller share inside do not count."
    )


class Status(BaseModel):
    """How far a question is."""

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    place: int = Field(description="Its place among those that wait; 0 when it does not wait.")
    tasks_done: int | None = Field(description="Of the cluster's tasks; null when not known.")
    tasks: int | None
    error: str = Field(description="Why it failed or was cancelled, in words.")
    parameter: str = Field(description="Which parameter was at fault, where one was.")


class Answer(BaseModel):
    """A table."""

    columns: list[str]
    rows: list[list[Any]]
    units: str


class Refusal(BaseModel):
    """Why a request was refused."""

    error: str
    parameter: str = ""


class Routes:
    """What each address does."""

    def __init__(self, computation: Computation, jobs: Jobs, token: str) -> None:
        self._computation = computation
        self._jobs = jobs
        self._header = f"Bearer {token}".encode()

    async def known(self, request: Request) -> None:
        """Refuse whoever has not the token."""
        given = request.headers.get("authorization", "").encode()
        if not secrets.compare_digest(given, self._header):
            raise HTTPException(
                401,
                "The token is missing or wrong. Send it as Authorization: Bearer ….",
                {"WWW-Authenticate": "Bearer"},
            )

    async def products(self) -> dict[str, Any]:
        """List what can be asked for, and the bounds of a question."""
        limits = self._jobs.limits
        return {"products": self._computation.products, "limits": vars(limits)}

    async def ask(
        self,
        question: Question,
        request: Request,
        response: Response,
        wait: Annotated[
            float,
            Query(ge=0, le=600, description="Seconds to wait for the end; hanging up cancels it."),
        ] = 0,
    ) -> Status:
        """Queue a question."""
        asked = await asyncio.to_thread(self._computation.check, **question.model_dump())
        job = self._jobs.submit(asked)
        response.headers["Location"] = f"{request.scope.get('root_path', '')}/statistics/{job.id}"
        if wait:
            await self._wait(job, request, wait)
        return await self._status(job)

    async def status(self, job_id: str) -> Status:
        """Say how far a question is."""
        return await self._status(self._find(job_id))

    async def result(
        self,
        job_id: str,
        format: Annotated[Literal["json", "csv"], Query(description="Of the table.")] = "json",
    ) -> Response:
        """Give the table of a question that is done."""
        job = self._find(job_id)
        if job.state in ("queued", "running"):
            raise HTTPException(409, f"It is {job.state}. Look at its state and ask again.")
        if job.state != "done":
            raise HTTPException(410, f"There is no result. {job.error}")
        if format == "json":
            return JSONResponse(vars(job.result))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(job.result.columns)
        writer.writerows(job.result.rows)
        return Response(text.getvalue(), media_type="text/csv")

    async def cancel(self, job_id: str) -> Status:
        """Cancel a question; the cluster is free of it when this returns."""
        job = self._find(job_id)
        await self._jobs.cancel(job)
        return await self._status(job)

    def _find(self, job_id: str) -> Job:
        job = self._jobs.find(job_id)
        if job is None:
            raise HTTPException(
                404, "There is no such question, or its answer is no longer kept. Ask again."
            )
        return job

    async def _status(self, job: Job) -> Status:
        done = await self._computation.progress(job)
        return Status(
            id=job.id,
            state=job.state,
            place=self._jobs.place(job),
            tasks_done=done and done[0],
            tasks=done and done[1],
            error=job.error,
            parameter=job.parameter,
        )

    async def _wait(self, job: Job, request: Request, seconds: float) -> None:
        """Wait for a job, and cancel it when whoever asked hangs up."""
        job.waiters += 1
        ended = asyncio.create_task(job.over.wait())
        gone = asyncio.create_task(_hangs_up(request))
        try:
            await asyncio.wait({ended, gone}, timeout=seconds, return_when="FIRST_COMPLETED")
            if gone.done() and not ended.done():
                await self._jobs.cancel(job, "Whoever asked for it hung up.")
        finally:
            job.waiters -= 1
            ended.cancel()
            gone.cancel()


async def _hangs_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def make_app(computation: Computation, limits: Limits, token: str, root_path: str = "") -> FastAPI:
    """Make the application.

    Parameters
    ----------
    computation : Computation
        What answers.
    limits : Limits
        Its bounds.
    token : str
        Every request must carry it as ``Authorization: Bearer …``; only ``/docs`` and the
        description of the interface need none.
    root_path : str
        Where it is found behind a proxy, such as ``/user/me/proxy/8000``.
    """
    jobs = Jobs(computation.run, limits)
    routes = Routes(computation, jobs, token)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        jobs.start()
        try:
            yield
        finally:
            await jobs.stop()

    app: FastAPI = FastAPIOffline(
        redoc_url=None,
        title="Seasonal Monitor statistics",
        version="1",
        description=DESCRIPTION,
        root_path=root_path,
        lifespan=life,
        responses={status: {"model": Refusal} for status in (401, 404, 409, 410, 413, 422, 429)},
    )
    app.state.jobs = jobs
    # The first is what /docs shows, the second is what refuses.
    bearer = HTTPBearer(auto_error=False, description="The token of the service.")
    guarded: dict[str, Any] = {"dependencies": [Depends(bearer), Depends(routes.known)]}
    one = "/statistics/{job_id}"
    app.add_api_route("/products", routes.products, methods=["GET"], **guarded)
    app.add_api_route("/statistics", routes.ask, methods=["POST"], status_code=202, **guarded)
    app.add_api_route(one, routes.status, methods=["GET"], **guarded)
    app.add_api_route(
        f"{one}/result",
        routes.result,
        methods=["GET"],
        response_model=None,
        **{**guarded, "responses": {200: {"model": Answer}}},
    )
    app.add_api_route(one, routes.cancel, methods=["DELETE"], **guarded)
    app.add_exception_handler(ParameterError, _parameter)
    app.add_exception_handler(QueueFullError, _full)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(PlainHTTPException, _refused)
    app.add_middleware(BoundedBody, most=limits.body_bytes)
    return app


def _refuse(status: int, error: str, parameter: str = "", **headers: str) -> JSONResponse:
    return JSONResponse({"error": error, "parameter": parameter}, status, headers)


async def _parameter(_: Request, error: Any) -> JSONResponse:  # noqa: ANN401
    return _refuse(422, str(error), error.parameter)


async def _full(_: Request, error: Any) -> JSONResponse:  # noqa: ANN401
    return _refuse(429, str(error), **{"Retry-After": "60"})


async def _refused(_: Request, error: Any) -> JSONResponse:  # noqa: ANN401
    return _refuse(error.status_code, str(error.detail), **(error.headers or {}))


async def _invalid(_: Request, error: Any) -> JSONResponse:  # noqa: ANN401
    first = error.errors()[0]
    path = [str(part) for part in first["loc"] if part not in ("body", "query")]
    name = path[0] if path else "body"
    return _refuse(422, f"{name}: {first['msg']}. Look at /docs for what is expected.", name)
