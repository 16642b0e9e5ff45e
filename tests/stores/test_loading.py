"""What the journal says is in the property graph, after any load, on both engines."""


from kg.stores.journal import Journal
from kg.stores.merged import merged


def test_graph_reads_back_as_it_was_loaded(neo4j_server, graph):
    with neo4j_server.graph_of(graph) as store, Journal.open(graph, read_only=True) as journal, merged(journal) as found:
        assert list(store.statements()) == list(found.statements())
