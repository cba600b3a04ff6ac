"""Train a parser on labelled photos: as far as asked, look, go on; or go on after a stop."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR

from paretint.faces import seeded
from paretint.regions.augment import ALIGNED, WIDE, Views, view
from paretint.regions.labelled import Labelled
from paretint.regions.losses import choose_points, edge_aware_loss, edges
from paretint.regions.network import FPLIIF, pixel_centres

RENDERED_SHARE = 0.25
"""The rendered faces' part of each batch, where there are any."""
_MAX_NORM = 1.0
_WARM_UP = 0.05
_SHORTEST_CYCLE = 21
"""In steps: with 1 / `_WARM_UP` of them, the warm-up has no length and torch divides by it."""


@dataclass(frozen=True)
class ParserSchedule:
    """How a parser is trained: `steps` of `batch` photos, AdamW, one cycle of the learning rate.

    points: of each photo, at which the decoder is asked, half of them on edges; views: how far a
    photo is moved and recoloured.
    """

    steps: int
    batch: int = 8
    learning_rate: float = 2e-3
    points: int = 4096
    views: Views = ALIGNED

    @classmethod
    def usual(cls, architecture: str, steps: int) -> ParserSchedule:
        """Return how one of `ARCHITECTURES` is trained: `full` at the published rate and views."""
        if architecture == "full":
            return cls(steps, learning_rate=8e-4, views=WIDE)
        return cls(steps)


@dataclass(frozen=True)
class Sources:
    """What is trained on: labelled photos, and rendered faces beside them."""

    labelled: Labelled
    rendered: Labelled | None = None

    def shares(self, start: int, stop: int) -> list[tuple[Labelled, int]]:
        """Return how many of each are among the photos start..stop-1 that a training draws.

        Only of what there are any: one photo is either. However small the batches, and over all
        workers, the rendered faces are `RENDERED_SHARE` of all.
        """
        if self.rendered is None:
            return [(self.labelled, stop - start)]
        rendered = int(stop * RENDERED_SHARE) - int(start * RENDERED_SHARE)
        counts = [(self.labelled, stop - start - rendered), (self.rendered, rendered)]
        return [(source, count) for source, count in counts if count]


class AtPoints(nn.Module):
    """A parser as it is trained: logits [N, 19, P] of photos at points [N, P, 2] of theirs."""

    def __init__(self, network: FPLIIF) -> None:
        super().__init__()
        self.network = network

    def forward(self, photos: Tensor, points: Tensor) -> Tensor:
        """photos [N, 3, S, S] in [0, 1]; points as `FPLIIF.query` takes them, in one row."""
        return self.network.query(self.network.encode(photos), points[:, :, None])[..., 0]


class ParserTraining:
    """The training of one parser, on labelled photos and, beside them, on rendered ones.

    The batch of a step depends on the seed, the step and the worker's place among the workers
    alone: a training that was stopped and restored goes on as if it had not been.
    """

    def __init__(
        self,
        network: FPLIIF,
        sources: Sources,
        schedule: ParserSchedule,
        seed: int,
        device: torch.device,
    ) -> None:
        self.network = network.to(device)
        self.step = 0
        self._sources, self._schedule, self._seed, self._rank = sources, schedule, seed, 0
        self._workers, self._device = 1, device
        self._asked: nn.Module = AtPoints(network)
        rate, steps = schedule.learning_rate, schedule.steps
        self._optimiser = torch.optim.AdamW(network.parameters(), rate, weight_decay=1e-4)
        cycle = max(steps, _SHORTEST_CYCLE)
        self._cycle = OneCycleLR(self._optimiser, rate, total_steps=cycle, pct_start=_WARM_UP)

    def join(self, wrap: Callable[[nn.Module], nn.Module], rank: int, workers: int) -> None:
        """Be one of several workers: draw a share of each batch, with gradients joined by `wrap`.

        wrap: puts a module under what averages its gradients over the workers, as Ray Train's
        `prepare_model` does.
        """
        self._asked, self._rank, self._workers = wrap(self._asked), rank, workers

    def advance(self, to: int, after_step: Callable[[int], None]) -> None:
        """Train until step `to`; tell `after_step` of each. Raises FloatingPointError on NaN."""
        self.network.train()
        while self.step < to:
            loss = self._train_step()
            self.step += 1
            if not math.isfinite(loss):
                raise FloatingPointError(f"the loss is {loss} at step {self.step}")
            after_step(self.step)
        self.network.eval()

    def state(self) -> dict[str, Any]:
        """Return all that `restore` needs to go on from this step."""
        return {
            "step": self.step,
            "network": self.network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "cycle": self._cycle.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from where `state` was taken."""
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._cycle.load_state_dict(state["cycle"])

    def _train_step(self) -> float:
        photos, points, allowed = (part.to(self._device) for part in self._batch())
        with torch.autocast(self._device.type, torch.bfloat16, enabled=_halves(self._device)):
            logits = self._asked(photos, points)
        loss = edge_aware_loss(logits, allowed)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), _MAX_NORM)
        self._optimiser.step()
        self._cycle.step()
        return loss.item()

    def _batch(self) -> tuple[Tensor, Tensor, Tensor]:
        """Draw photos [N, 3, S, S], points [N, P, 2] and what they may be, bool [N, P, 19]."""
        generator = seeded(self._seed, self._rank, self.step)
        size = max(1, self._schedule.batch // self._workers)
        start = (self.step * self._workers + self._rank) * size
        parts = []
        for labelled, count in self._sources.shares(start, start + size):
            chosen = torch.randint(len(labelled), (count,), generator=generator)
            photos, labels, allowed = view(labelled, chosen, self._schedule.views, generator)
            at = choose_points(edges(labels), self._schedule.points, generator)
            parts.append((photos, at, allowed))
        photos, at, allowed = (torch.cat(part) for part in zip(*parts, strict=True))
        side = photos.shape[-1]
        points = pixel_centres(side, 0, side).flatten(0, 1)[at]
        return photos, points, allowed.flatten(1, 2)[torch.arange(len(at))[:, None], at]


def _halves(device: torch.device) -> bool:
    """Return whether the device computes in bfloat16: it is twice as fast where it does."""
    if device.type == "cpu":
        return torch.cpu._is_avx512_bf16_supported()
    return bool(torch.cuda.is_bf16_supported())
