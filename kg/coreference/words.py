"""What is known about words, read from `ontology/coreference.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import ids, resources
from kg.errors import OntologyError


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is known about words, lemmas and spellings in lower case."""

    titles: frozenset[str]
    distinguishing: frozenset[str]
    honorifics: frozenset[str]
    generations: frozenset[str]
    same_names: Mapping[str, str]  # spelling to the first of its group
    most_named: Mapping[str, str]  # lemma to IRI of a class
    sets: Mapping[str, str]  # lemma to IRI of the class of its members
    set_sizes: Mapping[str, int]
    second_person: frozenset[str]
    pleonastic_verbs: frozenset[str]
    pleonastic_complements: frozenset[str]
    genders: Mapping[str, str]  # noun for a person to "male", "female" or "either"
    groups: frozenset[str]
    first_names: Mapping[str, str]


def load(folder: Path | None = None) -> Words:
    """The words of the ontology folder."""
    import yaml

    file = (folder or resources.folder("ontology")) / "coreference.yaml"
    try:
        data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        plain = ("titles", "distinguishing", "honorifics", "generations", "second_person", "groups")
        sets = {key: frozenset(data[key]) for key in plain}
        return Words(
            **sets,
            same_names={name: group[0] for group in data["same_names"] for name in group},
            most_named={lemma: ids.ONTOLOGY + name for lemma, name in data["most_named"].items()},
            sets={lemma: ids.ONTOLOGY + name for lemma, name in data["sets"].items()},
            set_sizes=data["set_sizes"],
            pleonastic_verbs=frozenset(data["pleonastic"]["verbs"]),
            pleonastic_complements=frozenset(data["pleonastic"]["complements"]),
            genders=_by_word(data["people"]),
            first_names=_by_word(data["first_names"]),
        )
    except (OSError, yaml.YAMLError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise OntologyError(f"{file}: cannot be read as words of coreference: {error!r}; see the file of the "
                            "installed package for its shape") from error  # fmt: skip


def _by_word(lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Word to the list it is in; a word of several lists is left out, it tells nothing."""
    found: dict[str, str] = {}
    for name, listed in lists.items():
        for word in listed:
            found[word] = "" if found.get(word, name) != name else name
    return {word: name for word, name in found.items() if name}
