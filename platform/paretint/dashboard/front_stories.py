"""What the points of a front's figure tell of their trials, in lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from paretint.front import measure, origin_column, provenance, recipe_text, told

_ALSO = ("size.params", "size.onnx_bytes")
_A_LINE = 4
"""Parameters of a recipe to a line of its story."""


def differing(rows: pl.DataFrame) -> list[str]:
    """The parameters that differ among ``rows``; all, where there is but one row."""
    names = [name for name in rows.columns if name.startswith("param.")]
    return [name for name in names if rows.height == 1 or rows[name].n_unique() > 1]


def stories(rows: pl.DataFrame, params: Sequence[str], x: str, y: str) -> list[tuple[str, ...]]:
    """Lines that tell the parameters ``params`` of each row, and its scores."""
    scores = [n for n in dict.fromkeys([y, x, *_ALSO]) if not n.startswith("param.")]
    sure = [f"{name}{end}" for name in scores for end in ("_lo", "_hi")]
    wanted = dict.fromkeys([*params, *scores, *sure, *map(origin_column, scores)])
    names = tuple(name for name in wanted if name in rows.columns)
    known = tuple(params), tuple(scores)
    return [_story(*known, names, cells) for cells in rows.select(names).rows()]


@lru_cache(maxsize=1 << 14)
def _story(
    params: tuple[str, ...], scores: tuple[str, ...], names: tuple[str, ...], cells: tuple[Any, ...]
) -> tuple[str, ...]:
    """One row's lines; remembered, as ledgers grow."""
    row = dict(zip(names, cells, strict=True))
    known = [name for name in params if row[name] is not None]
    lines = (known[at : at + _A_LINE] for at in range(0, len(known), _A_LINE))
    recipe = (recipe_text({name: row[name] for name in line}) for line in lines)
    return (*recipe, *(_score(row, name) for name in scores if row.get(name) is not None))


def _score(row: Mapping[str, Any], column: str) -> str:
    return f"{measure(column).title} {with_origin(row, column)}"


def with_origin(row: Mapping[str, Any], column: str) -> str:
    """A score as people read it, and where it comes from if it is a speed."""
    origin = provenance(row, column)
    return f"{told(row, column)} ({origin})" if origin else told(row, column)
