from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from paretint import UserError
from paretint.amplify import Drawn, draw
from paretint.amplify.drawing import DRAWS, Judge
from paretint.amplify.network import ResidualUNet
from paretint.amplify.small_amplifier import SmallAmplifier
from paretint.amplify.style_code import CODE
from paretint.config import Amplifier
from paretint.faces import STYLES, Faces, render_pairs

SIZE = 32


@pytest.fixture
def amplifier(network: ResidualUNet, settings: Amplifier) -> SmallAmplifier:
    return SmallAmplifier(network, torch.zeros(CODE), settings)


@pytest.fixture(scope="module")
def faces() -> Faces:
    pairs = render_pairs(STYLES["rose"].vector(), 6, SIZE, seed=1)
    return Faces(pairs.names, pairs.before, pairs.regions)


class Gate:
    """Rejects as a function of a face's name and of how often it was asked for it."""

    def __init__(self, rejects: Callable[[str, int], bool]) -> None:
        self._rejects = rejects
        self.asked: list[str] = []

    def verdicts(self, before: Faces, after: Tensor) -> list[str | None]:
        assert len(before) == len(after)
        answers = []
        for name in before.names:
            answers.append("residual" if self._rejects(name, self.asked.count(name)) else None)
            self.asked.append(name)
        return answers


Make = Callable[..., Drawn]


@pytest.fixture
def make(amplifier: SmallAmplifier, faces: Faces, settings: Amplifier) -> Make:
    def drawn(indices: range, gate: Judge | None = None, count: int = 6, seed: int = 0) -> Drawn:
        return draw(amplifier, gate, faces.take(0, count), settings, seed, indices)

    return drawn


def test_images_of_indices_are_those_of_their_faces(make: Make, faces: Faces) -> None:
    drawn = make(range(2, 4))
    assert drawn.before.names == faces.names[2:4]
    assert drawn.before.photos.equal(faces.photos[2:4])
    assert drawn.after.dtype == torch.uint8
    assert not drawn.after.equal(drawn.before.photos)
    assert drawn.rejected == (0, 0)


def test_beyond_the_last_face_faces_come_round_with_noise_of_their_own(
    make: Make, faces: Faces
) -> None:
    assert make(range(8), count=3).before.photos.equal(faces.photos[[0, 1, 2, 0, 1, 2, 0, 1]])
    assert len(make(range(8), count=1).after.flatten(1).unique(dim=0)) == 8


def test_another_seed_draws_other_makeup(make: Make) -> None:
    one, same, other = (make(range(4), seed=seed).after for seed in (0, 0, 1))
    assert one.equal(same)
    assert all((a != b).any() for a, b in zip(one, other, strict=True))


def test_a_rejected_draw_is_replaced_by_the_next_of_the_same_face(make: Make, faces: Faces) -> None:
    plain = make(range(4))
    gate = Gate(lambda name, before: name == faces.names[1] and before == 0)
    drawn = make(range(4), gate)
    assert drawn.rejected == (0, 1, 0, 0)
    assert drawn.before.names == plain.before.names
    assert [a.equal(b) for a, b in zip(drawn.after, plain.after, strict=True)] == [
        True, False, True, True,
    ]  # fmt: skip


def test_a_face_rejected_twice_gives_way_to_the_next(make: Make, faces: Faces) -> None:
    gate = Gate(lambda name, _: name == faces.names[5])
    drawn = make(range(4, 6), gate)
    assert drawn.rejected == (0, 2)
    assert drawn.before.names == (faces.names[4], faces.names[0])


def test_a_gate_that_lets_nothing_through_is_told(make: Make) -> None:
    gate = Gate(lambda *_: True)
    with pytest.raises(UserError, match=f"rejects {DRAWS} draws in a row, the last for its resid"):
        make(range(1), gate)
    assert len(gate.asked) == DRAWS
