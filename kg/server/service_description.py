"""What the SPARQL endpoint says of itself: SPARQL 1.1 Service Description."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.stores import quads
from kg.stores.rdf import RdfStore

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"


def triples(store: RdfStore, endpoint: str, formats: Iterable[str]) -> Iterator[Triple]:
    """The description, as triples.

    Args:
        endpoint: The address that is asked.
        formats: IRIs of the formats of answers.
    """
    service, dataset, default = NamedNode(endpoint), BlankNode("dataset"), BlankNode("default")
    kind = quads.name("rdf:type")
    yield Triple(service, kind, _sd("Service"))
    yield Triple(service, _sd("endpoint"), service)
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for format in formats:
        yield Triple(service, _sd("resultFormat"), NamedNode(format))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, kind, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, kind, _sd("Graph"))
    for n, name in enumerate(sorted(store.oxigraph.named_graphs(), key=str)):
        entry, graph = BlankNode(f"entry{n}"), BlankNode(f"graph{n}")
        yield Triple(dataset, _sd("namedGraph"), entry)
        yield Triple(entry, kind, _sd("NamedGraph"))
        yield Triple(entry, _sd("name"), name)
        yield Triple(entry, _sd("graph"), graph)
        yield Triple(graph, kind, _sd("Graph"))
        size = sum(1 for _ in store.oxigraph.quads_for_pattern(None, None, None, name))
        yield Triple(graph, NamedNode(_VOID + "triples"), Literal(size))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
