"""What all routes of the API have in common."""

import json
import re
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from inspect import iscoroutinefunction
from typing import Any
from zlib import crc32

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kg import __version__
from kg.errors import GraphError, QueryError, UnknownName
from kg.server.api.schemas import ProblemDetails
from kg.server.problems import MEDIA_TYPE, Problem
from kg.server.sparql import serving_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_WHAT = {
    400: "Something is named that there is not, or cannot be read",
    401: "The server wants to know who asks",
    403: "Switched off on this server",
    404: "There is no such thing in the graph",
    406: "No media type that is accepted can be given",
    408: "The request did not come in time",
    413: "The request is too large",
    414: "The address is too long",
    415: "The body is in an encoding that is not read",
    422: "A parameter is missing, unknown or not as it must be; or the answer is too large",
    429: "Too many requests at once",
    500: "The server failed",
    503: "The graph is not open, the server is busy, or the time limit is over",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These statuses, and those that any request may have, for the description of a route."""
    schema = ProblemDetails.model_json_schema()
    every = {400, 401, 414, 422, 500, 503, *statuses}
    return {s: {"description": _WHAT[s], "content": {MEDIA_TYPE: {"schema": schema}}} for s in sorted(every)}


def answer(value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """The value as JSON. What is given is what the schemas say: a test holds that, so it is not checked again."""
    body = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return Response(body, headers=headers, media_type="application/json")


class _Route(APIRoute):
    """Errors as problems, and only so many at once, so that a look-up does not wait for what takes long.

    Handlers that await something hold no place meanwhile: they take one themselves, by `in_thread`.
    """

    is_quick = False

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                async with self._place(request):
                    return await handle(request)
            except UnknownName as error:
                raise Problem(404, str(error)) from error
            except QueryError as error:
                raise Problem(400, str(error)) from error
            except GraphError as error:
                raise Problem(503, str(error), headers={"Retry-After": "2"}) from error

        return handled

    def _place(self, request: Request) -> AbstractAsyncContextManager[Any]:
        serving = serving_of(request)
        if iscoroutinefunction(self.endpoint):
            return nullcontext()
        return serving.look_ups if self.is_quick else serving.searches


class _RevisedRoute(_Route):
    """A route whose answers change with the revision and with nothing else."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            tag = _tag(request)
            headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept"}
            if _is_known(request.headers.get("if-none-match"), tag):
                return Response(status_code=304, headers=headers)
            response = await handle(request)
            for name, value in headers.items():
                response.headers.setdefault(name, value)
            return response

        return handled


def _tag(request: Request) -> str:
    """A weak validator of whatever is made from the index that is served, in the media type that is wanted."""
    index = serving_of(request).now.index
    wanted = crc32(request.headers.get("accept", "").encode())
    return f'W/"{__version__}-{index.revision}-{index.stamp}-{wanted:x}"'


def _is_known(given: str | None, tag: str) -> bool:
    return given is not None and tag in (part.strip() for part in given.split(","))


class Router:
    """Routes under one heading. GET comes with HEAD, which is not described by itself."""

    def __init__(self, heading: str) -> None:
        self.router = APIRouter(tags=[heading])

    def get(self, path: str, model: type, *statuses: int, is_revised: bool = True, is_quick: bool = False,
            **more: Any) -> Callable[[Any], Any]:  # fmt: skip
        """Decorator: the function answers GET and HEAD.

        Args:
            model: What it gives.
            statuses: What may go wrong, beyond what always may.
            is_revised: Whether the answer depends on the published revision alone.
            is_quick: Whether it takes some milliseconds at most.
        """
        kind = type("Route", (_RevisedRoute if is_revised else _Route,), {"is_quick": is_quick})

        def add(handler: Any) -> Any:
            declared = {"responses": problems(*statuses) | more.pop("responses", {}), "response_model": model,
                        "summary": _summary(handler), **more}  # fmt: skip
            router = APIRouter(route_class=kind)
            router.add_api_route(path, handler, methods=["GET"], **declared)
            router.add_api_route(path, handler, methods=["HEAD"], include_in_schema=False)
            self.router.include_router(router)
            return handler

        return add

    def post(self, path: str, model: type, *statuses: int) -> Callable[[Any], Any]:
        def add(handler: Any) -> Any:
            router = APIRouter(route_class=_Route)
            router.add_api_route(path, handler, methods=["POST"], responses=problems(*statuses), response_model=model,
                                 summary=_summary(handler))  # fmt: skip
            self.router.include_router(router)
            return handler

        return add


def _summary(handler: Callable[..., Any]) -> str:
    """The first sentence of what the handler says of itself."""
    return re.split(r"[.;:,]\s", (handler.__doc__ or "").strip())[0].rstrip(".")


async def in_thread(request: Request, function: Callable[..., Any], *args: Any) -> Any:
    """What the function gives, called in a thread as soon as there is a place."""
    async with serving_of(request).searches:
        return await run_in_threadpool(function, *args)
