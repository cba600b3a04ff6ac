from __future__ import annotations

from pathlib import Path

import torch

from paretint.export import OnnxModel, make_up
from paretint.faces import open_faces, prepare_faces
from paretint.front.winner.samples import HEADS, sample_rows
from paretint.store import Run, Store


def test_rows_are_the_first_held_out_faces_before_made_up_and_after(
    finished: Run, store_of_finished: Store
) -> None:
    faces: Path = prepare_faces(finished.experiment.faces, 5, store_of_finished)
    heldout, model = open_faces(faces).heldout, finished.models("t0000") / "model.onnx"
    rows = sample_rows(model, heldout)
    assert [row.name for row in rows] == ["1", "2", "3", "4"]
    before, made_up, after = rows[2].images
    assert len(HEADS) == 3
    assert before.equal(heldout.before[2])
    assert made_up.equal(
        torch.from_numpy(make_up(OnnxModel(model), heldout.before[2:3].numpy()))[0]
    )
    assert after.equal(heldout.after[2])
