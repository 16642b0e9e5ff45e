"""What the README shows is true."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_examples_of_the_readme_run():
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=doctest.ELLIPSIS)

    assert result.attempted > 0
    assert result.failed == 0


def test_what_the_readme_shows_is_what_is_printed(graph):
    shown = re.search(r"\$ kg show graph (\S+) --limit 1\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "show", str(graph), shown[1], "--limit", "1"], capture_output=True, text=True
    )

    assert done.stdout.split() == shown[2].split()


def test_examples_of_the_api_run():
    import kg.api

    result = doctest.testmod(kg.api)

    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`kg ([a-z]+)", README))))
def test_every_command_of_the_readme_has_help_with_an_example(command):
    done = subprocess.run([sys.executable, "-m", "kg.cli", command, "--help"], capture_output=True, text=True)

    assert done.returncode == 0
    assert command == "ontology" or "Example" in done.stdout


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z-]+)", README))))
def test_every_make_target_of_the_readme_is_there(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
