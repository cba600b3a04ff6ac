from __future__ import annotations

import io
from pathlib import Path

import datasets
import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

from paretint.amplify import Drawn, cut_part, part_path, rejected_share
from paretint.amplify.parts import is_whole, parts_for, read_drawn, read_faces, write_part
from paretint.faces import STYLES, Faces, render_pairs

SIZE = 16
PART = 4


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """Eight pairs, of which the gate rejected 3 draws of the first and 1 of the last."""
    pairs = render_pairs(STYLES["rose"].vector(), 8, SIZE, seed=1)
    faces = Faces(pairs.names, pairs.before, pairs.regions)
    return Drawn(faces, pairs.after, (3, 0, 0, 0, 0, 0, 0, 1))


def first(drawn: Drawn, start: int) -> Drawn:
    stop = start + PART
    return Drawn(
        drawn.before.take(start, stop), drawn.after[start:stop], drawn.rejected[start:stop]
    )


@pytest.fixture
def folder(drawn: Drawn, tmp_path: Path) -> Path:
    for part in range(2):
        start = part * PART
        write_part(part_path(tmp_path, part), range(start, start + PART), first(drawn, start))
    return tmp_path


@pytest.mark.parametrize(
    ("count", "parts"), [(0, 0), (1, 1), (50, 1), (51, 2), (4000, 80), (4001, 81)]
)
def test_parts_that_hold_a_count(count: int, parts: int) -> None:
    assert parts_for(count, 50) == range(parts)


@pytest.mark.parametrize("count", [1, 3, 4, 5, 8])
def test_pairs_come_back_as_they_were_drawn(drawn: Drawn, folder: Path, count: int) -> None:
    before, after, rejected = read_drawn(folder, count, PART)
    assert before.names == drawn.before.names[:count] == read_faces(folder, count, PART)
    assert before.photos.equal(drawn.before.photos[:count])
    assert after.equal(drawn.after[:count])
    assert before.regions is not None
    assert drawn.before.regions is not None
    assert before.regions.equal(drawn.before.regions[:count])
    assert rejected == drawn.rejected[:count]


def test_share_of_rejected_draws(folder: Path) -> None:
    assert rejected_share(folder, 4, PART) == 3 / 7
    assert rejected_share(folder, 8, PART) == 4 / 12


def test_photos_without_regions(drawn: Drawn, tmp_path: Path) -> None:
    blind = Faces(drawn.before.names, drawn.before.photos, None)
    write_part(part_path(tmp_path, 0), range(8), Drawn(blind, drawn.after, drawn.rejected))
    assert read_drawn(tmp_path, 3, 8).before.regions is None


def test_a_part_is_whole_or_no_part(folder: Path) -> None:
    path = part_path(folder, 0)
    assert is_whole(path, PART)
    assert not is_whole(path, PART + 1)
    assert not is_whole(part_path(folder, 9), PART)
    path.write_bytes(path.read_bytes()[:-9])
    assert not is_whole(path, PART)
    path.write_bytes(b"")
    assert not is_whole(path, PART)


def test_a_failed_part_leaves_no_file(drawn: Drawn, tmp_path: Path) -> None:
    (tmp_path / "part-00000.parquet").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_part(tmp_path / "part-00000.parquet", range(8), drawn)
    assert [path.name for path in tmp_path.iterdir()] == ["part-00000.parquet"]


def test_images_are_pngs_with_where_they_come_from(folder: Path) -> None:
    table = pl.read_parquet(part_path(folder, 0))
    assert table.columns == ["index", "face", "rejected", "before", "after", "regions"]
    assert table["after"].struct.fields == ["bytes", "path"]
    assert Image.open(io.BytesIO(table["after"][0]["bytes"])).format == "PNG"


def test_datasets_opens_a_part_with_its_images_decoded(
    drawn: Drawn, folder: Path, tmp_path: Path
) -> None:
    files = [str(path) for path in sorted(folder.glob("*.parquet"))]
    rows = datasets.load_dataset(
        "parquet", data_files=files, split="train", cache_dir=str(tmp_path / "cache")
    )
    assert rows["index"][:] == list(range(8))
    after = torch.from_numpy(np.array(rows[5]["after"]))
    assert after.permute(2, 0, 1).equal(drawn.after[5])
    assert rows[5]["regions"].size == (SIZE, SIZE)


def test_a_cut_part_is_its_first_rows(folder: Path, tmp_path: Path) -> None:
    cut_part(part_path(folder, 1), 3, tmp_path / "cut.parquet")
    assert pl.read_parquet(tmp_path / "cut.parquet")["index"].to_list() == [4, 5, 6]
    whole, cut = (
        pl.read_parquet_metadata(path)["huggingface"]
        for path in (part_path(folder, 1), tmp_path / "cut.parquet")
    )
    assert cut == whole
