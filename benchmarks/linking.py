"""How often mentions are linked to the right entity: `python -m benchmarks.linking --data FOLDER`.

FOLDER holds `corpus/whitehouse.jsonl.gz`, policy documents of the White House from 2021 to 2026 as `kg build` reads
them. `benchmarks/linking.jsonl` says what mentions of it stand for, one a line:

    doc      id of the document
    length   characters of its text as `kg.api.read` gives it: where cleaning has changed the text, the offsets are void
    start, end   the mention within this text, end excluded
    entity   IRI, from `entity/` on; null for what the knowledge base rightly does not know (a reporter named Jordan)
    kind     country (names, adjectives, peoples), homonym, office-holder (by name), office ("the Chinese president"),
             metonym (capitals and seats, as government or place), organization, person (who holds no office)

Mentions were drawn at random within kinds and forms, homonyms more often than they come, before any rule was written
for them, and labelled by hand by reading what is around. Documents are in two halves, by their id: `seen`, whose errors
were looked at when rules were written, and `unseen`, whose errors were not.

A mention is found where one of ours covers at least half of the characters of both. One that is not found counts as
wrong, unless it stands for nothing known; a minted entity is right where its IRI is.
"""

import argparse
import gzip
import hashlib
import json
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from kg import ids
from kg.api import read
from kg.language import analyse
from kg.model import Document, Mention, MentionKind
from kg.pipeline import Pipeline

ANNOTATIONS = Path(__file__).with_name("linking.jsonl")
CORPUS = "corpus/whitehouse.jsonl.gz"
SUMMARY = {
    "countries": {"country"}, "office-holders": {"office", "office-holder"}, "homonyms": {"homonym"},
    "metonyms": {"metonym"}, "organizations": {"organization"}, "all": set(),
}  # fmt: skip
_ENTITIES = ids.BASE + "entity/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What a mention stands for."""

    doc: str
    length: int
    start: int
    end: int
    entity: str | None
    kind: str

    @property
    def half(self) -> str:
        return "seen" if hashlib.sha256(self.doc.encode()).digest()[0] % 2 else "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An annotation, and what we made of its mention."""

    annotation: Annotation
    mention: Mention | None
    is_right: bool


