"""Train the base `rdm-small` on procedural faces in random styles: nobody's photo is in it.

    python -m paretint.amplify.pretrain --steps 12000 --out rdm-small.safetensors

Each step shows a few faces of a style as its examples and asks for the makeup of others: the base
learns to read a style code, so that fine-tuning only has to sharpen what it already guesses.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from pathlib import Path

import torch
from torch import Tensor

from paretint.amplify.diffusion import Condition, diffusion_loss
from paretint.amplify.network import ResidualUNet, save_weights
from paretint.amplify.style_code import style_code
from paretint.faces import Pairs, random_styles, render_pairs, to_float

FACES_A_STYLE = 8
EXAMPLES = 4
WITHOUT_MASKS = 0.25
EMA = 0.999


def pool(styles: int, size: int, seed: int) -> Pairs:
    """Render `styles` random styles on `FACES_A_STYLE` faces each, one style after the other."""
    looks = random_styles(styles, torch.Generator().manual_seed(seed))
    repeated = looks.repeat_interleave(FACES_A_STYLE, dim=0)
    return render_pairs(repeated, len(repeated), size, seed)


def batch(pairs: Pairs, groups: int, generator: torch.Generator) -> tuple[Tensor, Condition]:
    """Draw `groups` styles: the afters to predict, and what is known for predicting them."""
    styles = len(pairs) // FACES_A_STYLE
    parts = []
    for style in torch.randint(styles, (groups,), generator=generator).tolist():
        order = style * FACES_A_STYLE + torch.randperm(FACES_A_STYLE, generator=generator)
        parts.append(_one_style(pairs, order, generator))
    afters, photos, masks, codes, weights = (torch.cat(part) for part in zip(*parts, strict=True))
    return afters, Condition(photos, masks, codes, weights)


def _one_style(pairs: Pairs, order: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
    assert pairs.regions is not None
    count = int(torch.randint(1, EXAMPLES + 1, (1,), generator=generator))
    shown, asked = order[:count], order[EXAMPLES:]
    blind = float(torch.rand(1, generator=generator)) < WITHOUT_MASKS
    code = style_code(
        to_float(pairs.before[shown]),
        to_float(pairs.after[shown]),
        None if blind else pairs.regions[shown],
    )
    regions = None if blind else pairs.regions[asked]
    given = Condition.of(to_float(pairs.before[asked]), regions, code)
    return to_float(pairs.after[asked]), given.photo, given.masks, given.code, given.weight


def train(pairs: Pairs, steps: int, groups: int, learning_rate: float, seed: int) -> ResidualUNet:
    """Return the moving average of the weights over the run (decay 0.999)."""
    torch.manual_seed(seed)
    network = ResidualUNet()
    average = copy.deepcopy(network).requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(network.parameters(), learning_rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, learning_rate, total_steps=steps, pct_start=0.05
    )
    half = torch.ops.mkldnn._is_mkldnn_bf16_supported()
    start, smooth = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        after, given = batch(pairs, groups, generator)
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            loss = diffusion_loss(network, after, given, generator)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        decay = min(EMA, step / (step + 10))
        torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1 - decay)
        smooth += (loss.item() - smooth) * max(0.01, 1 / step)
        if step % 100 == 0:
            spent = time.monotonic() - start
            line = {"step": step, "loss": smooth, "left_s": spent / step * (steps - step)}
            print(json.dumps(line), flush=True)
    return average


def main() -> None:
    """Train a base and write it out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--styles", type=int, default=5000)
    parser.add_argument("--groups", type=int, default=6)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    pairs = pool(chosen.styles, chosen.size, chosen.seed)
    network = train(pairs, chosen.steps, chosen.groups, chosen.learning_rate, chosen.seed)
    made = {name: str(value) for name, value in vars(chosen).items() if name != "out"}
    save_weights(network, chosen.out, made | {"data": "procedural faces, random styles"})


if __name__ == "__main__":
    main()
