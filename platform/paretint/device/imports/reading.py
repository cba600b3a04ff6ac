"""A report's file, whichever tool wrote it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from paretint.device.imports.aihub import read_aihub
from paretint.device.imports.executorch import read_executorch_json, read_executorch_tsv
from paretint.device.imports.report import Report
from paretint.device.imports.tflite import read_tflite
from paretint.device.imports.xcode import read_xcode
from paretint.errors import UserError

_Read = Callable[[Any], Report | None]

_OF_JSON: tuple[_Read, ...] = (read_xcode, read_aihub, read_executorch_json)
_OF_TEXT: tuple[_Read, ...] = (read_tflite, read_executorch_tsv)


def report_text(path: Path) -> str:
    """The text of a report; of Xcode's bundle, that of the `report.json` in it.

    Raises `UserError` where there is none.
    """
    file = path / "report.json" if path.is_dir() else path
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise UserError(f"{file}: no report can be read here: {reason}") from None


def read_report(path: Path) -> Report:
    """What a report tells. Raises `UserError` where no known tool wrote it, or it has no speed."""
    report = _parsed(report_text(path))
    if report is None:
        raise UserError(
            f"{path}: is none of the reports that are known: Xcode's .mlperf, AI Hub's profile"
            " JSON, the output of TFLite's benchmark_model, ExecuTorch's benchmark_results.json or"
            " the table of its ETDump"
        )
    if "fps" not in report.known():
        raise UserError(f"{path}: tells of no inference; let it finish, and save it again")
    return report


def _parsed(text: str) -> Report | None:
    try:
        document = json.loads(text)
    except ValueError:
        return _first(_OF_TEXT, text)
    return _first(_OF_JSON, document)


def _first(readers: tuple[_Read, ...], content: Any) -> Report | None:
    """Return what the first reader finds; None where its tool never writes such content."""
    try:
        return next(filter(None, (read(content) for read in readers)), None)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
