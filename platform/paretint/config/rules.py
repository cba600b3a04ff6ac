"""`speed.fps >= 60`: a condition on a row of the ledger."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from paretint.config.columns import column, untrained
from paretint.errors import UserError

if TYPE_CHECKING:
    import polars as pl

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}
_RULE = re.compile(
    r"\s*(?P<column>[\w.:-]+)\s*(?P<op>>=|<=|==|!=|>|<)\s*(?P<value>[^\s=<>!].*?)\s*"
)
_INTEGER = re.compile(r"[-+]?\d+(?:_\d+)*")
_NUMBER = re.compile(rf"(?:{_INTEGER.pattern}(?:\.\d*)?|[-+]?\.\d+)(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class Rule:
    """A column of the ledger compared with a value; a number, or text where the column is."""

    column: str
    op: str
    value: int | float | str

    def __str__(self) -> str:
        return f"{self.column} {self.op} {self.value}"

    def expression(self) -> pl.Expr:
        """The rule over a frame that has the column: true or false, and false for a null."""
        import polars as pl

        text = isinstance(self.value, str)
        cell = pl.col(self.column).cast(pl.String if text else pl.Float64)
        value = self.value if text else float(self.value)
        met: pl.Expr = _OPERATORS[self.op](cell, pl.lit(value))
        # Polars takes NaN for the largest number of all.
        known = cell.is_not_null() if text else cell.is_not_nan()
        return (met & known).fill_null(False)

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row meets the rule; one without the value, or with NaN, never does."""
        cell = row.get(self.column)
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return False
        if isinstance(self.value, str):
            return bool(_OPERATORS[self.op](cell, self.value))
        return bool(_OPERATORS[self.op](float(cell), float(self.value)))


def broken_rule(rules: Iterable[Rule], row: Mapping[str, Any]) -> str | None:
    """Return the first rule on what is known before training that a row breaks, with its value."""
    for rule in rules:
        if untrained(rule.column) and not rule.holds(row):
            return f"{rule} does not hold: {row.get(rule.column)}"
    return None


def parse_rule(text: str) -> Rule:
    """Read `column op value`; a number may have underscores.

    Raises `UserError` where the text has another form, the column is unknown (with the nearest
    names), or the value does not fit the column.
    """
    match = _RULE.fullmatch(text)
    if match is None:
        raise UserError(f"{text!r} is no rule; write it like 'speed.fps >= 60'")
    name, op, value = match["column"], match["op"], match["value"]
    if column(name).kind != "text":
        return Rule(name, op, _number(value, text))
    if op not in ("==", "!="):
        raise UserError(f"{text!r}: {name} is text; compare it with == or !=")
    return Rule(name, op, _text(value, text))


def _number(value: str, text: str) -> int | float:
    if not _NUMBER.fullmatch(value) or not math.isfinite(float(value)):
        raise UserError(f"{text!r}: {value!r} is no number")
    return int(value) if _INTEGER.fullmatch(value) else float(value)


def _text(value: str, text: str) -> str:
    bare = value.strip("'\"")
    if not bare:
        raise UserError(f"{text!r}: there is nothing to compare with")
    return bare
