"""Reading requests off the wire: uvicorn's own, with a limit on how large and how slow the head of a request may be."""

import asyncio
import json
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD_BYTES = 64 * 1024


def bounded(read_timeout_s: float) -> type[HttpToolsProtocol]:
    """The protocol class for that limit."""
    return type("BoundedProtocol", (_Bounded,), {"read_timeout_s": read_timeout_s})


class _Bounded(HttpToolsProtocol):
    read_timeout_s = 10.0
    _n_head = 0
    _in_head = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._begin_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._in_head and (self.cycle is None or self.cycle.response_complete):
            self._begin_head()
        if self._in_head:
            self._n_head += len(data)
            # A body may come in the same packet; of packets that are all head, no more than this.
            if self._n_head - len(data) > _HEAD_BYTES:
                self._refuse(431, "Request Header Fields Too Large", f"the head has over {_HEAD_BYTES} bytes")
                return
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._end_head()
        super().on_headers_complete()

    def _begin_head(self) -> None:
        self._in_head, self._n_head = True, 0
        self._end_timer()
        self._timer = asyncio.get_running_loop().call_later(self.read_timeout_s, self._too_slow)

    def _end_head(self) -> None:
        self._in_head = False
        self._end_timer()

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._refuse(408, "Request Timeout", f"the request did not come within {self.read_timeout_s:g} s")

    def _refuse(self, status: int, title: str, detail: str) -> None:
        self._end_head()
        if self.transport.is_closing():
            return
        if self._n_head:  # to a connection that never sent anything there is nothing to say
            body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}).encode()
            head = (
                f"HTTP/1.1 {status} {title}\r\nContent-Type: application/problem+json\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """The refusal of what is no HTTP, as a problem."""
        self._n_head = max(1, self._n_head)
        self._refuse(400, "Bad Request", "this is no valid HTTP request")
