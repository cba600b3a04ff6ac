"""Amplified pairs on the disk: Parquet parts of a fixed size, each written whole or not at all.

Image i is a function of (amplifier, source face i, seed i) alone, and a part is always whole: the
first 500 of 4,000 images are the 500 of another trial, byte for byte.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import polars as pl
import torch
from PIL import Image
from torch import Tensor

from paretint.amplify.fitting import FittedAmplifier
from paretint.config import Amplifier as Settings
from paretint.faces import Faces, Pairs, seeded
from paretint.store.files import replace

VERSION = 1

_IMAGE = pl.Struct({"bytes": pl.Binary(), "path": pl.String()})
_SCHEMA = {
    "index": pl.Int64(), "face": pl.String(),
    "before": _IMAGE, "after": _IMAGE, "regions": _IMAGE,
}  # fmt: skip


def part_path(folder: Path, part: int) -> Path:
    """Return the file of a part."""
    return folder / f"part-{part:05d}.parquet"


def parts_for(count: int, size: int) -> range:
    """Return the parts that hold the first `count` images, `size` to a part."""
    return range(-(-count // size))


def make_part(
    amplifier: FittedAmplifier, faces: Faces, settings: Settings, seed: int, part: int, path: Path
) -> None:
    """Make one part and write it.

    Where the part reaches beyond the last face, faces come round again, with noise of their own.
    """
    indices = range(part * settings.part, (part + 1) * settings.part)
    chosen = [index % len(faces) for index in indices]
    names = tuple(faces.names[index] for index in chosen)
    regions = None if faces.regions is None else faces.regions[chosen]
    before = Faces(names, faces.photos[chosen], regions)
    noise = torch.stack([_noise(seed, index, before.photos.shape[1:]) for index in indices])
    after = amplifier.make_up(
        before, noise, settings.steps, settings.lambda_makeup, settings.lambda_detail
    )
    _write(path, indices, before, after)


def read_amplified(folder: Path, count: int, size: int) -> Pairs:
    """Return the first `count` amplified pairs of a folder whose parts hold `size` images."""
    paths = [part_path(folder, part) for part in parts_for(count, size)]
    table = pl.concat([pl.read_parquet(path) for path in paths]).head(count)
    regions = None
    if table["regions"].null_count() == 0:
        regions = _decode(table["regions"])
    names = tuple(f"{face}-{index}" for face, index in table.select("face", "index").iter_rows())
    before, after = _decode(table["before"]), _decode(table["after"])
    return Pairs(names, before.permute(0, 3, 1, 2), after.permute(0, 3, 1, 2), regions)


def _noise(seed: int, index: int, shape: torch.Size) -> Tensor:
    return torch.randn(shape, generator=seeded(seed, index))


def _write(path: Path, indices: range, before: Faces, after: Tensor) -> None:
    def column(images: Tensor) -> list[dict[str, bytes | None]]:
        return [{"bytes": _encode(image), "path": None} for image in images]

    table = pl.DataFrame(
        {
            "index": list(indices),
            "face": list(before.names),
            "before": column(before.photos.permute(0, 2, 3, 1)),
            "after": column(after.permute(0, 2, 3, 1)),
            "regions": [None] * len(before) if before.regions is None else column(before.regions),
        },
        schema=_SCHEMA,
    )
    replace(path, table.write_parquet)


def _encode(image: Tensor) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image.contiguous().numpy()).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _decode(images: pl.Series) -> Tensor:
    decoded = [Image.open(io.BytesIO(data)) for data in images.struct.field("bytes")]
    return torch.from_numpy(np.stack([np.asarray(image) for image in decoded]))
