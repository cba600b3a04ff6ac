from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from paretint.store import digest, key

FACTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def test_the_document_that_is_hashed() -> None:
    document = b'{"facts":{"a":[1,0.1],"b":"\\u00e9"},"kind":"speed","version":2}'
    assert key("speed", 2, b="é", a=(1, 0.1)) == hashlib.sha256(document).hexdigest()


@given(FACTS, FACTS)
def test_keys_are_equal_where_facts_are(a: Any, b: Any) -> None:
    # repr tells 1 from 1.0 and True, but also one order of keys from another.
    same = canonical(a) == canonical(b)
    assert (key("k", 1, fact=a) == key("k", 1, fact=b)) == same


def canonical(fact: Any) -> str:
    if isinstance(fact, dict):
        return f"{{{','.join(f'{k!r}:{canonical(fact[k])}' for k in sorted(fact))}}}"
    if isinstance(fact, list):
        return f"[{','.join(map(canonical, fact))}]"
    return repr(fact)


def test_kind_and_version_count() -> None:
    assert len({key("a", 1), key("b", 1), key("a", 2), key("a", 1, x=1)}) == 4


@pytest.mark.parametrize("fact", [Path("x"), b"x", {1: 2}, [{"a": {None: 1}}], {3}, np.int64(3)])
def test_what_no_key_can_hold(fact: Any) -> None:
    with pytest.raises(TypeError):
        key("k", 1, fact=fact)


@pytest.mark.parametrize("fact", [math.nan, [math.inf]])
def test_numbers_that_are_none(fact: Any) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        key("k", 1, fact=fact)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float16, np.float32, np.bool_])
def test_an_array_and_its_tensor_are_the_same(dtype: type) -> None:
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    assert digest(array) == digest(torch.from_numpy(array))


def test_memory_layout_does_not_count() -> None:
    array = np.arange(6, dtype=np.int32).reshape(2, 3)
    same = [
        np.asfortranarray(array),
        array.T.copy().T,
        array.astype(">i4"),
        torch.from_numpy(array).T.contiguous().T,
        torch.from_numpy(array).float().requires_grad_().int(),
    ]
    assert {digest(array)} == {digest(other) for other in same}


def test_type_shape_and_values_count() -> None:
    array = np.zeros(4, dtype=np.int16)
    others = [
        array.astype(np.uint16),
        array.reshape(2, 2),
        array.reshape(4, 1),
        np.array([0, 0, 0, 1], dtype=np.int16),
        torch.zeros(4, dtype=torch.bfloat16),
        torch.zeros(4, dtype=torch.float16),
        array.tobytes(),
        np.array(0, dtype=np.int16),
    ]
    assert len({digest(other) for other in [array, *others]}) == len(others) + 1


def test_objects_have_no_content() -> None:
    with pytest.raises(TypeError, match="no content to hash"):
        digest(np.array([{}]))
