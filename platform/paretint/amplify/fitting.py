"""Fine-tuning `rdm-small` on the source pairs, with the style code that they spell."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor

from paretint.amplify.diffusion import Condition, diffusion_loss
from paretint.amplify.network import ResidualUNet
from paretint.amplify.style_code import style_code
from paretint.config import RdmSmall as Settings
from paretint.faces import Pairs, jitter, tint, to_float


def fine_tune(
    base: ResidualUNet,
    pairs: Pairs,
    settings: Settings,
    seed: int,
    after_step: Callable[[int], None],
) -> tuple[ResidualUNet, Tensor]:
    """Return a copy of the base fitted to the source pairs, and their style code.

    The pairs are flipped, moved and tinted at random. Raises FloatingPointError where the loss is
    no number.
    """
    device = next(base.parameters()).device
    network = copy.deepcopy(base).train()
    code = style_code(to_float(pairs.before), to_float(pairs.after), pairs.regions).to(device)
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(network.parameters(), settings.learning_rate)
    steps = settings.fine_tune_steps
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(steps, 1))
    for step in range(steps):
        after, given = _batch(pairs, settings, code, generator)
        loss = diffusion_loss(network, after, given, generator)
        if not torch.isfinite(loss):
            raise FloatingPointError(f"the amplifier's loss is {loss.item()} at step {step}")
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        cosine.step()
        after_step(step + 1)
    return network.eval(), code


def _batch(
    pairs: Pairs, settings: Settings, code: Tensor, generator: torch.Generator
) -> tuple[Tensor, Condition]:
    chosen = torch.randint(len(pairs), (settings.batch,), generator=generator)
    regions = None if pairs.regions is None else pairs.regions[chosen]
    before, after, regions = jitter(
        to_float(pairs.before[chosen]), to_float(pairs.after[chosen]), regions, generator
    )
    before, after = tint(before, after, generator)
    return after.to(code.device), Condition.of(before, regions, code, settings.regions)
