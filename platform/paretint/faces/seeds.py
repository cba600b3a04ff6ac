"""Random numbers that depend on what they are for, and on nothing drawn before."""

from __future__ import annotations

import numpy as np
import torch


def seeded(*words: int) -> torch.Generator:
    """Return a generator whose seed is made of `words`, whole numbers from 0."""
    state = np.random.SeedSequence(words).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state) >> 1)
