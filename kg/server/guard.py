"""What every request must pass before it is looked at, and what every response carries."""

import asyncio
import base64
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

from kg.server.problems import Problem
from kg.server.settings import Settings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self' data:",
    "connect-src 'self'", "worker-src 'self' blob:", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
))  # fmt: skip

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_URL_BYTES = 32 * 1024
_FREE = ("/health/live", "/health/ready")
"""Paths that need no authentication."""


class Guard:
    """Middleware: refuses requests that are too large, compressed or not authenticated; sets headers for browsers."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check(scope)
        except Problem as problem:
            await problem.response()(scope, receive, _with_headers(send))
            return
        await self._app(scope, self._bounded(receive), _with_headers(send))

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _URL_BYTES:
            raise Problem(414, f"the address has over {_URL_BYTES} bytes; send a long query by POST")
        if b"\0" in (scope.get("raw_path") or b"") or "\0" in scope["path"]:
            raise Problem(400, "the address has a NUL character in it")
        if scope["path"] not in _FREE and scope["method"] != "OPTIONS":
            self._authenticate(headers.get("authorization", ""))
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("", "identity"):
            raise Problem(415, f"bodies in the encoding {encoding[:40]!r} are not read; send it plain",
                          headers={"Accept-Encoding": "identity"})  # fmt: skip
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._settings.limits.body_bytes:
            raise self._too_large()

    def _authenticate(self, given: str) -> None:
        if not self._settings.is_open and not _lets_in(self._settings, given):
            raise Problem(401, "this server wants to know who you are: send the token as bearer, or user and password",
                          headers={"WWW-Authenticate": 'Basic realm="kg", charset="UTF-8", Bearer realm="kg"'})  # fmt: skip

    def _bounded(self, receive: Receive) -> Receive:
        """Receiving that takes no more, and waits no longer, than it may."""
        limits = self._settings.limits
        left = limits.body_bytes
        is_whole = False

        async def bounded() -> MutableMapping[str, Any]:
            nonlocal left, is_whole
            if is_whole:
                return await receive()
            try:
                async with asyncio.timeout(limits.read_timeout_s):
                    message = await receive()
            except TimeoutError:
                raise Problem(408, f"the request did not come within {limits.read_timeout_s:g} s",
                              headers={"Connection": "close"}) from None  # fmt: skip
            left -= len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if left < 0:
                raise self._too_large()
            return message

        return bounded

    def _too_large(self) -> Problem:
        most = self._settings.limits.body_bytes
        return Problem(413, f"the body has over {most} bytes, the most that this server reads",
                       headers={"Connection": "close"})  # fmt: skip


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _lets_in(settings: Settings, given: str) -> bool:
    """Whether the Authorization header names the token or the user; compared in a time that tells nothing.

    A browser can send a token as the password of whatever user.
    """
    scheme, _, value = given.partition(" ")
    user, password = _user_and_password(value) if scheme.lower() == "basic" else ("", "")
    token = value.strip() if scheme.lower() == "bearer" else password
    is_known = settings.token is not None and _equal(token, settings.token)
    if settings.credentials is not None:
        known_user, known_password = settings.credentials
        is_known |= _equal(user, known_user) & _equal(password, known_password)
    return is_known


def _user_and_password(encoded: str) -> tuple[str, str]:
    try:
        user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return user, password


def _equal(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), known.encode("utf-8", "replace"))
