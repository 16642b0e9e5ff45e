"""The order of events: what happens to one document, from bytes that are a text to qualified statements."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

from kg import coreference, language, lexicon, linking, mentions, qualifiers
from kg.extractors import Reading, clauses, pairs
from kg.extractors.patterns import PatternExtractor
from kg.ids import ONTOLOGY, digest
from kg.model import Document, Statement, label_of
from kg.ontology import Ontology
from kg.ontology import load as load_ontology

AGENT = ONTOLOGY + "Agent"
_RDF = {".ttl", ".rdf", ".owl"}

TYPED = ("patterns", "pairs")
"""What makes typed statements: patterns, then what a trained model adds."""

OPEN = ("clauses",)
"""What makes open triples."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the user may choose; `key` tells whether two runs would give the same statements."""

    model: str = language.DEFAULT_MODEL
    ontology: tuple[Path, ...] = ()  # files that extend ours
    base_ontology: Path | None = None  # an RDF file in place of our classes and relations
    knowledge: tuple[Path, ...] = ()  # files of entities that are linked beside the ones we know
    extractors: tuple[str, ...] = TYPED  # in their order; OPEN is there besides
    chains: bool = True  # whether a mention may stand for what another names

    @property
    def ontology_files(self) -> list[Path]:
        """Those of the files that hold classes and relations."""
        return [path for path in self.ontology if path.suffix in _RDF]

    @property
    def pattern_files(self) -> list[Path]:
        """Those of the files and folders that hold patterns."""
        return [path for path in self.ontology if path.suffix not in _RDF]

    def terms(self) -> Ontology:
        """The classes and relations that these settings name."""
        return load_ontology(extend=self.ontology_files, replace=self.base_ontology)

    def linker(self, terms: Ontology) -> linking.Linker:
        """The knowledge base with that of the user.

        Raises:
            KnowledgeError: for a file of the user's that cannot be read.
        """
        return linking.Linker.load(ontology=terms, own=self.knowledge)

    def check(self) -> None:
        """Raise at once what workers would meet as they start: a knowledge base of the user's that cannot be read."""
        if self.knowledge:
            self.linker(self.terms())

    @property
    def key(self) -> str:
        """A digest of everything that the statements of a document depend on."""
        from kg import __version__

        read = [*self.ontology, *([self.base_ontology] if self.base_ontology else [])]
        contents = [file.read_text(encoding="utf-8") for path in read for file in lexicon.files_of(path)]
        known = [f"{path.suffix}:{_digest_of(path)}" for path in self.knowledge]
        return digest(__version__, self.model, str(self.chains), *self.extractors, *contents, *known)


