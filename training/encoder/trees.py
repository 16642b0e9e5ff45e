"""The best tree over the words of a sentence (Chu and Liu, 1965; Edmonds, 1967; by networkx)."""

import networkx as nx
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]


def best_tree(scores: Floats) -> Places:
    """The heads of the best tree with one root, which is its own head.

    Args:
        scores: Log probabilities, (children, heads), those of being the root on the diagonal.
    """
    greedy: Places = scores.argmax(1)
    if _is_tree(greedy):
        return greedy
    root = int(scores.diagonal().argmax())
    graph = nx.DiGraph()
    for child, row in enumerate(scores.tolist()):
        graph.add_weighted_edges_from(
            (head, child, score) for head, score in enumerate(row) if child not in (head, root)
        )
    heads = np.arange(len(scores))
    for head, child in nx.maximum_spanning_arborescence(graph, preserve_attrs=False).edges:
        heads[child] = head
    return heads


def _is_tree(heads: Places) -> bool:
    """Whether there is one root, and every word is under it."""
    if np.count_nonzero(heads == np.arange(len(heads))) != 1:
        return False
    reached = heads
    for _ in range(len(heads).bit_length()):
        reached = reached[reached]
    return bool((reached == reached[0]).all())
