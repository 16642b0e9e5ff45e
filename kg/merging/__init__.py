"""Entities of many documents that are one thing in the world: which are merged, and which only may be.

What comes out depends on the set of entities and on what people have decided, never on an order. Only sure grounds
merge: the same name but for spelling, legal form and inflection; an acronym that a text introduces; a middle name left
out; a slip of the pen in a long name. Weaker ones are proposed. Never merged are two entities that are known
(`Named.is_known`), nor those of different countries.
"""

from kg.merging.acts import SURE, Act, Decisions, Named, named
from kg.merging.grouping import Merges, group
from kg.merging.names import Words
from kg.merging.pairing import acts

__all__ = ["SURE", "Act", "Decisions", "Merges", "Named", "Words", "acts", "group", "named"]
