"""A process of its own in which requests are answered, one at a time: it may be killed at any moment.

    python -m kg.server.worker '{"store": FOLDER, ...}'

Requests come as JSON lines on standard input. Answers go to standard output in frames, each a letter, a length of four
bytes and so many bytes: "H" head of the answer as JSON, "D" data, "E" the end, "P" a problem in place of the head or of
the rest. The first frame says that it is ready: "R".
"""

import importlib
import json
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from kg.server import sandbox
from kg.server.problems import Problem

_STACK_BYTES = 256 * 1024 * 1024  # a deep query is parsed by recursion; memory is taken as it is used
_QUICK_S = 0.25
"""How long a request may run before it has to give way to others."""

FRAME = struct.Struct(">cI")

Answering = Callable[[Mapping[str, Any], Callable[[str], None], Callable[[bytes], None]], None]
"""Answers a request: calls the first with the media type, then the second with data."""


def main(options: Mapping[str, Any]) -> None:
    """Answer requests until standard input ends."""
    threading.stack_size(_STACK_BYTES)
    answering = over_store(options) if "store" in options else by_function(options)
    sandbox.bound_memory(options["memory_mb"] + _STACK_BYTES // 2**20)
    sandbox.refuse_sockets()
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints would break the frames
    _send(out, b"R", b"")
    for line in sys.stdin.buffer:
        _run(json.loads(line), answering, out)


def over_store(options: Mapping[str, Any]) -> Answering:
    """Answering from an RDF store."""
    from kg.server.evaluation import Bounds, Out, answer
    from kg.stores.rdf import RdfStore

    store = RdfStore.open(Path(options["store"]), read_only=True)
    bounds = Bounds(rows=options["rows"], answer_bytes=options["answer_bytes"])

    def answering(request: Mapping[str, Any], begin: Callable[[str], None], send: Callable[[bytes], None]) -> None:
        found = answer(store, request, bounds)
        begin(found.media_type)
        out = Out(send, bounds.answer_bytes)
        found.write(out)
        out.flush()

    return answering


def by_function(options: Mapping[str, Any]) -> Answering:
    """Answering by a function "module:name" from a dict to a dict, which was handed to the server."""
    module, _, function = options["function"].partition(":")
    call = getattr(importlib.import_module(module), function)

    def answering(request: Mapping[str, Any], begin: Callable[[str], None], send: Callable[[bytes], None]) -> None:
        found = json.dumps(call({**options["settings"], **request}), ensure_ascii=False)
        begin("application/json")
        send(found.encode("utf-8", "replace"))

    return answering


def _run(request: Mapping[str, Any], answering: Answering, out: BinaryIO) -> None:
    thread = threading.Thread(target=_answer, args=(request, answering, out))
    thread.start()
    thread.join(_QUICK_S)
    if thread.is_alive():
        sandbox.step_back(thread)
        thread.join()


def _answer(request: Mapping[str, Any], answering: Answering, out: BinaryIO) -> None:
    head: list[bytes] = []

    def begin(media_type: str) -> None:
        head.append(json.dumps({"media_type": media_type}).encode())

    def send(data: bytes) -> None:
        if head:
            _send(out, b"H", head.pop())
        _send(out, b"D", data)

    try:
        answering(request, begin, send)
        if head:
            _send(out, b"H", head.pop())
        _send(out, b"E", b"")
    except Problem as problem:
        _fail(out, problem)
    except Exception as error:
        print(f"worker: {type(error).__name__}: {error}", file=sys.stderr)
        _fail(out, Problem(500, "the server failed to answer; its log says why"))


def _fail(out: BinaryIO, problem: Problem) -> None:
    said = {"status": problem.status, "title": problem.title, "detail": problem.detail}
    _send(out, b"P", json.dumps(said).encode())


def _send(out: BinaryIO, kind: bytes, data: bytes) -> None:
    out.write(FRAME.pack(kind, len(data)) + data)
    out.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
