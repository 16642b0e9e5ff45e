"""Answers of 4xx and 5xx as problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


class Problem(HTTPException):
    """A request that cannot be answered; it becomes the response.

    Args:
        status: The HTTP status.
        detail: What is wrong with this request and what to do, for a person.
        title: What kind of problem it is; by default the phrase of the status.
        headers: Of the response.
        errors: The single faults, where there are several: {"where": ..., "what": ...}.
    """

    def __init__(self, status: int, detail: str, *, title: str | None = None,
                 headers: Mapping[str, str] | None = None, errors: Sequence[Mapping[str, Any]] = ()) -> None:  # fmt: skip
        super().__init__(status, detail, dict(headers or {}))
        self.title = title or HTTPStatus(status).phrase
        self.errors = list(errors)

    @property
    def status(self) -> int:
        return self.status_code

    def response(self) -> JSONResponse:
        """The problem as a response."""
        body: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status}
        body["detail"] = self.detail
        if self.errors:
            body["errors"] = self.errors
        headers = {"Cache-Control": "no-store", **(self.headers or {})}
        return JSONResponse(body, self.status, headers=headers, media_type=MEDIA_TYPE)
