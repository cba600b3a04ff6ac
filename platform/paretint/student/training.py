"""Train a student in rungs: as far as the next rung, look, go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from paretint.faces import Pairs, jitter, to_float
from paretint.regions import around_eyes
from paretint.student.family import Student
from paretint.student.losses import student_loss
from paretint.student.resizing import made_up_at


@dataclass(frozen=True)
class Schedule:
    """How long and how fast: `steps` of `batch` pairs, Adam from `learning_rate` to 0 (cosine)."""

    steps: int
    batch: int
    learning_rate: float


def _ignore(_step: int) -> None:
    """Tell nobody of a step."""


SOURCE_SHARE = 0.25
"""The source pairs' part of each batch: they are few but true, the amplified ones are guesses."""


class Training:
    """The training of one student, on source pairs alone or with amplified ones beside them.

    input_size: the side to which photos are squeezed for the network, in pixels, by default their
    own; the loss is that of the photos in their own size, as they will be looked at.
    The same network, pairs, schedule and seed give the same weights on the same machine.
    """

    def __init__(
        self,
        network: Student,
        source: Pairs,
        schedule: Schedule,
        seed: int,
        amplified: Pairs | None = None,
        input_size: int | None = None,
    ) -> None:
        self.network = network
        size = input_size or source.before.shape[-1]
        self._sides = size, size
        self._source = len(source)
        self._pairs = source if amplified is None else source + amplified
        self._schedule = schedule
        self._generator = torch.Generator().manual_seed(seed)
        self._optimiser = torch.optim.Adam(network.parameters(), schedule.learning_rate)
        self._cosine = torch.optim.lr_scheduler.CosineAnnealingLR(self._optimiser, schedule.steps)
        self.step = 0

    def advance(self, to: int, after_step: Callable[[int], None] = _ignore) -> None:
        """Train until step `to`; tell `after_step` of each. Raises FloatingPointError on NaN."""
        self.network.train()
        while self.step < to:
            loss = self._train_step()
            self.step += 1
            if not torch.isfinite(loss):
                raise FloatingPointError(f"the loss is {loss.item()} at step {self.step}")
            after_step(self.step)
        self.network.eval()

    def _train_step(self) -> Tensor:
        before, after, eyes = self._batch()
        self._optimiser.zero_grad(set_to_none=True)
        loss = student_loss(made_up_at(self._sides, self.network, before), after, eyes)
        loss.backward()
        self._optimiser.step()
        self._cosine.step()
        return loss.detach()

    def _batch(self) -> tuple[Tensor, Tensor, Tensor]:
        """Draw a jittered batch; where regions are unknown the eyes may be anywhere."""
        pairs = self._pairs
        chosen = self._choose()
        regions = None if pairs.regions is None else pairs.regions[chosen]
        before, after, regions = jitter(
            to_float(pairs.before[chosen]), to_float(pairs.after[chosen]), regions, self._generator
        )
        if regions is None:
            return before, after, torch.ones_like(before[:, :1])
        return before, after, around_eyes(regions, before.shape[-1])

    def _choose(self) -> Tensor:
        """Draw the indices of a batch, int64 [batch]."""
        batch, everything = self._schedule.batch, len(self._pairs)
        amplified = everything > self._source
        true = round(batch * SOURCE_SHARE) if amplified else batch
        source = torch.randint(self._source, (true,), generator=self._generator)
        if not amplified:
            return source
        made = torch.randint(self._source, everything, (batch - true,), generator=self._generator)
        return torch.cat([source, made])
