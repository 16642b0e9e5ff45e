"""The application: every address, and what lies around them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from kg import __version__
from kg.server import api, linked_data, sparql
from kg.server.guard import Guard
from kg.server.observation import Metrics, Observation
from kg.server.problems import Problem
from kg.server.serving import Serving
from kg.server.settings import Settings

PAGE = Path(__file__).parent / "static"

_A_YEAR = "public, max-age=31536000, immutable"
_NO_PAGE = "The page has not been built into this installation; the API is at /api/v1/, the SPARQL endpoint at /sparql.\n"


def create_app(settings: Settings, *, extractor: str | None = None) -> FastAPI:
    """The server of a graph, as an ASGI application.

    Args:
        extractor: "module:name" of a function from {"text", "title", "published", "open", "model"} to {"text",
            "statements"}, for POST /api/v1/extract; it is called in a process of its own. None switches that off.
    """
    serving = Serving(settings, extractor)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await serving.start()
        try:
            yield
        finally:
            await serving.stop()

    app = FastAPI(
        title="kg",
        summary="A policy knowledge graph in which every statement leads back to the sentences that make it.",
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.serving = serving
    metrics = Metrics(serving)
    _add_routes(app, metrics)
    for kind in (HTTPException, RequestValidationError):
        app.add_exception_handler(kind, as_problem)
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(
        CORSMiddleware, allow_origins=list(settings.origins), allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["Accept", "Authorization", "Content-Type"], expose_headers=["ETag", "Link"], max_age=86400,
    )  # fmt: skip
    app.add_middleware(Observation, metrics=metrics, logs_queries=settings.logs_queries)
    return app


def _add_routes(app: FastAPI, metrics: Metrics) -> None:
    app.add_route("/sparql", sparql.sparql, methods=["GET", "POST"], include_in_schema=False)
    app.add_route("/rdf-graph-store", sparql.graph_store, methods=["GET", "PUT", "POST", "DELETE", "PATCH"],
                  include_in_schema=False)  # fmt: skip
    for kind in linked_data.KINDS:
        app.add_route(f"/{kind}/{{rest:path}}", linked_data.described, methods=["GET"], include_in_schema=False)
    app.add_route("/graph/{rest}", linked_data.graph, methods=["GET"], include_in_schema=False)
    app.add_route("/ontology", linked_data.ontology, methods=["GET"], include_in_schema=False)
    app.add_route("/health/live", _live, methods=["GET"], include_in_schema=False)
    app.add_route("/health/ready", _ready, methods=["GET"], include_in_schema=False)
    app.add_route("/metrics", metrics.respond, methods=["GET"], include_in_schema=False)
    app.include_router(api.make_router())
    app.add_route("/", _file("index.html"), methods=["GET"], include_in_schema=False)
    app.add_route("/api/", _file("api.html"), methods=["GET"], include_in_schema=False)
    app.add_route("/licenses.txt", _file("licenses.txt"), methods=["GET"], include_in_schema=False)
    app.mount("/assets", GZipMiddleware(_Assets(directory=PAGE / "assets", check_dir=False)), name="assets")


# ---- the page


class _Assets(StaticFiles):
    """Files whose names change with their content, so that they may be kept."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = _A_YEAR
        return response


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        file = PAGE / name
        if not file.is_file():
            return PlainTextResponse(_NO_PAGE)
        return FileResponse(file, headers={"Cache-Control": "no-cache"})

    return page


# ---- health


async def _live(request: Request) -> Response:
    return JSONResponse({"status": "live"}, headers={"Cache-Control": "no-store"})


async def _ready(request: Request) -> Response:
    sparql.serving_of(request).now  # noqa: B018  raises while there is nothing to serve
    return JSONResponse({"status": "ready"}, headers={"Cache-Control": "no-store"})


# ---- problems


async def as_problem(request: Request, error: Exception) -> Response:
    """Whatever went wrong, as a problem document."""
    if isinstance(error, Problem):
        return error.response()
    if isinstance(error, RequestValidationError):
        faults = [_fault(e) for e in error.errors()]
        detail = "; ".join(f"{fault['where']}: {fault['what']}" for fault in faults[:5])
        return Problem(422, detail, title="The request is not as it must be", errors=faults).response()
    assert isinstance(error, HTTPException)
    detail = f"{request.method} is not for this address" if error.status_code == 405 else "there is nothing here"
    said = {404: detail, 405: detail}.get(error.status_code, str(error.detail))
    return Problem(error.status_code, said, headers=error.headers).response()


def _fault(error: Mapping[str, Any]) -> dict[str, str]:
    return {"where": ".".join(map(str, error["loc"])), "what": str(error["msg"])}