def load(path: Path = ANNOTATIONS) -> list[Annotation]:
    return [Annotation(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def annotated(corpus: Path, annotations: Iterable[Annotation]) -> list[Document]:
    """The annotated documents of the corpus, without the trouble of cleaning the others."""
    wanted = {annotation.doc for annotation in annotations}
    with gzip.open(corpus, "rt", encoding="utf-8") as lines, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "documents.jsonl"
        path.write_text("".join(line for line in lines if json.loads(line)["id"] in wanted), encoding="utf-8")
        return [d for d in read([path]) if isinstance(d, Document)]


def judged(annotation: Annotation, mentions: Iterable[Mention], is_known: Callable[[str], bool]) -> Verdict:
    """Whether the mention there has the entity that the annotation names.

    Args:
        is_known: Whether an entity of this IRI is in the knowledge base.
    """
    mention = found(annotation, mentions)
    entity = mention.entity if mention is not None else None
    if annotation.entity is None:
        is_right = entity is None or not is_known(entity.iri)
    else:
        is_right = entity is not None and plain(entity.iri) == plain(_ENTITIES + annotation.entity)
    return Verdict(annotation=annotation, mention=mention, is_right=is_right)


def found(annotation: Annotation, mentions: Iterable[Mention]) -> Mention | None:
    """The mention of ours that covers the annotated one best, if it covers half."""
    overlaps = ((_overlap(annotation, m), m) for m in mentions if m.kind is not MentionKind.PRONOUN)
    share, best = max(overlaps, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= 0.5 else None


def _overlap(annotation: Annotation, mention: Mention) -> float:
    """Shared characters, of all that either has."""
    start, end = mention.span.start, mention.span.end
    shared = min(annotation.end, end) - max(annotation.start, start)
    return shared / (max(annotation.end, end) - min(annotation.start, start)) if shared > 0 else 0.0


def plain(iri: str) -> str:
    """The IRI without diacritics: "Orbán" and "Orban" are one man."""
    return "".join(c for c in unicodedata.normalize("NFKD", unquote(iri)) if not unicodedata.combining(c))


def verdicts(annotations: Sequence[Annotation], documents: Iterable[Document], pipeline: Pipeline) -> Iterator[Verdict]:
    """A verdict on each annotation; the documents may be more than those that are annotated."""
    wanted: Mapping[str, list[Annotation]] = _by_document(annotations)
    chosen = (checked(d, wanted[d.id][0]) for d in documents if d.id in wanted)
    known = pipeline.linker.knowledge.iris
    for document, doc in analyse(pipeline.nlp, chosen, known=pipeline.gazetteer.words):
        mentions = pipeline.reading(document, doc).mentions
        for annotation in wanted[document.id]:
            yield judged(annotation, mentions, known.__contains__)


def _by_document(annotations: Iterable[Annotation]) -> Mapping[str, list[Annotation]]:
    index: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        index[annotation.doc].append(annotation)
    return index


def checked(document: Document, annotation: Annotation) -> Document:
    """The document, whose text is the one that was annotated."""
    if len(document.text) != annotation.length:
        sys.exit(
            f"{document.id}: {len(document.text)} characters, annotated with {annotation.length}; cleaning has changed "
            "the text, find the offsets of benchmarks/linking.jsonl anew"
        )
    return document


def lines(found: Sequence[Verdict]) -> Iterator[str]:
    """A table: accuracy by kind, and how much of it is found at all."""
    kinds = Counter(v.annotation.kind for v in found)
    yield f"{'':16} {'n':>4} {'right':>6} {'found':>6} {'seen':>6} {'unseen':>6}"
    for kind in sorted(kinds):
        yield _line(kind, [v for v in found if v.annotation.kind == kind])
    yield _line("office-holders", [v for v in found if v.annotation.kind in SUMMARY["office-holders"]])
    yield _line("all", found)


def summary(found: Sequence[Verdict]) -> Iterator[str]:
    """What is right, of each kind that there are many of."""
    for name, kinds in SUMMARY.items():
        chosen = [v.is_right for v in found if not kinds or v.annotation.kind in kinds]
        yield f"{name}: {sum(chosen) / (len(chosen) or 1):.3f} right of {len(chosen)}"


def _line(name: str, chosen: Sequence[Verdict]) -> str:
    halves = [[v.is_right for v in chosen if v.annotation.half == half] for half in ("seen", "unseen")]
    shares = [[v.is_right for v in chosen], [v.mention is not None for v in chosen], *halves]
    return f"{name:16} {len(chosen):4} " + " ".join(f"{sum(s) / (len(s) or 1):6.3f}" for s in shares)


def error_line(verdict: Verdict, document: Document) -> str:
    """A wrong link in its context."""
    a, text = verdict.annotation, document.text
    entity = verdict.mention.entity if verdict.mention is not None else None
    made = entity.iri.removeprefix(_ENTITIES) if entity is not None else "not found"
    around = text[max(0, a.start - 70) : a.start] + "[" + text[a.start : a.end] + "]" + text[a.end : a.end + 50]
    return f"{a.kind}: {made} for {a.entity}, {document.published}: {' '.join(around.split())}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the corpus")
    parser.add_argument("--errors", action="store_true", help="print the wrong links of the half that is looked at")
    arguments = parser.parse_args()
    annotations = load()
    documents = {d.id: d for d in annotated(arguments.data / CORPUS, annotations)}
    judgements = list(verdicts(annotations, documents.values(), Pipeline.load()))
    for verdict in judgements if arguments.errors else ():
        if not verdict.is_right and verdict.annotation.half == "seen":
            print(error_line(verdict, documents[verdict.annotation.doc]))
    print("\n".join(lines(judgements)))


if __name__ == "__main__":
    main()
