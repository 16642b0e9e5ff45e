"""Network analysis of a graph folder: who is central, what belongs together, and a picture of it.

Data frames need pandas and pictures matplotlib, both of the extra `analysis`; `summarise` needs neither.
"""

from kg.analysis.networks import Community, Measure, Standing, network, standings
from kg.analysis.picture import draw
from kg.analysis.tables import Summary, communities, edges, nodes, summarise

__all__ = [
    "Community", "Measure", "Standing", "Summary", "communities", "draw", "edges", "network", "nodes", "standings", "summarise",
]  # fmt: skip
