from __future__ import annotations

import pytest
import torch

from paretint.sweep.card import Card

on_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
GB = 1024**3


@pytest.mark.parametrize("share", [0.0] if torch.cuda.is_available() else [0.0, 0.25])
def test_without_a_gpu_there_is_nothing_to_share(share: float) -> None:
    card = Card(share)
    card.begin()
    assert (card.device, card.share, card.taken()) == (torch.device("cpu"), 0.0, None)
    assert not card.widen()


@on_gpu
def test_nobody_takes_more_than_its_share_until_it_is_widened() -> None:
    whole = torch.cuda.get_device_properties(0).total_memory
    card = Card(1 / 32)

    def take(part: float) -> None:
        held = torch.empty(int(part * whole), dtype=torch.uint8, device=card.device)
        del held

    take(1 / 64)
    first = card.taken()
    assert first is not None
    assert first == pytest.approx(1 / 64 + GB / 2 / whole, rel=0.05)
    with pytest.raises(torch.OutOfMemoryError):
        take(3 / 64)
    assert card.widen()
    take(3 / 64)
    card.begin()
    assert card.taken() == pytest.approx(GB / 2 / whole)
    with pytest.raises(torch.OutOfMemoryError):
        take(3 / 64)


@on_gpu
def test_the_whole_gpu_is_the_end() -> None:
    card = Card(0.4)
    assert [card.widen() for _ in range(3)] == [True, True, False]
