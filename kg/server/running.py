"""Running the application: listening, logging, and ending when it is asked to."""

import logging
import signal
import socket
import sys
from collections.abc import Callable

import uvicorn

from kg.errors import GraphError, UsageError
from kg.server.app import create_app
from kg.server.observation import JsonLines
from kg.server.protocol import bounded
from kg.server.settings import Settings
from kg.stores import rdf

_END_WITHIN_S = 10


def run(settings: Settings, *, host: str, port: int, extractor: str | None = None,
        announce: Callable[[str], None] = lambda address: None) -> None:  # fmt: skip
    """Serve until a signal ends it; requests that are being answered get some seconds to come to their end.

    Args:
        port: 0 takes a free one.
        announce: Called with the address, once it listens.

    Raises:
        GraphError: when there is no graph to serve.
        UsageError: when the address cannot be listened at.
    """
    rdf.published(settings.graph)
    _log_to_stderr()
    listening = _listen(host, port)
    config = uvicorn.Config(
        create_app(settings, extractor=extractor),
        http=bounded(settings.limits.read_timeout_s),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_END_WITHIN_S,
        lifespan="on",
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn ends on these by itself, and then raises them again: to have been asked to end is no failure.
        signal.signal(number, lambda *_: None)
    server = _Server(config, lambda: announce(_address(listening)))
    server.run(sockets=[listening])
    if not server.started:
        raise GraphError(f"{settings.graph}: cannot be served; the log above says why")


class _Server(uvicorn.Server):
    """The server, which says when it has started."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.set_inheritable(False)
    except (OSError, OverflowError) as error:
        raise UsageError(f"{host}:{port}: cannot be listened at: {error}; choose another --port or --host") from error
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("kg.access", "kg.server", "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
