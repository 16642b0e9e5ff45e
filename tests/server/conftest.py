"""A running server over the graph of the examples, and clients for it."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.servers import missed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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


CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, without a window."""
    found = next((place for name in CHROMIUM if (place := shutil.which(name))), None)
    if found is None or find_spec("playwright") is None:
        missed("the page is tried in Chromium by Playwright, of which one is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: "Browser", server: Server) -> Iterator["Page"]:
    """A page of the running server."""
    yield from opened(browser, server)


def opened(browser: "Browser", server: Server, *, expected: str | None = None, **settings: Any) -> Iterator["Page"]:
    """A page; whatever the browser complains of fails the test, but for what holds the expected words."""
    complaints: list[str] = []
    context = browser.new_context(base_url=server.address, **{"viewport": {"width": 1280, "height": 800}, **settings})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
    page.on("request", lambda asked: complaints.append(asked.url) if is_elsewhere(asked.url, server) else None)
    yield page
    context.close()
    assert not [words for words in complaints if expected is None or expected not in words]


def is_elsewhere(url: str, server: Server) -> bool:
    return not url.startswith((server.address, "data:", "blob:"))
