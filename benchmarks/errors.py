"""Why typed statements are missed or wrong: `python -m benchmarks.errors --data FOLDER`.

FOLDER as for `benchmarks.quality`. For each annotated triple that nothing finds, and each statement that finds none, the
first cause that can be told from the mentions, the classes and the tree; then modality and polarity of what was found.
Causes are counted where something decides them, so they are a hint of where to look, not a judgement.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from types import ModuleType

from spacy.tokens import Token

from benchmarks import matching
from benchmarks.matching import Row, Said, Sentence
from benchmarks.quality import WORK, documents
from kg import language, syntax
from kg.export import statement_record
from kg.extractors import Reading
from kg.model import Document, Mention
from kg.ontology import Ontology
from kg.pipeline import Pipeline, Settings

SIDES = (("s", "subject"), ("o", "object"))
_NEAR, _MIDDLE = 2, 4


@dataclass(frozen=True)
class Scene:
    """What there was to work with in an annotated sentence: its mentions that stand for an entity, with their words."""

    mentions: Sequence[tuple[Mention, Token]]
    words: frozenset[str]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True, help="the folder with the annotations and their scorer")
    arguments.add_argument("--train", action="store_true", help="the sentences for training, not those for development")
    options = arguments.parse_args()
    name = "train" if options.train else "dev"
    gold = options.data / "gold" / f"{name}.jsonl"
    given = of_rows(matching.read(gold)) if options.train else documents(options.data / "gold/dev_documents.jsonl")
    pipeline, score = Pipeline.load(Settings()), matching.scorer(options.data)
    readings, said = read(pipeline, given, f"errors-{name}")
    found = matching.sentences(options.data, gold, said)
    report(found, scenes(score, found, readings), score, pipeline.ontology)


def of_rows(rows: Sequence[Row]) -> list[Document]:
    """The annotated sentences of each document, a paragraph each."""
    texts: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        texts[row["doc"]].append(row)
    return [Document(id=id, text="\n\n".join(row["text"] for row in listed), title=listed[0].get("title")) for id, listed in texts.items()]


def read(pipeline: Pipeline, given: Sequence[Document], name: str) -> tuple[dict[str, Reading], Path]:
    """The readings of the documents by id, and a file with their statements."""
    WORK.mkdir(exist_ok=True)
    path, readings = WORK / f"{name}.jsonl", {}
    with path.open("w", encoding="utf-8") as file:
        for document, doc in language.analyse(pipeline.nlp, given, known=pipeline.gazetteer.words):
            readings[document.id] = pipeline.reading(document, doc)
            for statement in pipeline.said(readings[document.id]):
                file.write(json.dumps(statement_record(statement, pipeline.ontology), ensure_ascii=False) + "\n")
    return readings, path


def scenes(score: ModuleType, found: Sequence[Sentence], readings: dict[str, Reading]) -> list[Scene]:
    """What there was in each sentence, in their order."""
    known = defaultdict(list)
    for sentence in found:
        if "doc" in sentence.gold:
            known[sentence.gold["doc"]].append((sentence.gold["sent"], score.sentence_key(sentence.gold["text"])))
    mentions: dict[tuple[str, int], list[tuple[Mention, Token]]] = defaultdict(list)
    for id, reading in readings.items():
        for part in reading.doc.sents:
            number = score.nearest(score.sentence_key(part.text), known.get(id, []))
            mentions[id, number].extend(_with_words(reading, reading.mentions_in(part)))
    return [_scene(score, sentence.gold, mentions) for sentence in found]


def _with_words(reading: Reading, mentions: Sequence[Mention]) -> Iterator[tuple[Mention, Token]]:
    for mention in mentions:
        span = reading.doc.char_span(mention.span.start, mention.span.end)
        if span is not None and mention.entity is not None:
            yield mention, span.root


def _scene(score: ModuleType, gold: Row, mentions: dict[tuple[str, int], list[tuple[Mention, Token]]]) -> Scene:
    if "doc" not in gold:
        return Scene((), frozenset())
    return Scene(mentions[gold["doc"], gold["sent"]], score.parts(gold["text"])[0])


def report(found: Sequence[Sentence], there: Sequence[Scene], score: ModuleType, ontology: Ontology) -> None:
    """Print the causes, most frequent first."""
    misses, extras, modality, polarity = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for sentence, scene in zip(found, there, strict=True):
        for number, triple in enumerate(sentence.gold["triples"]):
            if number in sentence.found:
                said = sentence.said[sentence.found[number]].row
                modality[f"{triple['modality']} read as {said['modality']}"] += 1
                polarity[f"{_sign(triple['negated'])} read as {_sign(said['negated'])}"] += 1
            elif not triple.get("optional"):
                misses[cause_of_miss(triple, sentence, scene, score, ontology)] += 1
        for said, is_right in sentence.judged():
            if not is_right:
                extras[cause_of_extra(said, sentence, score)] += 1
    _print("missed", misses)
    _print("wrong", extras)
    _print("annotated relation, and what the pair has instead", confusions(found, score), most=12)
    for name, counts in (("modality", modality), ("polarity", polarity)):
        wrong = Counter({key: n for key, n in counts.items() if len(set(key.split(" read as "))) > 1})
        _print(f"{name} wrong, of {counts.total()} found", wrong)


def _sign(is_negated: object) -> str:
    return "denied" if is_negated else "affirmed"


def _print(title: str, causes: Counter[str], *, most: int | None = None) -> None:
    print(f"{title}: {causes.total()}")
    for cause, n in causes.most_common(most):
        print(f"  {n:5}  {n / causes.total():4.0%}  {cause}")


def cause_of_miss(triple: Row, sentence: Sentence, scene: Scene, score: ModuleType, ontology: Ontology) -> str:
    """Why nothing finds an annotated triple: what was said of the pair instead, else what was lacking."""
    if any(matching.is_match(score, triple, said.row) for said in sentence.said):
        return "what finds it finds another triple"
    if any(score.pair_matches({**triple, "r": ""}, said.row) for said in sentence.said):
        return "the pair has another relation"
    if any(score.pair_matches({**triple, "r": ""}, _turned(said.row)) for said in sentence.said):
        return "the pair is the other way round"
    sides = [_named(names_of(triple, side), scene, score) for side, _ in SIDES]
    for (side, role), mentions in zip(SIDES, sides, strict=True):
        if not mentions:
            return f"{role} {_lack(names_of(triple, side), scene, score)}"
    fitting = [(a, b) for a, b in product(*sides) if _fits(triple["r"], a[0], b[0], ontology)]
    if not fitting:
        return "both mentions are there, of classes that the relation does not take"
    steps = min(path_length(a, b) for (_, a), (_, b) in fitting)
    distance = "near (1-2)" if steps <= _NEAR else "middling (3-4)" if steps <= _MIDDLE else "far (5 and more)"
    return f"both mentions are there, nothing is said of them; in the tree {distance}"


def confusions(found: Sequence[Sentence], score: ModuleType) -> Counter[str]:
    """Of required triples that are missed while their pair is said to be related."""
    counts = Counter[str]()
    for sentence in found:
        for number, triple in enumerate(sentence.gold["triples"]):
            if number not in sentence.found and not triple.get("optional"):
                others = {said.row["relation"] for said in sentence.said if score.pair_matches({**triple, "r": ""}, said.row)}
                counts.update(f"{triple['r']}, has {other}" for other in others if triple["r"] not in others)
    return counts


def names_of(triple: Row, side: str) -> list[str]:
    return [triple[side], *triple.get(f"{side}_alt", [])]


def _turned(said: Row) -> Row:
    return {**said, "subject": said["object"], "subject_alt": said["object_alt"],
            "object": said["subject"], "object_alt": said["subject_alt"]}  # fmt: skip


def _named(names: Sequence[str], scene: Scene, score: ModuleType) -> list[tuple[Mention, Token]]:
    """The mentions that stand for what the names mean."""
    return [(m, head) for m, head in scene.mentions if m.entity is not None
            and score.arguments_match(names, [m.text, m.entity.label, *m.entity.aliases])]  # fmt: skip


def _lack(names: Sequence[str], scene: Scene, score: ModuleType) -> str:
    """Why no mention has one of the names."""
    heads = {score.parts(name)[1] for name in names}
    if not heads & scene.words:
        return "is named elsewhere: a pronoun or description is not resolved to it"
    if any(heads & score.parts(m.text)[0] for m, _ in scene.mentions):
        return "is part of a mention with other bounds"
    return "is no mention"


def _fits(relation: str, subject: Mention, object: Mention, ontology: Ontology) -> bool:
    prop = ontology.property_named(relation)
    if prop is None or subject.entity is None or object.entity is None:
        return False
    ways = [(subject, object), *([(object, subject)] if prop.symmetric else [])]
    return any(a.entity is not None and b.entity is not None and ontology.fits(a.entity.type, prop.domain)
               and ontology.fits(b.entity.type, prop.range) for a, b in ways)  # fmt: skip


def path_length(a: Token, b: Token) -> int:
    """Steps between two words in the tree; 99 where they stand in two trees."""
    up = {token.i: n for n, token in enumerate((a, *syntax.governors(a)))}
    return min((up[token.i] + n for n, token in enumerate((b, *syntax.governors(b))) if token.i in up), default=99)


def cause_of_extra(said: Said, sentence: Sentence, score: ModuleType) -> str:
    """Why a statement finds no annotated triple: which triple comes nearest."""
    triples, row = sentence.gold["triples"], said.row
    if not triples:
        return "nothing is annotated in the sentence"
    nearest: tuple[tuple[str, Callable[[Row], bool]], ...] = (
        ("the pair has another relation", lambda t: score.pair_matches({**t, "r": ""}, row)),
        ("the pair is the other way round", lambda t: score.pair_matches({**t, "r": ""}, _turned(row))),
        ("right relation and subject, another object", lambda t: t["r"] == row["relation"] and _has(t, "s", row, "subject", score)),
        ("right relation and object, another subject", lambda t: t["r"] == row["relation"] and _has(t, "o", row, "object", score)),
    )
    for cause, is_so in nearest:
        if any(is_so(triple) for triple in triples):
            return cause
    known = [any(_has(t, side, row, role, score) for t in triples for side, _ in SIDES) for _, role in SIDES]
    if all(known):
        return "both arguments are annotated, but not as a pair"
    return "neither argument is annotated" if not any(known) else "one argument is not annotated"


def _has(triple: Row, side: str, said: Row, role: str, score: ModuleType) -> bool:
    return bool(score.arguments_match(names_of(triple, side), [said[role], *said[f"{role}_alt"]]))


if __name__ == "__main__":
    main()
