"""Matrix products of a pipeline by NumPy, whose BLAS takes a third of the time of the one that thinc brings along."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from thinc.api import NumpyOps, get_current_ops, set_current_ops


class NumpyProducts(NumpyOps):
    """The operations of thinc on a CPU, but for `gemm`."""

    name = "kg.numpy"

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        """The product of two matrices, either of them transposed first; into `out`, where given."""
        return np.dot(x.T if trans1 else x, y.T if trans2 else y, out=out)


@contextmanager
def numpy_products() -> Iterator[None]:
    """Models made or loaded within multiply by NumPy, unless other operations than thinc's plain ones are chosen."""
    chosen = get_current_ops()
    if type(chosen) is NumpyOps:
        set_current_ops(NumpyProducts())
    try:
        yield
    finally:
        set_current_ops(chosen)
