from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import torch

from paretint.amplify import FittedAmplifier, make_part, read_amplified
from paretint.amplify.network import ResidualUNet
from paretint.amplify.parts import part_path, parts_for
from paretint.amplify.style_code import CODE
from paretint.config import Amplifier
from paretint.faces import STYLES, Faces, render_pairs
from paretint.regions import changed

SIZE = 32


@pytest.fixture
def amplifier(network: ResidualUNet) -> FittedAmplifier:
    return FittedAmplifier(network, torch.zeros(CODE))


@pytest.fixture(scope="module")
def faces() -> Faces:
    pairs = render_pairs(STYLES["rose"].vector(), 6, SIZE, seed=1)
    return Faces(pairs.names, pairs.before, pairs.regions)


def write(
    folder: Path, amplifier: FittedAmplifier, faces: Faces, settings: Amplifier, *parts: int
) -> Path:
    folder.mkdir()
    for part in parts:
        make_part(amplifier, faces, settings, 0, part, part_path(folder, part))
    return folder


@pytest.mark.parametrize(
    ("count", "parts"), [(0, 0), (1, 1), (50, 1), (51, 2), (4000, 80), (4001, 81)]
)
def test_parts_that_hold_a_count(count: int, parts: int) -> None:
    assert parts_for(count, 50) == range(parts)


def test_a_part_comes_back_as_pairs_of_its_faces(
    amplifier: FittedAmplifier, faces: Faces, settings: Amplifier, tmp_path: Path
) -> None:
    pairs = read_amplified(write(tmp_path / "a", amplifier, faces, settings, 0), 4, 4)
    assert pairs.names == tuple(f"face-1-{index:05d}-{index}" for index in range(4))
    assert pairs.before.equal(faces.photos[:4])
    assert pairs.regions is not None
    assert faces.regions is not None
    assert pairs.regions.equal(faces.regions[:4])
    outside = (changed(pairs.regions) == 0).expand_as(pairs.after)
    assert pairs.after[outside].equal(pairs.before[outside])
    assert not pairs.after.equal(pairs.before)


def test_a_smaller_count_is_the_start_of_a_larger_one(
    amplifier: FittedAmplifier, faces: Faces, settings: Amplifier, tmp_path: Path
) -> None:
    folder = write(tmp_path / "a", amplifier, faces, settings, 0, 1)
    many = read_amplified(folder, 8, 4)
    for count in (1, 3, 4, 5):
        few = read_amplified(folder, count, 4)
        assert few.names == many.names[:count]
        assert few.before.equal(many.before[:count])
        assert few.after.equal(many.after[:count])


def test_a_part_has_the_same_bytes_whichever_parts_were_made_before_it(
    amplifier: FittedAmplifier, faces: Faces, settings: Amplifier, tmp_path: Path
) -> None:
    one = write(tmp_path / "one", amplifier, faces, settings, 0, 1, 2)
    other = write(tmp_path / "other", amplifier, faces, settings, 2, 1)
    for part in (1, 2):
        assert part_path(one, part).read_bytes() == part_path(other, part).read_bytes()
    assert part_path(one, 1).read_bytes() != part_path(one, 2).read_bytes()


def test_beyond_the_last_face_faces_come_round_with_noise_of_their_own(
    amplifier: FittedAmplifier, faces: Faces, settings: Amplifier, tmp_path: Path
) -> None:
    folder = write(tmp_path / "a", amplifier, faces.take(0, 3), settings, 0, 1)
    assert read_amplified(folder, 8, 4).before.equal(faces.photos[[0, 1, 2, 0, 1, 2, 0, 1]])
    lonely = write(tmp_path / "b", amplifier, faces.take(0, 1), settings, 0, 1)
    pairs = read_amplified(lonely, 8, 4)
    assert pairs.names == tuple(f"face-1-00000-{index}" for index in range(8))
    assert len(pairs.after.flatten(1).unique(dim=0)) == 8


def test_another_seed_draws_other_makeup(
    amplifier: FittedAmplifier, faces: Faces, settings: Amplifier, tmp_path: Path
) -> None:
    for seed in (0, 1):
        make_part(amplifier, faces, settings, seed, 0, tmp_path / f"{seed}.parquet")
    afters = [pl.read_parquet(tmp_path / f"{seed}.parquet")["after"].to_list() for seed in (0, 1)]
    assert all(one != other for one, other in zip(*afters, strict=True))


def test_photos_without_regions(
    amplifier: FittedAmplifier, faces: Faces, settings: Amplifier, tmp_path: Path
) -> None:
    blind = Faces(faces.names, faces.photos, None)
    pairs = read_amplified(write(tmp_path / "a", amplifier, blind, settings, 0), 3, 4)
    assert pairs.regions is None
    assert pairs.before.equal(faces.photos[:3])


def test_a_failed_part_leaves_no_file(
    faces: Faces, settings: Amplifier, amplifier: FittedAmplifier, tmp_path: Path
) -> None:
    (tmp_path / "part-00000.parquet").mkdir()
    with pytest.raises(OSError, match="directory"):
        make_part(amplifier, faces, settings, 0, 0, tmp_path / "part-00000.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["part-00000.parquet"]


def test_images_are_stored_as_datasets_of_images_are(
    amplifier: FittedAmplifier, faces: Faces, settings: Amplifier, tmp_path: Path
) -> None:
    folder = write(tmp_path / "a", amplifier, faces, settings, 0)
    table = pl.read_parquet(part_path(folder, 0))
    assert table.columns == ["index", "face", "before", "after", "regions"]
    assert table["after"].struct.fields == ["bytes", "path"]
    assert table["after"][0]["bytes"].startswith(b"\x89PNG")
