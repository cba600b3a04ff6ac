"""Regions of photos in folders, drawn by a parser that reads them off the photo's own colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from paretint import UserError
from paretint.config import FolderFaces, ProceduralFaces
from paretint.faces import Faces, Pairs, Parser, open_faces, prepare_faces
from paretint.faces.folders import read_folders
from paretint.faces.parsing import FINE, silent, with_regions
from paretint.store import Store

Save = Callable[..., Path]
SIZE = 32


def by_red(photos: Tensor) -> Tensor:
    """Take a pixel's red, in nine steps, for its region."""
    return torch.div(photos[:, 0], 29, rounding_mode="floor")


class RedParser:
    """Draws regions `by_red`, and remembers the photos it saw."""

    def __init__(self, key: str = "red", side: int = SIZE) -> None:
        self.key = key
        self.side = side
        self.seen: list[Tensor] = []

    def regions(self, photos: Tensor, size: int) -> Tensor:
        self.seen += photos
        return by_red(interpolate(photos, size, mode="nearest-exact"))


def blocks(height: int, width: int) -> Tensor:
    """A photo of dark and bright blocks of 10 x 10 pixels, in no order."""
    generator = torch.Generator().manual_seed(0)
    bright = torch.rand(height // 10, width // 10, generator=generator) < 0.5
    red = bright.repeat_interleave(10, 0).repeat_interleave(10, 1) * 228 + 14
    return red.to(torch.uint8).expand(3, -1, -1)


def coarse(regions: Tensor | None) -> Tensor:
    """What a map of 256 pixels a side shows in the middle of each pixel of its photo."""
    assert regions is not None
    assert regions.shape[1:] == (FINE, FINE)
    finer = FINE // SIZE
    return regions[:, finer // 2 :: finer, finer // 2 :: finer]


def shown(photos: Tensor, regions: Tensor | None) -> bool:
    """Whether maps show the regions of photos that the parser sees in full."""
    return coarse(regions).equal(by_red(photos))


def test_every_face_has_the_regions_of_its_own_photo(
    folders: FolderFaces, people: Pairs, save: Save
) -> None:
    save(people.before[3], "unlabelled/a.png")  # d, the first held out: skipped, not parsed
    save(people.before[10], "unlabelled/b.png")  # b is also the name of a pair
    data, [skip] = read_folders(folders, RedParser())
    assert str(skip).endswith("a.png: is the held-out face d")
    assert data.unlabelled.names == ("b", "x", "y", "g", "a", "h", "e", "b")
    assert len(data.unlabelled.photos.unique(dim=0)) == 8
    assert shown(data.unlabelled.photos, data.unlabelled.regions)
    assert shown(data.source.before, data.source.regions)
    assert shown(data.heldout.before, data.heldout.regions)


def test_without_unlabelled_photos_the_sources_bring_their_regions(folders: FolderFaces) -> None:
    alone = folders.model_copy(update={"unlabelled": None})
    data, _ = read_folders(alone, RedParser())
    assert data.unlabelled.names == data.source.names[::-1]
    assert shown(data.unlabelled.photos, data.unlabelled.regions)


@pytest.mark.parametrize(("height", "width"), [(80, 120), (120, 80), (80, 80), (40, 50)])
@pytest.mark.parametrize("side", [64, 96])
def test_regions_lie_on_the_photo_whatever_its_shape_and_the_parsers_side(
    folders: FolderFaces, save: Save, side: int, height: int, width: int
) -> None:
    save(blocks(height, width), "unlabelled/x.png")
    faces: Faces = read_folders(folders, RedParser(side=side))[0].unlabelled
    assert faces.names[0] == "x"
    bright = coarse(faces.regions)[0] >= 4
    assert 0.2 < bright.float().mean() < 0.8
    assert bright.equal(faces.photos[0, 0] >= 4 * 29)


def test_a_parser_sees_the_photo_itself_not_its_reduced_copy(
    folders: FolderFaces, save: Save
) -> None:
    fine = torch.randint(256, (3, 64, 64), generator=torch.Generator().manual_seed(0))
    photo = fine.to(torch.uint8)
    save(photo, "unlabelled/x.png")
    parser = RedParser(side=64)
    data, _ = read_folders(folders, parser)
    assert any(seen.equal(photo) for seen in parser.seen)
    assert data.unlabelled.photos.shape[2:] == (SIZE, SIZE)


def test_every_parsed_photo_is_told_of(folders: FolderFaces) -> None:
    told: list[tuple[int, int]] = []
    read_folders(folders, RedParser(), lambda done, total: told.append((done, total)))
    assert told == [(done, 10) for done in range(1, 11)]


def test_a_photo_that_is_broken_meanwhile_is_one_line(folders: FolderFaces) -> None:
    pairs = folders.model_copy(update={"unlabelled": None})
    data, _ = read_folders(pairs)
    data = replace(data, unlabelled=data.unlabelled.take(0, 0))
    broken = folders.before / "d.png"
    broken.write_bytes(b"no image")
    with pytest.raises(UserError, match=rf"^{broken}: is no readable image"):
        with_regions(data, pairs, RedParser(), silent)


def test_prepared_faces_keep_their_regions_and_are_parsed_once(
    folders: FolderFaces, store: Store
) -> None:
    parser = RedParser()
    folder = prepare_faces(folders, 0, store, parser)
    assert len(parser.seen) == 10
    assert prepare_faces(folders, 0, store, parser) == folder
    assert len(parser.seen) == 10
    data = open_faces(folder)
    assert shown(data.unlabelled.photos, data.unlabelled.regions)
    assert shown(data.source.before, data.source.regions)
    assert shown(data.heldout.before, data.heldout.regions)


def test_faces_of_another_parser_have_another_folder(folders: FolderFaces, store: Store) -> None:
    parsers: list[Parser | None] = [None, RedParser("red"), RedParser("another")]
    made = [prepare_faces(folders, 0, store, parser) for parser in parsers]
    assert len(set(made)) == 3
    assert prepare_faces(folders, 0, store, RedParser("red", side=64)) == made[1]
    assert open_faces(made[0]).source.regions is None


def test_rendered_faces_keep_their_exact_regions(store: Store) -> None:
    config = ProceduralFaces(
        source="procedural", style="rose", size=SIZE, pairs=1, unlabelled=1, heldout=8
    )
    parser = RedParser()
    assert prepare_faces(config, 0, store, parser) == prepare_faces(config, 0, store)
    assert parser.seen == []
