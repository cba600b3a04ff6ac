"""Train a student in rungs: as far as the next rung, look, go on."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils import convert_conv2d_weight_memory_format

from paretint.faces import Pairs, move, to_float
from paretint.regions import around_eyes
from paretint.student.averaging import moving_average
from paretint.student.family import Student
from paretint.student.losses import USUAL, Weights, check_weights, student_loss
from paretint.student.resizing import made_up_at
from paretint.student.rounding import Rounding


@dataclass(frozen=True)
class Schedule:
    """How long, how fast and on what: `steps` of `batch` pairs, Adam from `learning_rate` to 0.

    The rate falls by a cosine. ema: decay of the moving average of the network's weights, which is
    what ships in their place; 0 for none. qat: share of the steps, the last, that round to 8-bit
    integers. weights: of the parts of the loss.
    """

    steps: int
    batch: int
    learning_rate: float
    ema: float = 0.0
    qat: float = 0.0
    weights: Weights = USUAL


PROCESSOR = torch.device("cpu")


def _ignore(_step: int) -> None:
    """Tell nobody of a step."""


SOURCE_SHARE = 0.25
"""The source pairs' part of each batch: they are few but true, the amplified ones are guesses."""


class Training:
    """The training of one student, on source pairs alone or with amplified ones beside them.

    `network` is what has been learned, at rest: it changes when `advance` ends, and whatever is
    done with it leaves the training alone. input_size: the side to which photos are squeezed for
    the network, in pixels, by default their own; the loss is that of the photos in their own size,
    as they will be looked at. device: where a copy of the network learns; `network` and the pairs
    stay on the processor. The same network, pairs, schedule and seed give the same weights on the
    same machine's processor. Raises UserError where the loss cannot be computed.
    """

    def __init__(
        self,
        network: Student,
        source: Pairs,
        schedule: Schedule,
        seed: int,
        amplified: Pairs | None = None,
        input_size: int | None = None,
        device: torch.device = PROCESSOR,
    ) -> None:
        check_weights(schedule.weights)
        self.network = network
        size = input_size or source.before.shape[-1]
        self._sides = size, size
        # Channels last: a narrow network's convolutions then take two thirds of the time.
        self._device = device
        self._learner = copy.deepcopy(network).to(device)
        convert_conv2d_weight_memory_format(self._learner, torch.channels_last)
        decay = schedule.ema
        self._average = moving_average(self._learner, decay) if decay > 0 else None
        self._rounded = Rounding(self._learner)
        self._source, self._amplified = source, amplified
        self._schedule = schedule
        self._generator = torch.Generator().manual_seed(seed)
        self._optimiser = torch.optim.Adam(
            self._learner.parameters(), schedule.learning_rate, fused=True
        )
        self._cosine = torch.optim.lr_scheduler.CosineAnnealingLR(self._optimiser, schedule.steps)
        self.step = 0

    def advance(self, to: int, after_step: Callable[[int], None] = _ignore) -> None:
        """Train until step `to`; tell `after_step` of each. Raises FloatingPointError on NaN."""
        self._learner.train()
        while self.step < to:
            loss = self._train_step()
            self.step += 1
            if not torch.isfinite(loss):
                raise FloatingPointError(f"the loss is {loss.item()} at step {self.step}")
            after_step(self.step)
        learned = self._learner if self._average is None else self._average.module
        self.network.load_state_dict(learned.state_dict())
        self.network.eval()

    def _train_step(self) -> Tensor:
        before, after, eyes = self._batch()
        self._optimiser.zero_grad(set_to_none=True)
        made_up = made_up_at(self._sides, self._made_up, before)
        loss = student_loss(made_up, after, eyes, self._schedule.weights)
        loss.backward()
        self._optimiser.step()
        self._cosine.step()
        if self._average is not None:
            self._average.update_parameters(self._learner)
        return loss.detach()

    def _made_up(self, photo: Tensor) -> Tensor:
        """Return what the network makes of photos now; in its last steps it may round."""
        rounds = self.step >= self._schedule.steps * (1 - self._schedule.qat)
        learner = self._rounded if rounds else self._learner
        return learner(photo.contiguous(memory_format=torch.channels_last)).contiguous()

    def _batch(self) -> tuple[Tensor, Tensor, Tensor]:
        """Draw a batch, moved: before, after and M_eyes, which may be anywhere if unknown."""
        pairs = self._draw().to(self._device)
        photos = to_float(torch.cat([pairs.before, pairs.after], dim=1))
        if pairs.regions is None:
            moved = move(photos, self._generator)
            return moved[:, :3], moved[:, 3:], torch.ones_like(moved[:, :1])
        # Before the face moves: a mask moves with the photos, in the same sampling.
        eyes = around_eyes(pairs.regions, photos.shape[-1])
        moved = move(torch.cat([photos, eyes], dim=1), self._generator)
        return moved[:, :3], moved[:, 3:6], moved[:, 6:]

    def _draw(self) -> Pairs:
        batch = self._schedule.batch
        if self._amplified is None:
            return self._some(self._source, batch)
        true = round(batch * SOURCE_SHARE)
        return self._some(self._source, true) + self._some(self._amplified, batch - true)

    def _some(self, pairs: Pairs, count: int) -> Pairs:
        return pairs.at(torch.randint(len(pairs), (count,), generator=self._generator).tolist())
