"""`--set a.b=value`: one value of a config, replaced from the command line."""

from __future__ import annotations

from pathlib import Path

from paretint.config.amplifier import is_knob
from paretint.config.source import Located, parse
from paretint.errors import UserError


def override(tree: Located, text: str) -> Located:
    """The tree with the value at a dotted path replaced; the tree given is left as it is.

    The value is read as YAML and its relative paths start from the working directory. Missing
    mappings on the way are made, so that a misspelt key is found, and named, by the model; an
    item of a list is named by its index. Raises `UserError` where the text is no `key=value`, or
    the path leads through a value that has no keys.
    """
    where = f"--set {text}"
    path, equals, value = text.partition("=")
    steps = _steps(path.strip())
    if not equals or not all(steps):
        raise UserError(f"{where}: write it as key=value, for example budget.trials=4")
    return _replaced(tree, steps, parse(value, where, Path.cwd(), numbered=False))


def _steps(path: str) -> list[str]:
    """The keys of a dotted path; an amplifier's setting that varies is one key with dots in it."""
    steps = path.split(".")
    if steps[:2] == ["search_space", "parameters"]:
        for end in range(len(steps), 2, -1):
            name = ".".join(steps[2:end])
            if is_knob(name):
                return [*steps[:2], name, *steps[end:]]
    return steps


def _replaced(node: Located, steps: list[str], new: Located) -> Located:
    if not steps:
        return new
    step, *rest = steps
    if isinstance(node.value, list):
        return Located(_with_item(node.value, step, rest, new), node.where, node.folder)
    if node.value is not None and not isinstance(node.value, dict):
        raise UserError(f"{new.where}: there is no key {step!r} in the value {node.value!r}")
    keys: dict[str, Located] = node.value or {}
    child = keys.get(step, Located(None, new.where, new.folder))
    return Located({**keys, step: _replaced(child, rest, new)}, node.where, node.folder)


def _with_item(items: list[Located], step: str, rest: list[str], new: Located) -> list[Located]:
    if not step.isdecimal() or int(step) >= len(items):
        raise UserError(f"{new.where}: there is no item {step!r} in a list of {len(items)}")
    at = int(step)
    return [*items[:at], _replaced(items[at], rest, new), *items[at + 1 :]]