def _digest_of(file: Path) -> str:
    """The SHA-256 of what a file holds."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Pipeline:
    """The loaded stages."""

    settings: Settings
    nlp: Language
    ontology: Ontology
    gazetteer: mentions.Gazetteer
    linker: linking.Linker
    words: coreference.Words
    cues: qualifiers.Cues
    patterns: PatternExtractor

    @staticmethod
    def load(settings: Settings = Settings()) -> "Pipeline":
        terms = settings.terms()
        words = lexicon.load(extend=settings.pattern_files)
        if settings.base_ontology is not None:
            words = lexicon.Lexicon(tuple(p for p in words.patterns if terms.property_named(p.relation) is not None))
        nlp = language.load(settings.model)
        linker = settings.linker(terms)
        return Pipeline(
            settings=settings,
            nlp=nlp,
            ontology=terms,
            gazetteer=mentions.Gazetteer.build(nlp, linker.names()),
            linker=linker,
            words=coreference.load(),
            cues=qualifiers.load(),
            patterns=PatternExtractor.build(words, terms),
        )

    def statements(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Statement]]]:
        """Each document with its statements, in order; documents are analysed in batches."""
        for reading in self.readings(documents):
            yield reading.document, self.said(reading)

    def readings(self, documents: Iterable[Document]) -> Iterator[Reading]:
        """Each document as it is read before statements are made of it, in order."""
        for document, doc in language.analyse(self.nlp, documents, known=self.gazetteer.words):
            yield self.reading(document, doc)

    def said(self, reading: Reading) -> list[Statement]:
        """The statements of one document, one evidence each."""
        doc, document = reading.doc, reading.document
        found: list[Statement] = []
        for name in self.settings.extractors:
            found += self._extractor(name)(reading, found)
            if name == "patterns" and "pairs" in self.settings.extractors:
                found = pairs.weighed(reading, found, pairs.load())
        quotes, is_agent = qualifiers.quotations(doc), self._is_agent(reading)
        qualified = (
            qualifiers.qualify(doc, statement, self.cues, reading.entity_of, is_agent, published=document.published, quotes=quotes)
            for whole in found
            for statement in reading.for_each_member(whole)
        )
        return [reading.with_link_scores(statement) for statement in qualified]

    def _is_agent(self, reading: Reading) -> Callable[[Token], bool]:
        """Whether a word of the document stands for a person, country, organisation or group."""

        def is_agent(token: Token) -> bool:
            entity = reading.entity_of(token)
            return entity is not None and self.ontology.is_a(entity.type, AGENT)

        return is_agent

    def _extractor(self, name: str) -> Callable[[Reading, Sequence[Statement]], Iterable[Statement]]:
        """The extractor of that name: from a reading, and what the ones before found in it, to statements."""
        known: dict[str, Callable[[Reading, Sequence[Statement]], Iterable[Statement]]] = {
            "patterns": lambda reading, found: self.patterns.extract(reading),
            "pairs": lambda reading, found: list(pairs.extract(reading, found, self.ontology, pairs.load())),
            "clauses": lambda reading, found: clauses.extract(reading),
        }
        return known[name]

    def reading(self, document: Document, doc: Doc) -> Reading:
        """Mentions found, put in chains and linked."""
        found = mentions.find(doc, document.id, ontology=self.ontology, gazetteer=self.gazetteer)
        chained = coreference.resolve(doc, found, self.ontology, self.words) if self.settings.chains else found
        return Reading(document, doc, linking.link_all(chained, document, self.linker))


def check_patterns(settings: Settings, *, relations: frozenset[str] = frozenset()) -> tuple[int, list[str]]:
    """How many patterns were proved on their own examples, and what is wrong with them, a line each.

    Each pattern is tried alone: it must catch its examples with their arguments, and nothing in those to leave alone.

    Args:
        relations: Only the patterns of these; empty for all.
    """
    pipeline = Pipeline.load(replace(settings, extractors=("patterns",)))
    chosen = [p for p in pipeline.patterns.lexicon.patterns if not relations or p.relation in relations]
    problems = list(pipeline.ontology.check())
    for pattern in chosen:
        alone = replace(pipeline, patterns=PatternExtractor(lexicon.Lexicon((pattern,)), pipeline.ontology))
        problems += [f"{pattern.id}: {problem}" for problem in _problems(alone, pattern)]
    return len(chosen), problems


def _problems(alone: Pipeline, pattern: lexicon.Pattern) -> Iterator[str]:
    caught = alone.statements(Document(id=str(i), text=e.text) for i, e in enumerate(pattern.catch))
    for example, (_, found) in zip(pattern.catch, caught, strict=True):
        if not any(_is_expected(statement, example) for statement in found):
            seen = "; ".join(f"{s.subject.label} | {label_of(s.object)}" for s in found) or "nothing"
            yield f"must catch {example.subject} | {example.object} in '{example.text}', found {seen}"
    for _, found in alone.statements(Document(id=str(i), text=text) for i, text in enumerate(pattern.leave)):
        for statement in found:
            yield f"must leave '{statement.evidence[0].quote}' alone, found {statement.subject.label} | {label_of(statement.object)}"


def _is_expected(statement: Statement, example: lexicon.Example) -> bool:
    evidence = statement.evidence[0]
    wanted = example.subject.casefold(), example.object.casefold()
    said = {statement.subject.label, evidence.subject_text}, {label_of(statement.object), evidence.object_text}
    straight = all(w in {s.casefold() for s in names} for w, names in zip(wanted, said, strict=True))
    return straight or all(w in {s.casefold() for s in names} for w, names in zip(wanted, said[::-1], strict=True))
