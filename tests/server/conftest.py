"""A running server over the graph of the examples, and clients for it."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

START_S = 60


@dataclass
class Server:
    """`kg serve` in a process of its own."""

    process: subprocess.Popen[str]
    address: str = ""
    log: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, graph: Path, *options: str, **environment: str) -> "Server":
        server = cls(subprocess.Popen(
            [sys.executable, "-m", "kg.cli", "serve", str(graph), "--port", "0", *options],
            stderr=subprocess.PIPE, text=True, env={**os.environ, **environment},
        ))  # fmt: skip
        assert server.process.stderr is not None
        listening = threading.Event()
        threading.Thread(target=server._read, args=(listening,), daemon=True).start()
        assert listening.wait(START_S), "".join(server.log)
        httpx.get(server.address + "health/live", timeout=START_S)
        return server

    def _read(self, listening: threading.Event) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)
            if found := re.search(r" at (http://\S+)", line):
                self.address = found[1]
                listening.set()
        listening.set()

    def client(self, **settings: object) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=60, **settings)  # type: ignore[arg-type]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)


@pytest.fixture(scope="session")
def server(graph: Path) -> Iterator[Server]:
    running = Server.start(graph, "--query-timeout", "3")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as found:
        yield found
