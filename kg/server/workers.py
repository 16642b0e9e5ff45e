"""Processes that answer requests, and how they are shared out: a heavy request must not slow down a light one.

A request is quick while it is young; so many run at once, the others wait. One that takes longer is heavy: it leaves
its place, and its process is replaced; it runs on only while few heavy ones do, else it is held (stopped by the operating
system, not ended) until one of them is done. At the time limit its process is killed. pyoxigraph has no way to end a
query, so a process is the smallest thing that can be ended.
"""

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.server.problems import Problem
from kg.server.settings import Limits
from kg.server.worker import FRAME

_START_S = 60.0


@dataclass(eq=False)
class Worker:
    """One process."""

    process: asyncio.subprocess.Process

    async def ask(self, request: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        await self.process.stdin.drain()

    async def frame(self) -> tuple[bytes, bytes]:
        """The next frame: its kind and its data; ("", b"") where the process has ended."""
        assert self.process.stdout is not None
        try:
            kind, size = FRAME.unpack(await self.process.stdout.readexactly(FRAME.size))
            return kind, await self.process.stdout.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return b"", b""

    async def is_ready(self) -> bool:
        """Whether it has started."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_START_S):
                kind, _ = await self.frame()
                return kind == b"R"
        return False

    def hold(self, is_held: bool) -> None:
        """Stop the process where it is, or let it go on."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGSTOP if is_held else signal.SIGCONT)

    async def kill(self) -> None:
        """End the process, whatever it does."""
        assert self.process.stdin is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.stdin.close()
        await self.process.wait()


@dataclass(kw_only=True)
class Usage:
    """Who is using how much now, over all pools: what the limits for a client, and the metrics, go by."""

    in_flight: Counter[str] = field(default_factory=Counter)
    heavy: Counter[str] = field(default_factory=Counter)
    n_held: int = 0
    n_running: int = 0
    n_ended: Counter[str] = field(default_factory=Counter)
    """Requests that were ended, by reason: time, memory, busy, client."""


@dataclass(kw_only=True)
class Share:
    """The places of a server, over all its pools."""

    limits: Limits
    usage: Usage = field(default_factory=Usage)
    quick: asyncio.Semaphore = field(init=False)
    heavy: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.quick = asyncio.Semaphore(self.limits.quick)
        self.heavy = asyncio.Semaphore(self.limits.heavy)


@dataclass(kw_only=True)
class Reply:
    """An answer on its way."""

    media_type: str
    blocks: AsyncGenerator[bytes, None]


class Pool:
    """Processes that answer requests of one kind: over one RDF store, or by one function."""

    def __init__(self, share: Share, **options: Any) -> None:
        """
        Args:
            options: What a worker is started with: `store`, a folder, or `function`, its dotted name.
        """
        limits = share.limits
        self._share = share
        self._options = {
            "rows": limits.rows,
            "answer_bytes": limits.answer_bytes,
            "memory_mb": limits.memory_mb,
            **options,
        }
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        """Idle and quick ones; the heavy are counted apart."""
        self._heavy: set[Worker] = set()
        self._n_starting = 0
        self._refilling: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._is_retired = False

    # ---- processes

    async def start(self) -> None:
        """Have as many processes ready as may be quick at once.

        Raises:
            Problem: when a process does not start.
        """
        self._idle += await asyncio.gather(*(self._new() for _ in range(self._n_missing)))

    @property
    def _n_missing(self) -> int:
        return self._share.limits.quick - len(self._workers) - self._n_starting

    async def _taken(self) -> Worker:
        """A process for a request, an idle one where there is one."""
        return self._idle.pop() if self._idle else await self._new()

    async def _new(self) -> Worker:
        self._n_starting += 1
        try:
            worker = Worker(await asyncio.create_subprocess_exec(
                sys.executable, "-m", "kg.server.worker", json.dumps(self._options),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=256 * 1024,
            ))  # fmt: skip
        finally:
            self._n_starting -= 1
        self._workers.add(worker)
        try:
            if await worker.is_ready():
                return worker
            raise Problem(503, "the server cannot start the process that would answer; its log says why")
        except BaseException:
            self._end(worker)
            raise

    def _give_back(self, worker: Worker) -> None:
        """Keep the process for the next request, unless it has been replaced by now."""
        if self._is_retired or (worker in self._heavy and self._n_missing <= 0):
            self._end(worker)
            return
        self._heavy.discard(worker)
        self._workers.add(worker)
        self._idle.append(worker)

    def _end(self, worker: Worker) -> None:
        killing = asyncio.create_task(worker.kill())
        self._ending.add(killing)
        killing.add_done_callback(self._ending.discard)
        self._workers.discard(worker)
        self._heavy.discard(worker)
        self._refill()

    def _become_heavy(self, worker: Worker) -> None:
        """Count the process as one that is not there for the next."""
        self._workers.discard(worker)
        self._heavy.add(worker)
        self._refill()

    def _refill(self) -> None:
        """Start processes in place of those that are gone, one after the other."""
        if not self._is_retired and self._refilling is None and self._n_missing > 0:
            self._refilling = asyncio.create_task(self._start_missing())

    async def _start_missing(self) -> None:
        try:
            while not self._is_retired and self._n_missing > 0:
                self._idle.append(await self._new())
        except Problem:
            pass  # whoever asks next tries again, and is told
        finally:
            self._refilling = None

    def retire(self) -> None:
        """Let what runs come to its end, and keep nothing ready."""
        self._is_retired = True
        for worker in self._idle:
            self._end(worker)
        self._idle.clear()

    async def close(self) -> None:
        """End all processes now."""
        self.retire()
        if self._refilling is not None:
            self._refilling.cancel()
            await asyncio.wait({self._refilling})
        for worker in [*self._workers, *self._heavy]:
            self._end(worker)
        await asyncio.gather(*self._ending)

    # ---- asking

    async def ask(self, request: Mapping[str, Any], *, client: str) -> Reply:
        """The answer to a request, as its first bytes are there.

        Args:
            client: Whose limits it counts against.

        Raises:
            Problem: when it cannot be answered, or not in time.
        """
        blocks = self._answered(request, client)
        try:
            media_type = (await anext(blocks)).decode()
        except BaseException:
            await blocks.aclose()
            raise
        return Reply(media_type=media_type, blocks=blocks)

    async def ask_json(self, request: Mapping[str, Any], *, client: str) -> Any:
        """The whole answer, read as JSON."""
        reply = await self.ask(request, client=client)
        return json.loads(b"".join([block async for block in reply.blocks]))

    async def _answered(self, request: Mapping[str, Any], client: str) -> AsyncGenerator[bytes, None]:
        """The media type of the answer, then its blocks."""
        limits, usage = self._share.limits, self._share.usage
        if usage.in_flight[client] >= limits.in_flight_per_client:
            raise self._refused(429, f"{limits.in_flight_per_client} queries of yours are being answered; wait for one")
        deadline = time.monotonic() + limits.query_timeout_s
        usage.in_flight[client] += 1
        turn = Turn(self._share, client, deadline, self._become_heavy)
        worker: Worker | None = None
        is_done = False
        try:
            await turn.begin()
            turn.worker = worker = await self._taken()
            await worker.ask(request)
            async for piece in turn.pieces():
                yield piece
            is_done = True
        except Problem as problem:
            # A refusal of the worker itself leaves it ready for the next request.
            is_done = problem.status < 500 and problem.status != 429 and not turn.is_cut_off
            raise
        finally:
            usage.in_flight[client] -= 1
            if not usage.in_flight[client]:
                del usage.in_flight[client]
            turn.end()
            if worker is not None:
                if is_done:
                    self._give_back(worker)
                else:
                    self._end(worker)

    def _refused(self, status: int, detail: str) -> Problem:
        self._share.usage.n_ended["client" if status == 429 else "busy"] += 1
        return Problem(status, detail, headers={"Retry-After": "5"})


@dataclass
class Turn:
    """One request's way through the places: waiting, quick, heavy or held, and done or cut off."""

    share: Share
    client: str
    deadline: float
    on_heavy: Callable[[Worker], None]
    worker: Worker | None = None
    is_cut_off: bool = False
    _place: asyncio.Semaphore | None = None
    _is_heavy: bool = False

    async def begin(self) -> None:
        """Wait for a place among the quick."""
        try:
            async with asyncio.timeout_at(self._at(self.deadline)):
                await self.share.quick.acquire()
        except TimeoutError:
            self.share.usage.n_ended["busy"] += 1
            raise Problem(503, f"the server is busy: no place was free within {self._limit}; try again later",
                          headers={"Retry-After": "10"}) from None  # fmt: skip
        self._place = self.share.quick
        self.share.usage.n_running += 1

    async def pieces(self) -> AsyncIterator[bytes]:
        """The media type, then the data; cut off at the time limit.

        Raises:
            Problem: as the worker has it, or when it is cut off.
        """
        assert self.worker is not None
        heavy_at = min(time.monotonic() + self.share.limits.heavy_after_s, self.deadline)
        while True:
            frame = asyncio.ensure_future(self.worker.frame())
            try:
                kind, data = await self._awaited(frame, heavy_at)
            finally:
                frame.cancel()
            if kind == b"E":
                return
            if kind == b"P":
                said = json.loads(data)
                raise Problem(said["status"], said["detail"], title=said["title"])
            if kind == b"":
                raise await self._died()
            yield json.loads(data)["media_type"].encode() if kind == b"H" else data

    async def _awaited(self, frame: "asyncio.Future[tuple[bytes, bytes]]", heavy_at: float) -> tuple[bytes, bytes]:
        """The next frame; on the way to it the request may become heavy, and run out of time."""
        if not self._is_heavy:
            done, _ = await asyncio.wait({frame}, timeout=max(0.0, heavy_at - time.monotonic()))
            if done:
                return frame.result()
            await self._become_heavy()
        done, _ = await asyncio.wait({frame}, timeout=max(0.0, self.deadline - time.monotonic()))
        if not done:
            raise self._out_of_time()
        return frame.result()

    async def _become_heavy(self) -> None:
        """Leave the place among the quick; be held until there is one among the heavy."""
        limits, usage = self.share.limits, self.share.usage
        if usage.heavy[self.client] >= limits.heavy_per_client:
            raise self._cut_off(429, "client", f"{limits.heavy_per_client} heavy queries of yours run already; wait for one")
        usage.heavy[self.client] += 1
        self._is_heavy = True
        assert self.worker is not None
        self.on_heavy(self.worker)
        self._leave()
        if self.share.heavy.locked():
            await self._be_held()
        else:
            await self.share.heavy.acquire()
        self._place = self.share.heavy

    async def _be_held(self) -> None:
        assert self.worker is not None
        usage = self.share.usage
        if usage.n_held >= self.share.limits.held:
            raise self._cut_off(503, "busy", "the server is busy with heavy queries; try again later")
        usage.n_held += 1
        self.worker.hold(True)
        try:
            async with asyncio.timeout_at(self._at(self.deadline)):
                await self.share.heavy.acquire()
        except TimeoutError:
            raise self._out_of_time() from None
        finally:
            usage.n_held -= 1
        self.worker.hold(False)

    def _leave(self) -> None:
        if self._place is not None:
            self._place.release()
            self._place = None

    def end(self) -> None:
        """Free what it took up."""
        usage = self.share.usage
        if self._place is not None or self._is_heavy:
            usage.n_running -= 1
        self._leave()
        if self._is_heavy:
            usage.heavy[self.client] -= 1
            if not usage.heavy[self.client]:
                del usage.heavy[self.client]

    async def _died(self) -> Problem:
        """Why the process ended by itself."""
        assert self.worker is not None
        code = await self.worker.process.wait()
        self.share.usage.n_ended["memory"] += 1
        self.is_cut_off = True
        memory = f"{self.share.limits.memory_mb} MiB of memory"
        return Problem(503, f"the query ended its process (code {code}), most likely for want of more than {memory}; "
                       "ask for less at once", title="The query needs too much")  # fmt: skip

    def _out_of_time(self) -> Problem:
        return self._cut_off(503, "time", f"the query was ended after {self._limit}, the time limit of this server; "
                             "ask for less, or with LIMIT")  # fmt: skip

    def _cut_off(self, status: int, reason: str, detail: str) -> Problem:
        self.is_cut_off = True
        self.share.usage.n_ended[reason] += 1
        title = {"time": "The time limit is over"}.get(reason)
        return Problem(status, detail, title=title, headers={"Retry-After": "10"})

    @property
    def _limit(self) -> str:
        return f"{self.share.limits.query_timeout_s:g} s"

    @staticmethod
    def _at(deadline: float) -> float:
        """The moment on the clock of the event loop."""
        return asyncio.get_running_loop().time() + max(0.0, deadline - time.monotonic())
