import numpy as np
import pytest
from thinc.api import Linear, NumpyOps, get_current_ops, set_current_ops

from kg.models.products import NumpyProducts, numpy_products


@pytest.mark.parametrize("trans1", [False, True])
@pytest.mark.parametrize("trans2", [False, True])
def test_products_are_those_of_thinc(trans1, trans2):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(3, 4)[:: -1 if trans1 else 1]).astype("float32")
    y = rng.normal(size=(4, 5)[:: -1 if trans2 else 1]).astype("float32")
    out = np.zeros((3, 5), dtype="float32")
    expected = NumpyOps().gemm(x, y, trans1=trans1, trans2=trans2)

    np.testing.assert_allclose(NumpyProducts().gemm(x, y, trans1=trans1, trans2=trans2), expected, rtol=1e-5)
    assert NumpyProducts().gemm(x, y, out=out, trans1=trans1, trans2=trans2) is out
    np.testing.assert_allclose(out, expected, rtol=1e-5)


def test_only_models_made_within_multiply_so():
    before = get_current_ops()
    with numpy_products():
        assert Linear(1, 1).ops.name == NumpyProducts.name
    assert get_current_ops() is before


def test_operations_chosen_by_the_user_stay():
    class Chosen(NumpyOps):
        name = "chosen"

    before = get_current_ops()
    set_current_ops(Chosen())
    try:
        with numpy_products():
            assert Linear(1, 1).ops.name == "chosen"
    finally:
        set_current_ops(before)
