"""Amounts in the words of people."""

from __future__ import annotations

from collections.abc import Iterable

from paretint.config import Objective
from paretint.front import Estimate, measure, show

_UNITS = (("h", 3600.0), ("min", 60.0))


def duration(seconds: float | None) -> str:
    """Seconds as people read them, such as `8.0 min`; a dash for none."""
    if seconds is None:
        return "–"
    for unit, size in _UNITS:
        if abs(seconds) >= 1.5 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def more(seconds: float | None) -> str:
    """A difference of seconds, with its sign."""
    if seconds is None or abs(seconds) < 0.5:
        return duration(seconds and 0.0)
    return f"{'+' if seconds > 0 else ''}{duration(seconds)}"


def heading(column: str) -> str:
    """What the head of a table calls a column, over its unit."""
    reading = measure(column)
    return f"{reading.title}\n{reading.unit}".rstrip()


def references(objectives: Iterable[Objective]) -> str:
    """Where hypervolume is counted from, in words."""
    return " and ".join(f"{o.reference:g} {measure(o.column).unit}".rstrip() for o in objectives)


def signed(column: str, difference: float | Estimate) -> str:
    """A difference of a column's values, with its sign and its interval."""
    value = difference.value if isinstance(difference, Estimate) else difference
    return f"{'+' if value >= 0 else ''}{show(column, difference)}"
