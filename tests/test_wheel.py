"""The built wheel, installed outside of the checkout, has all it needs."""

import json
import re
import subprocess
import sys
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.mark.slow
def test_wheel_holds_model_ontology_and_queries(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    for needed in (
        "kg/models/en_kg_core/config.cfg",
        "kg/models/en_kg_core/README.md",
        "kg/_data/ontology/policy.ttl",
        "kg/_data/ontology/patterns/dominates.yaml",
        "kg/_data/queries/partners.rq",
        "kg/server/static/index.html",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("tests/", "training/", "kg/server/page/"))]


@pytest.mark.slow
def test_wheel_works_in_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    binaries = tmp_path / "env" / "bin"
    subprocess.run([binaries / "pip", "install", "--quiet", wheel], check=True)

    def kg(*arguments, stdin=None):
        return subprocess.run([binaries / "kg", *arguments], cwd=tmp_path, input=stdin, capture_output=True, text=True)

    (tmp_path / "a.txt").write_text("Japan relies on Australia for coal. " * 3, encoding="utf-8")
    def served(path):
        command = [binaries / "kg", "serve", "graph", "--port", "0"]
        server = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        try:
            address = re.search(r"http://\S+", server.stderr.readline())[0]
            with urllib.request.urlopen(address + path, timeout=30) as answer:
                return answer.read().decode()
        finally:
            server.terminate()
            server.communicate()

    built = kg("build", "a.txt", "--into", "graph")
    rows = kg("query", "graph", "dependencies", "--format", "json")
    checked = kg("ontology", "check", "--relation", "dominates")

    assert built.returncode == 0, built.stderr
    assert any("Australia" in str(row) for row in json.loads(rows.stdout)), rows.stdout + rows.stderr
    assert checked.returncode == 0, checked.stdout
    assert "<script" in served("")
    assert "Australia" in served("api/v1/entities?q=austral")
