"""The graph that is served: the published store with its index and its workers, followed as it is built anew."""

import asyncio
import contextlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from kg.errors import GraphError
from kg.server.problems import Problem
from kg.server.settings import Limits, Settings
from kg.server.workers import Pool, Share
from kg.stores import rdf
from kg.stores.holds import Hold
from kg.stores.index import Index

_LOOK_EVERY_S = 1.0
_LOOK_UPS = 4
_EXTRACTING_MB = 4096
_NEVER_S = 1e9

log = logging.getLogger("kg.server")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One revision of the graph."""

    folder: Path
    """The graph folder, whose journal has the texts of the documents."""
    revision: int
    index: Index
    pool: Pool
    """Answers what needs the RDF store: see `kg.server.evaluation` for the requests."""
    hold: Hold
    """Keeps the files from being removed as long as this revision is asked."""


class Serving:
    """What a running server serves; `now` changes as the graph is built anew."""

    def __init__(self, settings: Settings, extractor: str | None = None) -> None:
        """
        Args:
            extractor: "module:name" of the function that makes statements of a text; None where the server does not.
        """
        self.settings = settings
        self.share = Share(limits=settings.limits)
        self.look_ups = asyncio.Semaphore(_LOOK_UPS)
        """What is quick to answer from the index, so many at once."""
        self.searches = asyncio.Semaphore(os.cpu_count() or 1)
        """What takes longer."""
        self._served: Served | None = None
        self._following: asyncio.Task[None] | None = None
        self._extracting = _extracting(settings, extractor) if extractor else None

    @property
    def now(self) -> Served:
        """The revision that is served at the moment; a request takes it once and keeps to it.

        Raises:
            Problem: while there is none.
        """
        if self._served is None:
            raise Problem(503, "the graph is not open yet; try again in a moment", headers={"Retry-After": "2"})
        return self._served

    @property
    def is_ready(self) -> bool:
        return self._served is not None

    @property
    def has_extract(self) -> bool:
        return self._extracting is not None

    @property
    def extracting(self) -> Pool:
        """Answers requests to extract statements from a text.

        Raises:
            Problem: where it is switched off.
        """
        if self._extracting is None:
            raise Problem(403, "extraction is switched off on this server")
        return self._extracting

    async def start(self) -> None:
        """Open the graph, and follow it from now on.

        Raises:
            GraphError: when there is no graph to serve.
        """
        self._served = await self._opened()
        self._following = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following
        if self._served is not None:
            await self._served.pool.close()
        if self._extracting is not None:
            await self._extracting.close()

    async def _opened(self) -> Served:
        folder = self.settings.graph
        published = rdf.published(folder)
        try:
            hold = Hold(published.store)
        except OSError as error:
            raise GraphError(f"{folder}: the graph is being replaced; try again") from error
        pool = Pool(self.share, store=str(published.store))
        try:
            await pool.start()
            index = await asyncio.to_thread(Index.open, published.index)
        except Problem as problem:
            await pool.close()
            raise GraphError(f"{folder}: {problem.detail}") from problem
        except BaseException:
            await pool.close()
            raise
        return Served(folder=folder, revision=published.revision, index=index, pool=pool, hold=hold)

    async def _follow(self) -> None:
        """Look again and again whether there is a newer revision; take it, and let the old one come to its end."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            try:
                await self.look()
            except GraphError as error:
                log.warning("the rebuilt graph cannot be opened; the one before it is served on: %s", error)

    async def look(self) -> bool:
        """Whether there is a newer revision; then it is served from now on."""
        before = self.now
        if rdf.published(self.settings.graph).revision == before.revision:
            return False
        self._served = await self._opened()
        before.pool.retire()
        log.info("serving revision %s", self._served.revision)
        return True


def _extracting(settings: Settings, extractor: str) -> Pool:
    """One process that extracts, started by the first request; nothing else is slowed by it."""
    limits = Limits(query_timeout_s=settings.limits.query_timeout_s, quick=1, heavy_after_s=_NEVER_S,
                    memory_mb=_EXTRACTING_MB, in_flight_per_client=8)  # fmt: skip
    return Pool(Share(limits=limits), function=extractor, settings={"model": settings.model})
