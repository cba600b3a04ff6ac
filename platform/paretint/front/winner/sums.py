"""`SHA256SUMS` of a winner's folder: written, and held against the files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from paretint.errors import UserError

SUMS = "SHA256SUMS"
_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<name>[^\n]+)\n")


def checksums(folder: Path) -> str:
    """The SHA-256 of every file under ``folder``, in the form that ``sha256sum -c`` reads."""
    digests = _digests(folder)
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def check_sums(folder: Path) -> int:
    """Hold every file under ``folder`` against its `SHA256SUMS`; return how many there are.

    Raises:
        UserError: a file was changed, is missing or was added, which it names; or the sums
            themselves are missing or not as they were written.
    """
    said, found = _said(folder), _digests(folder)
    for name in sorted(said.keys() | found.keys()):
        if name not in found:
            raise UserError(f"{folder / name}: is missing; {SUMS} names it")
        if name not in said:
            raise UserError(f"{folder / name}: was added; {SUMS} does not name it")
        if said[name] != found[name]:
            raise UserError(f"{folder / name}: was changed: it is not the file that {SUMS} names")
    if checksums(folder).encode() != (folder / SUMS).read_bytes():
        raise UserError(f"{folder / SUMS}: was changed: its lines are not in order")
    return len(found)


def _said(folder: Path) -> dict[str, str]:
    path = folder / SUMS
    if not path.is_file():
        raise UserError(f"{folder}: is no winner: it has no {SUMS}; `paretint pick` writes one")
    try:
        lines = path.read_bytes().decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        raise UserError(f"{path}: was changed: it is no text") from None
    matches = [_LINE.fullmatch(line) for line in lines]
    for number, match in enumerate(matches, 1):
        if match is None:
            raise UserError(f"{path}: line {number}: was changed: it is no digest and name")
    return {match["name"]: match["digest"] for match in matches if match is not None}


def _digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path != folder / SUMS]
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in files}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
