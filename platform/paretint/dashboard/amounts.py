"""Amounts in the words of people."""

from __future__ import annotations

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
    text = duration(seconds)
    return f"+{text}" if seconds is not None and seconds >= 0.5 else text
