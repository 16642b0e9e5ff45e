"""What happened: one line of JSON a request, and counters for Prometheus. Neither says what was asked."""

import json
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from kg.server.guard import App, Receive, Scope, Send
from kg.server.problems import Problem
from kg.server.serving import Serving

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_ROUTES = {"/", "/api", "/assets", "/concept", "/document", "/entity", "/evidence", "/graph", "/health", "/metrics",
           "/ontology", "/open", "/rdf-graph-store", "/source", "/sparql", "/statement"}  # fmt: skip

_API = "/api/v1"

access = logging.getLogger("kg.access")
log = logging.getLogger("kg.server")


class Metrics:
    """The counters of one server."""

    def __init__(self, serving: Serving) -> None:
        self._registry = CollectorRegistry()
        labels = ("route", "method", "status")
        self.requests = Counter("kg_http_requests", "Requests answered.", labels, registry=self._registry)
        self.seconds = Histogram("kg_http_request_seconds", "Time to the end of the answer.", ("route",),
                                 buckets=_BUCKETS, registry=self._registry)  # fmt: skip
        usage = serving.share.usage
        self._gauge("kg_queries_running", "Queries being evaluated, held ones included.", lambda: usage.n_running)
        self._gauge("kg_queries_heavy", "Of these, heavy ones.", lambda: sum(usage.heavy.values()))
        self._gauge("kg_queries_held", "Of these, held until another ends.", lambda: usage.n_held)
        for reason in ("time", "memory", "busy", "client"):
            name = f"kg_queries_ended_{reason}"
            self._gauge(name, "Queries ended by a limit.", partial(usage.n_ended.__getitem__, reason))
        self._gauge("kg_graph_revision", "Revision that is served.", lambda: serving.now.revision if serving.is_ready else 0)

    def _gauge(self, name: str, what: str, value: Callable[[], float]) -> None:
        Gauge(name, what, registry=self._registry).set_function(value)

    async def respond(self, request: Request) -> Response:
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


class Observation:
    """Middleware: logs and counts each request, and answers where the server itself fails."""

    def __init__(self, app: App, metrics: Metrics, *, logs_queries: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._logs_queries = logs_queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = _Seen(send)
        began = time.perf_counter()
        try:
            await self._app(scope, receive, seen)
        except Exception:
            log.exception("a request failed")
            if seen.status:
                raise  # the connection is closed, so that half an answer is not taken for a whole one
            await Problem(500, "the server failed; its log says why").response()(scope, receive, seen)
        finally:
            self._note(scope, seen, time.perf_counter() - began)

    def _note(self, scope: Scope, seen: "_Seen", seconds: float) -> None:
        route = _route_of(scope)
        self._metrics.requests.labels(route, scope["method"], str(seen.status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        line: dict[str, Any] = {
            "client": client_of(scope),
            "method": scope["method"],
            "route": route,
            "status": seen.status,
            "ms": round(1000 * seconds, 1),
            "bytes": seen.n_bytes,
        }
        if self._logs_queries:
            line["path"] = scope["path"]
            line["query"] = scope["query_string"].decode("latin-1")
        access.info("request", extra={"fields": line})


def _route_of(scope: Scope) -> str:
    """The address without what is asked for: there are few of them, and they tell nothing."""
    template: str | None = getattr(scope.get("route"), "path", None)
    if template and scope["path"].startswith(_API):
        return _API + template.removeprefix(_API)  # a router within a router tells its own part only
    first = "/" + scope["path"].split("/")[1]
    return first if first in _ROUTES else "other"


class _Seen:
    """Sending, with a look at what is sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.n_bytes = 0

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.n_bytes += len(message.get("body", b""))
        await self._send(message)


def client_of(scope: Scope) -> str:
    """The address of who asks."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


class JsonLines(logging.Formatter):
    """Log records as one line of JSON each."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "what": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)
