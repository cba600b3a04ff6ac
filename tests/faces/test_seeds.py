from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from paretint.faces import seeded

WORDS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=3)


@given(WORDS)
def test_the_seed_is_that_of_numpys_sequence(words: list[int]) -> None:
    low, high = map(int, np.random.SeedSequence(words).generate_state(2))
    assert seeded(*words).initial_seed() == (high << 32 | low) >> 1


def test_other_words_give_other_numbers_and_equal_words_equal_ones() -> None:
    first, again, other = (torch.rand(3, generator=seeded(7, rank)) for rank in (0, 0, 1))
    assert first.equal(again)
    assert not first.equal(other)
