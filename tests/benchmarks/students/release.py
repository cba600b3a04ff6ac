"""The published network: its size, and whether it does what its authors' does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from paretint.export import sizes
from paretint.faces import to_bytes, to_float
from paretint.student import Release, load_release

DATA = Path(__file__).parents[4] / "shared" / "data"
PUBLISHED_SIZE = 256


def release_facts() -> dict[str, int]:
    """Return its parameters, its MACs for one photo, and how far its checkpoint's output is off.

    `checkpoint_max_abs_255`: the largest difference to the photos that its authors' code made up,
    over all pixels of all faces, in levels of 8 bits, as both are written.
    """
    params, macs = sizes(Release(), PUBLISHED_SIZE)
    network = load_release(DATA / "tinybeauty_release" / "style1.pt")
    pairs = DATA / "makeup_pairs_256"
    worst = 0
    for path in sorted((pairs / "before").iterdir()):
        before, after = (_photo(folder / path.name) for folder in (path.parent, pairs / "style1"))
        with torch.inference_mode():
            made_up = to_bytes(network(to_float(before)))
        worst = max(worst, int((made_up.int() - after.int()).abs().max()))
    return {"release_params": params, "release_macs": macs, "checkpoint_max_abs_255": worst}


def _photo(path: Path) -> torch.Tensor:
    with Image.open(path) as image:
        return torch.from_numpy(np.array(image.convert("RGB"))).permute(2, 0, 1)[None]
