from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from paretint.export import OnnxModel, make_up
from paretint.faces import Pairs, open_faces, prepare_faces
from paretint.store import FACES, KeptFace, Run, Store, kept_faces
from paretint.sweep.keeping import SIDE, keep_faces


@pytest.fixture
def folder(finished: Run, tmp_path: Path) -> Path:
    """A trial's folder with its ONNX file alone."""
    shutil.copy(finished.models("t0000") / "model.onnx", tmp_path)
    return tmp_path


@pytest.fixture
def heldout(finished: Run, store_of_finished: Store) -> Pairs:
    faces = prepare_faces(finished.experiment.faces, finished.experiment.seed, store_of_finished)
    return open_faces(faces).heldout


def test_the_first_faces_are_kept_before_made_up_and_after(folder: Path, heldout: Pairs) -> None:
    keep_faces(folder, heldout)
    assert kept_faces(folder) == [KeptFace.numbered(number) for number in (1, 2, 3, 4)]
    some = heldout.first(4)
    made_up = torch.from_numpy(make_up(OnnxModel(folder / "model.onnx"), some.before.numpy()))
    for index, names in enumerate(kept_faces(folder)):
        for name, photos in zip(names, (some.before, made_up, some.after), strict=True):
            with Image.open(folder / FACES / name) as picture:
                kept = np.asarray(picture.convert("RGB"))
            assert np.array_equal(kept, photos[index].permute(1, 2, 0).numpy()), name


def test_the_run_that_made_the_trial_kept_the_same(
    finished: Run, folder: Path, heldout: Pairs
) -> None:
    keep_faces(folder, heldout)
    for path in (folder / FACES).iterdir():
        assert path.read_bytes() == (finished.models("t0000") / FACES / path.name).read_bytes()


def test_large_photos_are_kept_small(folder: Path, heldout: Pairs) -> None:
    large = heldout.before.repeat_interleave(10, dim=2).repeat_interleave(10, dim=3)
    keep_faces(folder, replace(heldout, before=large, after=large))
    with Image.open(folder / FACES / "1-before.webp") as picture:
        assert picture.size == (SIDE, SIDE)
