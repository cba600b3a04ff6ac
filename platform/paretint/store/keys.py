"""Names of artifacts: hashes of everything that determines them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


def key(kind: str, version: int, **facts: Any) -> str:
    """sha256, in hex, over the canonical JSON of an artifact's kind, code version and facts.

    Facts are what JSON holds: finite numbers (a float by its repr, so 1 and 1.0 differ), text,
    booleans, None, lists or tuples, and mappings of text. Raises `TypeError` for anything else (a
    path says nothing about what it leads to: give `digest` of the content) and `ValueError` for
    NaN and infinity.
    """
    document = {"kind": kind, "version": version, "facts": _checked(facts)}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest(content: np.ndarray | Tensor | bytes) -> str:
    """sha256, in hex, of an array's dtype, shape and values, or of bytes as they are.

    An array and a tensor of equal dtype, shape and values have the same digest, whatever their
    device and memory layout.
    """
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    kind, array = ("", content) if isinstance(content, np.ndarray) else _array(content)
    if array.dtype.hasobject:
        raise TypeError(f"an array of {array.dtype} has no content to hash")
    ordered = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    header = f"{kind}{ordered.dtype.str}{ordered.shape}"
    return hashlib.sha256(header.encode() + ordered.tobytes()).hexdigest()


def _array(tensor: Tensor) -> tuple[str, np.ndarray]:
    """A tensor's values, and its type where numpy has none like it and the bits are taken."""
    import torch

    values = tensor.detach().cpu().contiguous()
    if values.dtype is torch.bfloat16:
        return "bfloat16", values.view(torch.int16).numpy()
    return "", values.numpy()


def _checked(fact: Any) -> Any:
    """The fact itself, once no mapping in it has keys that JSON would turn into text."""
    if isinstance(fact, dict):
        for name, child in fact.items():
            if not isinstance(name, str):
                raise TypeError(f"a mapping in a key needs text for its keys, not {name!r}")
            _checked(child)
    elif isinstance(fact, list | tuple):
        for child in fact:
            _checked(child)
    return fact
