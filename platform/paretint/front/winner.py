"""The picked trial as a folder that can ship."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from paretint.errors import UserError
from paretint.front.card import write_card
from paretint.front.choice import Choice
from paretint.store import Run

SUMS = "SHA256SUMS"
_NEEDED = ("model.onnx", "weights.safetensors", "recipe.yaml")


def write_winner(run: Run, choice: Choice, out: Path) -> Path:
    """Write the picked trial's files, its card and their checksums to the folder ``out``.

    The folder appears whole or not at all, and the same choice gives the same bytes.

    Raises:
        UserError: ``out`` is there and not an empty folder, or the trial's files are missing.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out}: is there already; name another folder with --out")
    models = run.models(choice.trial)
    missing = [name for name in _NEEDED if not (models / name).is_file()]
    if missing:
        raise UserError(f"{models}: {', '.join(missing)} missing; `paretint resume` makes it again")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        folder = Path(scratch) / out.name
        shutil.copytree(models, folder)
        (folder / "card.md").write_text(write_card(run, choice), encoding="utf-8")
        (folder / SUMS).write_text(checksums(folder), encoding="utf-8")
        os.replace(folder, out)
    return out


def checksums(folder: Path) -> str:
    """The SHA-256 of every file under ``folder``, in the form that ``sha256sum -c`` reads."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return "".join(f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
