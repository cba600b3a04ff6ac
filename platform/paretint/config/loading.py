"""From the name of an experiment to the validated model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from paretint.config.complaints import complaint
from paretint.config.finding import find
from paretint.config.models import Experiment
from paretint.config.overrides import override
from paretint.config.paths import names_file
from paretint.config.source import Located, read
from paretint.errors import UserError


def load_experiment(name_or_path: str | Path, overrides: Sequence[str] = ()) -> Experiment:
    """Load an experiment by name or path, each override (`key=value`) replacing one value.

    A relative path in a file starts from that file's folder, one in an override from the working
    directory. Raises `UserError` naming the file, the line and the fix.
    """
    path = find("experiments", name_or_path)
    tree = read(path, shown(path))
    if not isinstance(tree.value, dict):
        raise UserError(f"{tree.where}: an experiment is keys and values; this has none")
    for text in overrides:
        if text.strip().startswith("search_space."):
            tree = _with_space(tree)
        tree = override(tree, text)
    tree = _with_paths(_with_space(tree))
    try:
        return Experiment.model_validate(tree.plain())
    except ValidationError as error:
        raise complaint(error, tree) from None


def shown(path: Path) -> str:
    """A path as errors name it: from the working directory where it lies in it."""
    absolute = path.resolve()
    here = Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else path)


def _with_space(tree: Located) -> Located:
    """A search space given by its name, replaced by what its file says."""
    entry = tree.value.get("search_space")
    if entry is None or not isinstance(entry.value, str):
        return tree
    beside = entry.folder / entry.value
    try:
        path = beside if beside.is_file() else find("search_spaces", entry.value)
    except UserError as error:
        raise UserError(f"{entry.where}: {error}") from None
    space = read(path, shown(path))
    return Located({**tree.value, "search_space": space}, tree.where, tree.folder)


def _with_paths(tree: Located) -> Located:
    """The paths of photos, of their parser and of weights as absolute ones."""
    children = {key: _with_absolute(key, child) for key, child in tree.value.items()}
    return Located(children, tree.where, tree.folder)


def _with_absolute(section: str, tree: Located) -> Located:
    if section == "search_space":
        return _space_with_absolute(tree)
    if not isinstance(tree.value, dict):
        return tree
    children = {
        key: _absolute(child)
        if names_file(f"{section}.{key}", child.value, child.folder)
        else child
        for key, child in tree.value.items()
    }
    return Located(children, tree.where, tree.folder)


def _space_with_absolute(node: Located, name: str = "") -> Located:
    """A search space with its paths absolute, in choices, conditions and first points alike.

    name: the parameter that the node is a value of, or some values.
    """
    value: Any = node.value
    if isinstance(value, dict):
        value = {
            key: _space_with_absolute(child, name if key == "choices" else key)
            for key, child in value.items()
        }
    elif isinstance(value, list):
        value = [_space_with_absolute(item, name) for item in value]
    elif names_file(name, value, node.folder):
        return _absolute(node)
    return Located(value, node.where, node.folder)


def _absolute(entry: Located) -> Located:
    # A home that there is not stays as it is written, and is told as a file that is missing.
    path = (entry.folder / os.path.expanduser(entry.value)).resolve()
    return Located(str(path), entry.where, entry.folder)
