"""An amplifier: the base fine-tuned on the source pairs, with the style code they spell."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from paretint.amplify.diffusion import Condition, compose, diffusion_loss, makeup_residual
from paretint.amplify.network import ResidualUNet
from paretint.amplify.style_code import style_code
from paretint.config import Amplifier as Settings
from paretint.faces import Faces, Pairs, jitter, to_bytes, to_float

VERSION = 1

_FILE = "amplifier.safetensors"
_CODE = "code"


@dataclass(frozen=True)
class FittedAmplifier:
    """One style's amplifier. code: float32 [CODE], the style told by the source pairs."""

    network: ResidualUNet
    code: Tensor

    def save(self, folder: Path) -> None:
        """Write the amplifier into a folder."""
        save_file({**self.network.state_dict(), _CODE: self.code}, folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> FittedAmplifier:
        """Return the amplifier that `save` left in a folder."""
        weights = load_file(folder / _FILE)
        code = weights.pop(_CODE)
        network = ResidualUNet()
        network.load_state_dict(weights)
        return cls(network.eval(), code)

    def to(self, device: torch.device) -> FittedAmplifier:
        """Return the amplifier on a device."""
        return FittedAmplifier(self.network.to(device), self.code.to(device))

    def make_up(
        self, faces: Faces, noise: Tensor, steps: int, strength: float, detail: float
    ) -> Tensor:
        """Return the faces in the amplifier's style, uint8 [N, 3, S, S].

        noise: standard normal, float32 [N, 3, S, S], of which each after is a function; strength
        and detail are l_m and l_d of `compose`.
        """
        device = self.code.device
        photo = to_float(faces.photos.to(device))
        regions = None if faces.regions is None else faces.regions.to(device)
        given = Condition.of(photo, regions, self.code)
        makeup = makeup_residual(self.network, given, noise.to(device), steps)
        return to_bytes(compose(photo, photo, makeup, strength, detail)).cpu()


def fit(
    base: ResidualUNet,
    pairs: Pairs,
    settings: Settings,
    seed: int,
    after_step: Callable[[int], None],
) -> FittedAmplifier:
    """Fine-tune a copy of the base on the source pairs, flipped and moved at random.

    Raises FloatingPointError where the loss is no number.
    """
    device = next(base.parameters()).device
    network = copy.deepcopy(base).train()
    code = style_code(to_float(pairs.before), to_float(pairs.after), pairs.regions).to(device)
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(network.parameters(), settings.learning_rate)
    steps = settings.fine_tune_steps
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(steps, 1))
    for step in range(steps):
        after, given = _batch(pairs, settings.batch, code, generator)
        loss = diffusion_loss(network, after, given, generator)
        if not torch.isfinite(loss):
            raise FloatingPointError(f"the amplifier's loss is {loss.item()} at step {step}")
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        cosine.step()
        after_step(step + 1)
    return FittedAmplifier(network.eval(), code)


def _batch(
    pairs: Pairs, size: int, code: Tensor, generator: torch.Generator
) -> tuple[Tensor, Condition]:
    chosen = torch.randint(len(pairs), (size,), generator=generator)
    regions = None if pairs.regions is None else pairs.regions[chosen]
    before, after, regions = jitter(
        to_float(pairs.before[chosen]), to_float(pairs.after[chosen]), regions, generator
    )
    if regions is not None:
        regions = regions.to(code.device)
    return after.to(code.device), Condition.of(before.to(code.device), regions, code)
