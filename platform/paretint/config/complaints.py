"""A failed validation as one line that names the file, the line and the fix."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from paretint.config.source import Located
from paretint.errors import UserError


def complaint(error: ValidationError, tree: Located) -> UserError:
    """The first thing wrong in `tree`, and how many more there are."""
    details = error.errors(include_url=False)
    detail: dict[str, Any] = dict(details[0])
    path, _ = _walk(tree, detail["loc"])
    _, wrong = _walk(tree, (*detail["loc"], *detail.get("ctx", {}).get("path", ())))
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return UserError(f"{wrong.where}: {_message(detail, '.'.join(path))}{more}")


def _walk(tree: Located, steps: tuple[str | int, ...]) -> tuple[list[str], Located]:
    """The steps that lead to a value that was written; pydantic puts its union tags between."""
    path: list[str] = []
    for step in steps:
        child = tree.child(step)
        if child is not None:
            path.append(str(step))
            tree = child
    return path, tree


def _message(detail: dict[str, Any], path: str) -> str:
    prefix = f"{path}: " if path else ""
    if detail["type"] == "problem":
        return f"{prefix}{detail['msg']}"
    if detail["type"] == "missing":
        last = detail["loc"][-1]
        what = f"the key {last!r}" if isinstance(last, str) else f"value {last + 1}"
        return f"{prefix}{what} is missing"
    if detail["type"] == "model_type":
        return f"{prefix}{_shown(detail['input'])} should be keys and values"
    return f"{prefix}{_shown(detail['input'])} {_predicate(detail['msg'])}"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        return "this"
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _predicate(message: str) -> str:
    """`Input should be less than 5` and the like, as the end of a sentence about the value."""
    for subject in ("Input ", "String ", "Tuple ", "Dictionary "):
        message = message.removeprefix(subject)
    for aside in (" after validation", " for <class 'pathlib.Path'>"):
        message = message.replace(aside, "")
    return message
