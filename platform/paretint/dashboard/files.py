"""The files of trials as the server gives them out: to be shown in pages, and to be kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from flask import Flask, Response, abort, send_file

from paretint.store import FACES

_ROOT = "/files"
_SHOWN = {".webp": "image/webp", ".yaml": "text/plain"}
"""What a browser may show, by ending; it keeps everything else as a file."""

_PACKED = ".zip"


def models_address(run: str) -> str:
    """The address under which the files of a run's trials lie, with a slash at its end."""
    return f"{_ROOT}/{quote(run, safe='')}/models/"


def file_address(run: str, trial: str, name: str) -> str:
    """The address of a file in a trial's folder of the run ``run``."""
    return f"{models_address(run)}{quote(trial, safe='')}/{quote(name)}"


def download_names(folder: Path) -> list[str]:
    """What can be had of a trial's folder, by name; a folder such as a Core ML package zipped."""
    if not folder.is_dir():
        return []
    found = (p for p in folder.iterdir() if p.name != FACES and not p.name.startswith("."))
    return sorted(f"{p.name}{_PACKED}" if p.is_dir() else p.name for p in found)


def serve_files(server: Flask, runs: Mapping[str, Path]) -> None:
    """Let ``server`` give out the files in `models/` of the folders of ``runs``, and no others."""

    @server.get(f"{_ROOT}/<run>/models/<path:name>")
    def file_of_run(run: str, name: str) -> Response:
        folder = runs.get(run)
        if folder is None:
            abort(404)
        path = inside(folder, name)
        if path is not None and path.is_file():
            kind = _SHOWN.get(path.suffix)
            return send_file(path, kind or "application/octet-stream", as_attachment=not kind)
        package = inside(folder, name.removesuffix(_PACKED)) if name.endswith(_PACKED) else None
        if package is None or package.suffix != ".mlpackage" or not package.is_dir():
            abort(404)
        return send_file(_zipped(package), "application/zip", True, package.name + _PACKED)


def inside(run: Path, name: str) -> Path | None:
    """What ``name`` is in `models/` of a run's folder; None where it is nothing there.

    No `..`, no link and no absolute path leads out; what begins with a dot is not written whole.
    """
    if any(part.startswith(".") for part in PurePosixPath(name).parts):
        return None
    models = run.resolve() / "models"
    try:
        path = (models / name).resolve(strict=True)
    except (OSError, ValueError):
        return None
    return path if path.is_relative_to(models) else None


def _zipped(package: Path) -> io.BytesIO:
    """A package as one file; the same package gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(package.rglob("*")):
            if path.is_file() and path.resolve().is_relative_to(package):
                name = str(path.relative_to(package.parent))
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    packed.seek(0)
    return packed
