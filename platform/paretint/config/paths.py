"""Which settings name files of this machine, and what others may see of them."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")

_FILES = ("faces.before", "faces.after", "faces.unlabelled", "regions.parser")
_FILES_OR_IDS = ("amplifier.weights", "amplifier.image_encoder")
"""What may also name a repository of the hub."""


def names_file(key: str, value: object, folder: Path | None = None) -> bool:
    """Whether the value of a setting, by dotted path, is a path of this machine.

    An id of the hub has one slash or more and no suffix; in ``folder``, what is there is no id.
    """
    if not isinstance(value, str) or key not in _FILES_OR_IDS:
        return isinstance(value, str) and key in _FILES
    if value.startswith((".", "/", "~")) or "/" not in value or value.endswith(".safetensors"):
        return True
    return folder is not None and (folder / value).exists()


def shareable(key: str, value: Value) -> Value | str:
    """The value of a setting without what only this machine knows: of a path its last name."""
    return Path(str(value)).name if names_file(key, value) else value
