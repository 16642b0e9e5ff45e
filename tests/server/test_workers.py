"""How the processes are shared out: light requests go on while heavy ones are held, ended or refused."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from kg.server.problems import Problem
from kg.server.settings import Limits
from kg.server.workers import Pool, Share
from kg.stores import rdf

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }"
LIGHT = "ASK { ?s a pol:Statement }"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@asynccontextmanager
async def pool_of(graph, **limits):
    share = Share(limits=Limits(**{"quick": 2, "query_timeout_s": 2.0, "heavy_after_s": 0.3, **limits}))
    pool = Pool(share, store=str(rdf.published(graph).store))
    await pool.start()
    try:
        yield pool, share.usage
    finally:
        await pool.close()


def played(scene):
    """What comes of the scene, in a thread of its own: the browser of other tests has an event loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, scene).result()


async def ask(pool, text, client="someone"):
    """The body of the answer, or the status of the problem."""
    try:
        reply = await pool.ask({"op": "query", "text": text}, client=client)
        return b"".join([block async for block in reply.blocks])
    except Problem as problem:
        return problem.status


def test_light_queries_go_on_while_heavy_ones_run(graph):
    async def scene():
        async with pool_of(graph) as (pool, usage):
            heavy = [asyncio.create_task(ask(pool, HEAVY)) for _ in range(4)]
            await asyncio.sleep(0.8)
            began = time.monotonic()
            light = await asyncio.gather(*(ask(pool, LIGHT) for _ in range(20)))
            took = time.monotonic() - began
            return light, took, await asyncio.gather(*heavy), usage.n_ended["time"]

    light, took, heavy, n_ended = played(scene())

    assert all(b"true" in answer for answer in light)
    assert took < 1.2
    assert heavy == [503] * 4 and n_ended == 4


def test_heavy_query_over_the_limit_is_held_and_goes_on_later(graph):
    async def scene():
        async with pool_of(graph, heavy=1, query_timeout_s=4.0) as (pool, usage):
            first = asyncio.create_task(ask(pool, HEAVY, client="a"))
            await asyncio.sleep(0.6)
            second = asyncio.create_task(pool.ask({"op": "query", "text": HEAVY}, client="b"))
            await asyncio.sleep(0.8)
            n_held = usage.n_held
            first.cancel()
            await asyncio.sleep(0.3)
            after = usage.n_held
            second.cancel()
            await asyncio.gather(first, second, return_exceptions=True)
            return n_held, after, usage

    n_held, after, usage = played(scene())

    assert (n_held, after) == (1, 0)
    assert (usage.n_running, sum(usage.heavy.values()), sum(usage.in_flight.values())) == (0, 0, 0)


def test_more_heavy_queries_than_may_be_held_are_refused(graph):
    async def scene():
        async with pool_of(graph, heavy=1, held=1, heavy_per_client=9) as (pool, usage):
            return await asyncio.gather(*(ask(pool, HEAVY) for _ in range(4))), usage.n_ended["busy"]

    answers, n_busy = played(scene())

    assert answers == [503] * 4
    assert n_busy >= 1


def test_client_with_too_many_heavy_queries_is_refused_and_others_are_not(graph):
    async def scene():
        async with pool_of(graph, heavy_per_client=1) as (pool, _):
            mine = asyncio.gather(*(ask(pool, HEAVY, client="me") for _ in range(2)))
            yours = asyncio.create_task(ask(pool, HEAVY, client="you"))
            return await mine, await yours

    mine, yours = played(scene())

    assert sorted(mine) == [429, 503]
    assert yours == 503


def test_client_with_too_many_queries_at_once_is_refused(graph):
    async def scene():
        async with pool_of(graph, in_flight_per_client=3) as (pool, _):
            return await asyncio.gather(*(ask(pool, LIGHT) for _ in range(5)))

    assert played(scene()).count(429) == 2


def test_query_that_takes_too_much_memory_is_ended(graph):
    async def scene():
        async with pool_of(graph, memory_mb=64, query_timeout_s=20.0, quick=1) as (pool, usage):
            return await ask(pool, MANY + " ORDER BY ?a"), await ask(pool, LIGHT), usage.n_ended["memory"]

    ended, light, n_ended = played(scene())

    assert ended == 503 and n_ended == 1
    assert b"true" in light


def test_answer_nobody_reads_any_more_is_ended(graph):
    async def scene():
        async with pool_of(graph) as (pool, usage):
            reply = await pool.ask({"op": "query", "text": MANY}, client="me")
            await anext(reply.blocks)
            await reply.blocks.aclose()
            return usage.n_running, await ask(pool, LIGHT)

    n_running, light = played(scene())

    assert n_running == 0 and b"true" in light


def test_killed_worker_costs_one_answer(graph):
    async def scene():
        async with pool_of(graph, quick=1) as (pool, _):
            asking = asyncio.create_task(ask(pool, HEAVY))
            await asyncio.sleep(0.2)
            for worker in pool._workers:
                worker.process.kill()
            return await asking, await ask(pool, LIGHT)

    answer, light = played(scene())

    assert answer == 503 and b"true" in light


def test_bad_query_costs_no_process(graph):
    async def scene():
        async with pool_of(graph, quick=1) as (pool, _):
            before = set(pool._workers)
            assert await ask(pool, "SELECT nothing") == 400
            assert b"true" in await ask(pool, LIGHT)
            return before == set(pool._workers)

    assert played(scene())


def test_function_is_answered_from_its_own_process():
    async def scene():
        pool = Pool(Share(limits=Limits(quick=1)), function="tests.server.test_workers:shout", settings={"mark": "!"})
        try:
            return await pool.ask_json({"text": "hello"}, client="me")
        finally:
            await pool.close()

    assert played(scene()) == {"said": "HELLO!"}


def shout(request):
    return {"said": request["text"].upper() + request["mark"]}


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs a process to try it in")
def test_worker_can_open_no_socket():
    import subprocess
    import sys

    code = "from kg.server import sandbox; import socket; print(sandbox.refuse_sockets()); socket.socket()"
    tried = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    if tried.stdout.strip() == "True":
        assert "PermissionError" in tried.stderr
    else:
        assert sys.platform != "linux" or "x86_64" not in __import__("platform").machine()
