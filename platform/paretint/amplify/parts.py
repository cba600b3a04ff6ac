"""Amplified pairs on the disk: Parquet parts of a fixed size, each written whole or not at all.

Image i is a function of (amplifier, faces, gate, seed, i) alone, and a part is always whole: the
first 500 of 4,000 images are the 500 of another trial, byte for byte.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from PIL import Image
from torch import Tensor

from paretint.amplify.drawing import Drawn
from paretint.faces import Faces
from paretint.store.files import replace

VERSION = 3

_IMAGE = pa.struct({"bytes": pa.binary(), "path": pa.string()})
_FEATURES = {
    "index": {"dtype": "int64", "_type": "Value"},
    "face": {"dtype": "string", "_type": "Value"},
    "rejected": {"dtype": "int64", "_type": "Value"},
    "before": {"_type": "Image"},
    "after": {"_type": "Image"},
    "regions": {"_type": "Image"},
}
_SCHEMA = pa.schema(
    {
        "index": pa.int64(), "face": pa.string(), "rejected": pa.int64(),
        "before": _IMAGE, "after": _IMAGE, "regions": _IMAGE,
    },
    # By this the library `datasets` knows which columns are images, and decodes them.
    metadata={"huggingface": json.dumps({"info": {"features": _FEATURES}})},
)  # fmt: skip


def part_path(folder: Path, part: int) -> Path:
    """Return the file of a part."""
    return folder / f"part-{part:05d}.parquet"


def parts_for(count: int, size: int) -> range:
    """Return the parts that hold the first `count` images, `size` to a part."""
    return range(-(-count // size))


def is_whole(path: Path, size: int) -> bool:
    """Return whether a file is a part of `size` images; a disk may have cut one short."""
    try:
        return bool(pq.read_metadata(path).num_rows == size)
    except (FileNotFoundError, pa.ArrowInvalid):
        return False


def write_part(path: Path, indices: Sequence[int], drawn: Drawn) -> None:
    """Write images with their indices; `rejected` draws stood in the place of each before it."""
    before = drawn.before

    def column(images: Tensor) -> list[dict[str, bytes | None]]:
        return [{"bytes": _encode(image), "path": None} for image in images]

    table = pa.table(
        {
            "index": list(indices),
            "face": list(before.names),
            "rejected": list(drawn.rejected),
            "before": column(before.photos.permute(0, 2, 3, 1)),
            "after": column(drawn.after.permute(0, 2, 3, 1)),
            "regions": [None] * len(before) if before.regions is None else column(before.regions),
        },
        schema=_SCHEMA,
    )
    replace(path, lambda partial: pq.write_table(table, partial))


def cut_part(source: Path, rows: int, target: Path) -> None:
    """Write the first rows of a part as a file of their own."""
    table = pq.read_table(source).slice(0, rows)
    replace(target, lambda partial: pq.write_table(table, partial))


def read_drawn(folder: Path, count: int, size: int) -> Drawn:
    """Return the first `count` images of a folder whose parts hold `size`, as they were drawn."""
    return _drawn(_read(folder, count, size))


def read_part(path: Path) -> Drawn:
    """Return the images of a part, as they were drawn."""
    return _drawn(pl.read_parquet(path))


def read_faces(folder: Path, count: int, size: int) -> tuple[str, ...]:
    """Return the names of the faces that the first `count` images of a folder were drawn from."""
    return tuple(_read(folder, count, size, ["face"])["face"])


def _drawn(table: pl.DataFrame) -> Drawn:
    regions = None
    if table["regions"].null_count() == 0:
        regions = _decode(table["regions"])
    before, after = (_decode(table[name]).permute(0, 3, 1, 2) for name in ("before", "after"))
    faces = Faces(tuple(table["face"]), before, regions)
    return Drawn(faces, after, tuple(table["rejected"]))


def rejected_share(folder: Path, count: int, size: int) -> float:
    """Return the share of draws that the gate rejected on the way to the first `count` images."""
    rejected = int(_read(folder, count, size, ["rejected"])["rejected"].sum())
    return rejected / (rejected + count)


def _read(folder: Path, count: int, size: int, columns: list[str] | None = None) -> pl.DataFrame:
    paths = [part_path(folder, part) for part in parts_for(count, size)]
    return pl.concat([pl.read_parquet(path, columns=columns) for path in paths]).head(count)


def _encode(image: Tensor) -> bytes:
    buffer = io.BytesIO()
    # Of zlib's strategies the one made for PNG: faster than the default, and smaller.
    options = {"compress_level": 1, "compress_type": zlib.Z_RLE}
    Image.fromarray(image.contiguous().numpy()).save(buffer, "PNG", **options)
    return buffer.getvalue()


def _decode(images: pl.Series) -> Tensor:
    decoded = [Image.open(io.BytesIO(data)) for data in images.struct.field("bytes")]
    return torch.from_numpy(np.stack([np.asarray(image) for image in decoded]))
