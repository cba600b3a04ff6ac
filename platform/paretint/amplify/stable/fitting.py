"""Fine-tuning Stable Diffusion on the source pairs: to draw their makeup, or a bare face."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from paretint.amplify.stable.model import Model
from paretint.amplify.stable.tokens import exemplar, features
from paretint.config import StableDiffusion as Settings
from paretint.faces import Pairs, jitter, to_float
from paretint.regions import changed

DROPPED = 0.1
"""Share of the pairs whose condition says nothing: there the before is to be drawn, so that F(x)
is the photo itself, and guidance leads away from it."""

DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


def styles(model: Model, pairs: Pairs, settings: Settings) -> Tensor:
    """Return the features of each source pair's makeup, float32 [k, F]."""
    after = to_float(pairs.after).to(model.device)
    return features(model.encoder, exemplar(after, makeup_of(pairs.regions, after, settings)))


def makeup_of(regions: Tensor | None, photos: Tensor, settings: Settings) -> Tensor:
    """Return M_changed of photos, float32 [N, 1, S, S]; one where regions are not known."""
    if regions is None:
        return torch.ones_like(photos[:, :1])
    return changed(regions, photos.shape[-1], settings.regions).to(photos.device)


def fine_tune(
    model: Model,
    pairs: Pairs,
    settings: Settings,
    seed: int,
    after_step: Callable[[int], None],
) -> Tensor:
    """Fit what learns of the model to the source pairs; return the features of their makeup.

    Each pair is drawn with the makeup of another at random, so that a style is not told by whom
    it is on. Raises FloatingPointError where the loss is no number.
    """
    generator = torch.Generator().manual_seed(seed)
    known = styles(model, pairs, settings)
    faces = features(model.encoder, to_float(pairs.before).to(model.device))
    optimiser = torch.optim.AdamW(model.learned(), settings.learning_rate)
    half = settings.precision == "fp16" and model.device.type == "cuda"
    scaler = torch.amp.GradScaler(model.device.type, enabled=half)
    model.unet.train()
    for step in range(settings.fine_tune_steps):
        loss = _loss(model, pairs, settings, faces, known, generator)
        if not torch.isfinite(loss):
            raise FloatingPointError(f"the amplifier's loss is {loss.item()} at step {step}")
        optimiser.zero_grad(set_to_none=True)
        scaler.scale(loss).backward()
        scaler.unscale_(optimiser)
        torch.nn.utils.clip_grad_norm_(model.learned(), 1.0)
        scaler.step(optimiser)
        scaler.update()
        after_step(step + 1)
    model.unet.eval()
    return known


def _loss(
    model: Model,
    pairs: Pairs,
    settings: Settings,
    faces: Tensor,
    known: Tensor,
    generator: torch.Generator,
) -> Tensor:
    """Return the masked error E|| (eps - eps_theta) M_changed ||^2 of one batch; a scalar."""
    count, device = settings.batch, model.device
    chosen = torch.randint(len(pairs), (count,), generator=generator)
    shown = torch.randint(len(pairs), (count,), generator=generator)
    dropped = (torch.rand(count, generator=generator) < DROPPED).to(device)[:, None]
    regions = None if pairs.regions is None else pairs.regions[chosen]
    before, after, regions = jitter(
        to_float(pairs.before[chosen]), to_float(pairs.after[chosen]), regions, generator
    )
    photos = torch.where(dropped[..., None, None], before.to(device), after.to(device))
    with torch.no_grad():
        clean = model.encode(photos)
    weight = avg_pool2d(makeup_of(regions, photos, settings), model.fold)
    noise = torch.randn(clean.shape, generator=generator).to(device)
    times: int = model.schedule.config["num_train_timesteps"]
    drawn = torch.randint(times, (count,), generator=generator)
    time = cast(torch.IntTensor, drawn.to(device))
    noisy = model.schedule.add_noise(clean, noise, time)
    if model.schedule.config["prediction_type"] == "v_prediction":
        noise = model.schedule.get_velocity(clean, noise, time)
    identity = faces[chosen.to(device)].masked_fill(dropped, 0)
    style = known[shown.to(device)].masked_fill(dropped, 0)
    dtype = DTYPES[settings.precision]
    with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
        output = model.unet(noisy, time, model.tokens(identity, style)).sample
    error: Tensor = (output.float() - noise) * weight
    return error.square().mean() / weight.square().mean().clamp(min=1e-6)
