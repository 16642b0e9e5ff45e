import subprocess
import sys

import pytest

import kg
from kg.stores import rdf
from kg.stores.holds import Hold, remove_unless_held


def test_folder_that_is_held_stays(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    first, second = Hold(folder), Hold(folder)

    assert not remove_unless_held(folder)
    first.let_go()
    assert not remove_unless_held(folder)
    second.let_go()
    assert remove_unless_held(folder)
    assert not folder.exists()


def test_hold_ends_with_its_process(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    code = f"from kg.stores.holds import Hold; from pathlib import Path; h = Hold(Path({str(folder)!r})); print('held', flush=True); input()"
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"

    assert not remove_unless_held(folder)
    holder.kill()
    holder.communicate()
    assert remove_unless_held(folder)


def test_what_is_not_there_cannot_be_held(tmp_path):
    with pytest.raises(OSError):
        Hold(tmp_path / "nothing")
    assert remove_unless_held(tmp_path / "nothing")


def test_store_that_is_read_outlives_a_build(tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    for n, text in enumerate(("Japan relies on Australia for coal.", "Peru supplies Japan with copper.", "China sanctions Canada.")):
        (texts / f"{n}.txt").write_text(text)
        kg.build([texts], into=tmp_path / "graph")
        if n == 0:
            place = rdf.published(tmp_path / "graph").store
            opened = rdf.RdfStore.open(place, read_only=True)
            before = len(list(opened.ask("SELECT ?s { ?s a pol:Statement }")))

    assert place.is_dir()
    assert len(list(opened.ask("SELECT ?s { ?s a pol:Statement }"))) == before
    del opened
    (texts / "3.txt").write_text("Norway partners with Chile.")
    kg.build([texts], into=tmp_path / "graph")
    assert not place.exists() and not place.with_suffix(".sqlite").exists()
