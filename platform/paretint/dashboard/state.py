"""What the address of a page says beside its path: how the reader has set its controls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl, urlencode

T_co = TypeVar("T_co", covariant=True)
_MOST = 50
"""Parts of a query beyond which it is none of ours."""


class Readable(Protocol[T_co]):
    """What has a place in an address: its name there, and how its text is read."""

    @property
    def name(self) -> str: ...

    @property
    def default(self) -> T_co: ...

    def parse(self, text: str) -> T_co:
        """The value that ``text`` stands for; raises ValueError, saying why, for none."""
        ...


class State:
    """The query of one address, read and checked as its page asks for it.

    What does not fit counts as not said, and is told by `complaint`.
    """

    def __init__(self, query: str = "") -> None:
        self._query = query
        self._said = parse_query(query)
        self._unread = set(self._said)
        self._misfits: dict[str, str] = {}

    def read(self, control: Readable[T_co]) -> T_co:
        """What the address says of ``control``, or its default."""
        self._unread.discard(control.name)
        text = self._said.get(control.name)
        if text is None:
            return control.default
        try:
            return control.parse(text)
        except ValueError as error:
            self._misfits[control.name] = f"{control.name}={text} ({error})"
            return control.default

    def query(self, **changes: str | None) -> str:
        """The query with other values for some settings; None takes a setting out of it."""
        return with_settings(self._query, changes)

    def part(self, names: Iterable[str]) -> str:
        """The query with the settings of these names alone, for a page that has them too."""
        return with_settings("", {name: self._said.get(name) for name in names})

    def complaint(self) -> str | None:
        """One line on what the address says that does not fit, once its page is drawn."""
        unknown = [f"{name} (not of this page)" for name in self._said if name in self._unread]
        if not self._misfits and not unknown:
            return None
        return f"Left out of this address: {', '.join([*self._misfits.values(), *unknown])}."


def parse_query(query: str) -> dict[str, str]:
    """The names and values of a query such as `?a=1&b=2`; the last of one name counts."""
    try:
        return dict(parse_qsl(query.removeprefix("?"), max_num_fields=_MOST))
    except ValueError:
        return {}


def with_settings(query: str, changes: dict[str, str | None]) -> str:
    """``query`` with other values for some names; None takes a name out of it."""
    said = {**parse_query(query), **changes}
    kept = {name: value for name, value in said.items() if value is not None}
    return f"?{urlencode(kept)}" if kept else ""
