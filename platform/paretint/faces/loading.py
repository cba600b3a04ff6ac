"""An experiment's faces: prepared once in the store, opened in milliseconds by every worker."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from paretint.config import FolderFaces, ProceduralFaces, did_you_mean
from paretint.errors import UserError
from paretint.faces.data import FaceData, Faces, Pairs
from paretint.faces.folders import read_folders
from paretint.faces.parsing import Parser, silent
from paretint.faces.photos import list_photos
from paretint.faces.procedural import STYLES, Style, render_pairs
from paretint.store import Store, digest, key
from paretint.terminal import Tell

VERSION = 2

_FILE = "faces.safetensors"


def prepare_faces(
    config: ProceduralFaces | FolderFaces,
    seed: int,
    store: Store,
    parser: Parser | None = None,
    tell: Tell = silent,
) -> Path:
    """Return the folder that holds the experiment's faces, made on the first call.

    A parser draws the regions of photos, and `tell` is told how many are done, and of how many;
    rendered faces come with exact ones.

    Raises UserError where the folders cannot serve, or the style has no such name.
    """

    def make(folder: Path) -> None:
        data, skipped = _make(config, seed, parser, tell)
        _write(folder / _FILE, data, skipped)

    return store.build("faces", _key(config, seed, parser), make)


def find_faces(
    config: ProceduralFaces | FolderFaces, seed: int, store: Store, parser: Parser | None = None
) -> Path | None:
    """Return the folder that `prepare_faces` left, None where the store has none; nothing is made.

    Raises UserError as `prepare_faces` does.
    """
    return store.find("faces", _key(config, seed, parser))


@lru_cache(maxsize=2)
def open_faces(folder: Path) -> FaceData:
    """Return the faces that `prepare_faces` left in a folder; not to be changed.

    A process reads a folder once.
    """
    with safe_open(folder / _FILE, "pt") as file:
        names = json.loads(file.metadata()["names"])

        def part(role: str, photos: str) -> tuple[tuple[str, ...], Tensor, Tensor | None]:
            regions = f"{role}.regions"
            labels = file.get_tensor(regions) if regions in file.keys() else None  # noqa: SIM118
            return tuple(names[role]), file.get_tensor(f"{role}.{photos}"), labels

        def pairs(role: str) -> Pairs:
            known, before, regions = part(role, "before")
            return Pairs(known, before, file.get_tensor(f"{role}.after"), regions)

        return FaceData(pairs("source"), Faces(*part("unlabelled", "photos")), pairs("heldout"))


def skipped_photos(folder: Path) -> list[str]:
    """Return what was left out when the faces were prepared, a line each."""
    with safe_open(folder / _FILE, "pt") as file:
        lines: list[str] = json.loads(file.metadata()["skipped"])
    return lines


def _make(
    config: ProceduralFaces | FolderFaces, seed: int, parser: Parser | None, tell: Tell
) -> tuple[FaceData, list[str]]:
    if isinstance(config, FolderFaces):
        data, skips = read_folders(config, parser, tell)
        return data, [str(skip) for skip in skips]
    return _render(config, seed), []


def _render(config: ProceduralFaces, seed: int) -> FaceData:
    """Render each role from a seed of its own, so that no face appears in two."""
    style = _style(config.style).vector()

    def people(role: int, count: int) -> Pairs:
        return render_pairs(style, count, config.size, 4 * seed + role)

    extra = people(1, config.unlabelled)
    unlabelled = Faces(extra.names, extra.before, extra.regions)
    return FaceData(people(0, config.pairs), unlabelled, people(2, config.heldout))


def _style(name: str) -> Style:
    if name not in STYLES:
        raise UserError(f"faces.style: there is no style {name!r}{did_you_mean(name, STYLES)}")
    return STYLES[name]


def _key(config: ProceduralFaces | FolderFaces, seed: int, parser: Parser | None) -> str:
    if isinstance(config, ProceduralFaces):
        _style(config.style)
        return key("faces", VERSION, seed=seed, **config.model_dump(mode="json"))
    folders = (config.before, config.after, config.unlabelled)
    return key(
        "faces",
        VERSION,
        files=[_contents(folder) for folder in folders if folder is not None],
        size=config.size,
        heldout=config.heldout,
        **({} if parser is None else {"parser": parser.key}),
    )


def _contents(folder: Path) -> list[list[str]]:
    return [[name, digest(path.read_bytes())] for name, path in list_photos(folder).items()]


def _write(path: Path, data: FaceData, skipped: list[str]) -> None:
    tensors = {
        "source.before": data.source.before,
        "source.after": data.source.after,
        "source.regions": data.source.regions,
        "unlabelled.photos": data.unlabelled.photos,
        "unlabelled.regions": data.unlabelled.regions,
        "heldout.before": data.heldout.before,
        "heldout.after": data.heldout.after,
        "heldout.regions": data.heldout.regions,
    }
    known = {name: tensor.contiguous() for name, tensor in tensors.items() if tensor is not None}
    names = {
        "source": data.source.names,
        "unlabelled": data.unlabelled.names,
        "heldout": data.heldout.names,
    }
    save_file(known, path, {"names": json.dumps(names), "skipped": json.dumps(skipped)})
