"""YAML that remembers where each value was written."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from paretint.errors import UserError


@dataclass(frozen=True)
class Located:
    """A value of a config, the place to name when it is wrong, and its paths' base folder.

    `value` is a scalar, a dict of key to `Located`, or a list of `Located`.
    """

    value: Any
    where: str
    folder: Path

    def plain(self) -> Any:
        """The value without places, as YAML would have given it."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def child(self, step: str | int) -> Located | None:
        """The value under a key, or at an index; None where there is none."""
        if isinstance(self.value, dict):
            children: dict[str | int, Located] = self.value
        else:
            children = dict(enumerate(self.value)) if isinstance(self.value, list) else {}
        return children.get(step)


class _Syntax:
    """The scalars of YAML 1.2's core schema: `1e-4` is a number, `on` and a date are text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own name and form)


class Loader(_Syntax, yaml.SafeLoader):
    """Reads the core schema's scalars."""


class Dumper(_Syntax, yaml.SafeDumper):
    """Quotes text that `Loader` would read as something else."""


class _LineDumper(Dumper):
    """Writes breaks within text as escapes, which other quotes leave as breaks."""

    def choose_scalar_style(self) -> str:
        style: str = super().choose_scalar_style()
        return '"' if self.analysis and self.analysis.multiline else style


_SCALARS = (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9_]*)", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.inf|\.nan",
        "-+.0123456789",
    ),
)
for _tag, _pattern, _first in _SCALARS:
    for _class in (Loader, Dumper):
        _class.add_implicit_resolver(
            f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})\\Z"), [*_first, ""]
        )


def parse(text: str, name: str, folder: Path, *, numbered: bool = True) -> Located:
    """Parse one YAML document called `name` in errors, with line numbers where `numbered`.

    Raises `UserError` where the text is no YAML or a mapping names a key twice.
    """
    try:
        loader = Loader(text)
        root = loader.get_single_node()
        if root is None:
            return Located(None, name, folder)
        return _Reader(loader, name, folder, numbered).read(root)
    except yaml.YAMLError as error:
        raise UserError(_complaint(error, name, numbered)) from None


def read(path: Path, name: str) -> Located:
    """Parse a file; relative paths in it start from its own folder. `UserError` as `parse`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise UserError(f"{name}: cannot be read: {reason}") from None
    return parse(text, name, path.resolve().parent)


def dump(data: Any) -> str:
    """YAML, in ASCII and in the order of the data, innermost lists and mappings on one line."""
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, default_flow_style=None, width=96)


def dump_line(data: Any) -> str:
    """A mapping or a list as YAML on one line, as `--set` reads it."""
    text: str = yaml.dump(
        data, Dumper=_LineDumper, sort_keys=False, default_flow_style=True, width=math.inf
    )
    return text.strip()


@dataclass
class _Reader:
    loader: Loader
    name: str
    folder: Path
    numbered: bool

    def read(self, node: yaml.Node, inside: tuple[yaml.Node, ...] = ()) -> Located:
        if node in inside:
            raise yaml.MarkedYAMLError(
                problem="an alias that contains itself", problem_mark=node.start_mark
            )
        return Located(self._value(node, (*inside, node)), self._where(node), self.folder)

    def _value(self, node: yaml.Node, inside: tuple[yaml.Node, ...]) -> Any:
        if isinstance(node, yaml.MappingNode):
            return dict(self._items(node, inside))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, inside) for child in node.value]
        return self.loader.construct_object(node)

    def _items(
        self, node: yaml.MappingNode, inside: tuple[yaml.Node, ...]
    ) -> Iterator[tuple[str, Located]]:
        lines: dict[str, int] = {}
        for key_node, child in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(
                    problem="a key must be a plain word", problem_mark=key_node.start_mark
                )
            line = key_node.start_mark.line + 1
            key = str(key_node.value)
            if key in lines:
                raise yaml.MarkedYAMLError(
                    problem=f"key {key!r} was already given on line {lines[key]}",
                    problem_mark=key_node.start_mark,
                )
            lines[key] = line
            value = self.read(child, inside)
            yield key, Located(value.value, self._where(key_node), self.folder)

    def _where(self, node: yaml.Node) -> str:
        return f"{self.name}:{node.start_mark.line + 1}" if self.numbered else self.name


def _complaint(error: yaml.YAMLError, name: str, numbered: bool) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    where = f"{name}:{mark.line + 1}" if mark is not None and numbered else name
    return f"{where}: {problem}"
