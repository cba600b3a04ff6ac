"""When a parameter is there: the values that others must have."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from paretint.config.base import Scalar, problem
from paretint.config.dimensions import Condition, Dimension
from paretint.config.hints import did_you_mean

Entries = Mapping[str, Dimension | Scalar]


def holds(condition: Condition, point: Mapping[str, Scalar]) -> bool:
    """Whether a point, constants among its values, meets a condition.

    A parameter that is not there has no value that would do.
    """
    return all(name in point and point[name] in values for name, values in condition.items())


def parents_first(entries: Entries) -> list[str]:
    """The names of a space's parameters, each after those that its condition names.

    Raises `problem` for a circle.
    """
    parents = {name: list(_condition(entry)) for name, entry in entries.items()}
    try:
        ready = list(TopologicalSorter(parents).static_order())
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise problem(f"conditions form a circle: {circle}", "parameters") from None
    if not any(parents.values()):
        return list(entries)  # the order they were written in
    return ready


def check_conditions(entries: Entries) -> None:
    """Raise `problem` for a condition on no parameter of the space, or on none of its values."""
    for name, entry in entries.items():
        for parent, values in _condition(entry).items():
            path = ("parameters", name, "when", parent)
            if parent not in entries:
                text = f"{parent!r} is no parameter of the space{did_you_mean(parent, entries)}"
                raise problem(text, *path)
            for value in values:
                if not _may_be(entries[parent], value):
                    raise problem(f"{parent} is never {value!r}", *path)


def _condition(entry: Dimension | Scalar) -> Condition:
    return {} if isinstance(entry, int | float | str) else entry.when


def _may_be(entry: Dimension | Scalar, value: Scalar) -> bool:
    if isinstance(entry, int | float | str):
        return entry == value
    return entry.contains(value)
