"""The plain regression that the diffusion amplifier is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import huber_loss

from paretint.amplify import Residuals, detail_residual
from paretint.faces import Faces, Pairs, jitter, to_float
from paretint.regions import CHANNELS, changed, encode

WIDTH = 40
STEPS = 800
BATCH = 8
LEARNING_RATE = 2e-3
HUBER = 0.05


class Regression(nn.Module):
    """Four 3x3 convolutions from photo and masks to the makeup residual: 34K parameters.

    It is told no style, draws no noise, and gives a photo one after.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = [3 + CHANNELS, WIDTH, WIDTH, WIDTH]
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Conv2d(WIDTH, 3, 3, padding=1))

    def forward(self, photo: Tensor, regions: Tensor) -> Tensor:
        """Return the residual [N, 3, S, S] of photos [N, 3, S, S], none where M_changed is zero."""
        size = photo.shape[-1]
        seen = torch.cat([photo * 2 - 1, encode(regions, size)], dim=1)
        return self.layers(seen) * (changed(regions, size) > 0)

    @torch.inference_mode()
    def residuals(self, faces: Faces, noise: Sequence[torch.Generator]) -> Residuals:  # noqa: ARG002
        """Return faces taken apart, as an amplifier does."""
        photo = to_float(faces.photos)
        return Residuals(photo, self(photo, faces.regions), detail_residual(photo, photo))


def fit_regression(pairs: Pairs, seed: int) -> Regression:
    """Return a regression fitted to the pairs, flipped and moved at random."""
    torch.manual_seed(seed)
    network, generator = Regression(), torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(network.parameters(), LEARNING_RATE)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        chosen = torch.randint(len(pairs), (BATCH,), generator=generator)
        before, after, regions = jitter(
            to_float(pairs.before[chosen]),
            to_float(pairs.after[chosen]),
            pairs.regions[chosen],
            generator,
        )
        loss = huber_loss(network(before, regions) + before, after, delta=HUBER)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        cosine.step()
    return network.eval()
