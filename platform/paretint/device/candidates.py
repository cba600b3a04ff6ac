"""The models that a target of the bench holds, with their sizes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from paretint.errors import UserError
from paretint.export import (
    FileSizes,
    OnnxModel,
    Probabilities,
    bytes_on_disk,
    coreml_available,
    export_parser,
    parameters,
    sizes,
)
from paretint.regions import FaceParser
from paretint.store import Ledger, Run, Store, key

_PARSER_FILES = 1  # version of how a parser's files are written
_PARSER = ".safetensors"
_SIZES = range(16, 1025)


class Candidate(NamedTuple):
    """A model to time. name: for people; onnx: its file; sizes: what is known of them."""

    name: str
    onnx: Path
    sizes: FileSizes


def candidates(target: Path, size: int | None, store: Store) -> list[Candidate]:
    """The model of an ONNX file or of a parser's file, or those of a run's complete trials.

    A parser is exported once a store, to maps of `size` pixels, by default of its photos' side.
    Raises `UserError` where the target holds no model or lacks one of its trials', is no parser
    and a size is given, or the size is not from 16 to 1024.
    """
    if target.suffix == _PARSER:
        return [_of_parser(target, size, store)]
    if size is not None:
        raise UserError(f"{target}: has the size it was exported at; --size is for a parser's file")
    return _of_run(target) if target.is_dir() else [_of_file(target)]


def _of_parser(path: Path, size: int | None, store: Store) -> Candidate:
    parser = FaceParser.load(path)
    size = parser.side if size is None else size
    if size not in _SIZES:
        raise UserError(f"--size {size}: give {_SIZES[0]} to {_SIZES[-1]}")
    known = sizes(Probabilities(parser.network, size), parser.side)
    facts = {"parser": parser.key, "size": size, "coreml": coreml_available() is None}
    folder = store.build(
        "parser-files",
        key("parser-files", _PARSER_FILES, **facts),
        partial(export_parser, parser, size),
    )
    onnx, package = folder / "model.onnx", folder / "model.mlpackage"
    coreml = bytes_on_disk(package) if package.exists() else None
    return Candidate(path.name, onnx, FileSizes(*known, bytes_on_disk(onnx), coreml))


def _of_run(folder: Path) -> list[Candidate]:
    run = Run.open(folder)
    done = sorted(
        (row for row in Ledger(run).trials().to_dicts() if row["state"] == "complete"),
        key=lambda row: row["trial"],
    )
    if not done:
        raise UserError(f"{folder}: has no complete trial to time yet")
    return [
        Candidate(
            row["trial"],
            run.models_with(row["trial"], "model.onnx") / "model.onnx",
            FileSizes(*(row.get(f"size.{field}") for field in FileSizes._fields)),
        )
        for row in done
    ]


def _of_file(path: Path) -> Candidate:
    OnnxModel(path)  # a file that cannot be timed is told as such, not as one without parameters
    known = FileSizes(parameters(path), None, bytes_on_disk(path), None)
    return Candidate(path.name, path, known)
