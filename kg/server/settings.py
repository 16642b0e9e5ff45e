"""What a server is told when it starts: which graph, who may ask, and how much one asker may take."""

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one request, and one client, may take; a client is an address."""

    query_timeout_s: float = 30.0
    read_timeout_s: float = 10.0
    """How long a client may take to send its request."""
    query_chars: int = 8192
    """The longest SPARQL query, in code points."""
    rows: int = 1_000_000
    """Rows or triples of one answer."""
    answer_bytes: int = 256 * 1024 * 1024
    body_bytes: int = 1_000_000
    """The largest body of a request."""
    text_chars: int = 100_000
    """The longest text to extract from, in code points."""
    memory_mb: int = 512
    """MiB that one query may take up in its process."""
    quick: int = field(default_factory=lambda: max(8, 2 * (os.cpu_count() or 1)))
    """Queries that run at once while they are young; more wait."""
    heavy_after_s: float = 0.5
    """The age at which a query is heavy."""
    heavy: int = 4
    """Heavy queries that run at once; more are held until one ends."""
    held: int = 8
    """Queries that may be held; of more, the newest is ended."""
    heavy_per_client: int = 4
    """Heavy queries, running or held, of one client."""
    in_flight_per_client: int = 100
    """Queries of one client, however old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to serve a graph."""

    graph: Path
    limits: Limits = field(default_factory=Limits)
    token: str | None = None
    """Whoever asks must send it: as bearer, or as the password of basic authentication under any name."""
    credentials: tuple[str, str] | None = None
    """User and password of basic authentication, in place of a token or besides it."""
    origins: tuple[str, ...] = ("*",)
    """Origins whose pages may read answers (CORS)."""
    logs_queries: bool = False
    """Whether the access log says what was asked."""
    model: str = "en_kg_core"

    @property
    def is_open(self) -> bool:
        """Whether anyone may ask."""
        return self.token is None and self.credentials is None
