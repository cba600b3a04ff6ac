from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from paretint import UserError
from paretint.amplify import AmplifyJob, Residuals
from paretint.config import FolderFaces, ProceduralFaces, RdmSmall
from paretint.faces import Faces, prepare_faces
from paretint.faces.labels import Region
from paretint.store import Store
from paretint.sweep.mixing import Strengths, Style, faces_to_mix, mix_rows

SIZE = 24


@pytest.fixture
def faces() -> Faces:
    """Two grey faces, the left half of each lips and the right half skin."""
    regions = torch.full((2, SIZE, SIZE), int(Region.SKIN), dtype=torch.uint8)
    regions[:, :, : SIZE // 2] = int(Region.LIPS)
    regions[:, :2, SIZE - 2 :] = int(Region.EYES)
    return Faces(("ann", "bea"), torch.full((2, 3, SIZE, SIZE), 100, dtype=torch.uint8), regions)


def style(level: float) -> Residuals:
    photo = torch.full((2, 3, SIZE, SIZE), 100 / 255)
    return Residuals(photo, torch.full_like(photo, level / 255), torch.zeros_like(photo))


def test_lips_go_down_and_eyes_across_for_each_face(faces: Faces) -> None:
    heads, rows = mix_rows(
        faces, ["rose", "plum"], [style(10), style(50)], Strengths(face=1.0, lips=2.0), 0.8
    )
    assert heads == ["before", "eyes of rose", "eyes of plum"]
    assert [row.name for row in rows] == ["lips of rose", "lips of plum"] * 2
    lips, skin, eyes = (12, 0), (23, 23), (0, 23)
    seen = [
        [[int(image[0, y, x]) for y, x in (lips, skin, eyes)] for image in row.images]
        for row in rows[:2]
    ]
    assert seen == [
        [[100, 100, 100], [120, 110, 110], [120, 110, 150]],
        [[100, 100, 100], [200, 150, 110], [200, 150, 150]],
    ]


def job(store: Store, faces: Path) -> AmplifyJob:
    settings = RdmSmall(fine_tune_steps=1, learning_rate=1e-4, batch=1)
    return AmplifyJob(store, faces, 1, settings, seed=0)


def rendered(store: Store, size: int) -> Path:
    config = ProceduralFaces(
        source="procedural", style="rose", size=size, pairs=1, unlabelled=3, heldout=8
    )
    return prepare_faces(config, 0, store)


def test_the_first_styles_faces_are_mixed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = Style("rose", job(store, rendered(store, 32)))
    chosen = faces_to_mix([first, Style("plum", replace(first.job, seed=1))], 2)
    assert chosen.names == first.job.data.unlabelled.names[:2]
    other = Style("large", job(store, rendered(store, 48)))
    with pytest.raises(
        UserError, match=r"^large: its photos have 48 pixels a side, the first's 32"
    ):
        faces_to_mix([first, other], 2)


def test_without_regions_there_is_nothing_to_mix(tmp_path: Path) -> None:
    from PIL import Image

    for kind in ("before", "after"):
        (tmp_path / kind).mkdir()
        for number in range(12):
            Image.new("RGB", (32, 32), (9 * number, 9, 9)).save(tmp_path / kind / f"{number}.png")
    config = FolderFaces(
        source="folders",
        before=tmp_path / "before",
        after=tmp_path / "after",
        size=32,
        heldout=4,
        unlabelled=tmp_path / "before",
    )
    store = Store(tmp_path / "store")
    style = Style("real", job(store, prepare_faces(config, 0, store)))
    with pytest.raises(UserError, match=r"name a parser with regions\.parser"):
        faces_to_mix([style, style], 2)
