"""The reading index of a graph folder: names, neighbourhoods, evidence and documents, looked up without SPARQL.

An SQLite file beside the RDF store, made from the journal in the same walk and of the same revision. `making`,
`make` and `update` write it (`rdf.publish` calls them), `Index` reads it.
"""

from kg.stores.index.filters import Filters
from kg.stores.index.names import fold
from kg.stores.index.reading import Index
from kg.stores.index.tables import is_current, place
from kg.stores.index.updating import make, update
from kg.stores.index.writing import making

__all__ = ["Filters", "Index", "fold", "is_current", "make", "making", "place", "update"]
