"""The classes a parser tells apart, and the `Region` each belongs to."""

from __future__ import annotations

import torch
from torch import Tensor

from paretint.faces import Region

CLASSES = (
    "background", "skin", "nose", "glasses", "left_eye", "right_eye", "left_brow", "right_brow",
    "left_ear", "right_ear", "mouth", "upper_lip", "lower_lip", "hair", "hat", "earring",
    "necklace", "neck", "cloth",
)  # fmt: skip
"""The 19 classes of CelebAMask-HQ, by id.

Left and right are the photographed person's: the left eye is on the photo's right.
"""

_REGIONS = {
    Region.SKIN: ("skin", "nose", "left_ear", "right_ear"),
    Region.BROWS: ("left_brow", "right_brow"),
    Region.EYES: ("left_eye", "right_eye"),
    Region.LIPS: ("upper_lip", "lower_lip"),
    Region.MOUTH: ("mouth",),
    Region.HAIR: ("hair",),
    Region.GLASSES: ("glasses",),
    Region.NECK: ("neck",),
}
_REGION_OF = {name: region for region, names in _REGIONS.items() for name in names}

REGION_OF = torch.tensor([int(_REGION_OF.get(name, Region.BACKGROUND)) for name in CLASSES])
"""The region of each class, int64 [19]: a hat, jewellery and cloth are background."""


def mirror(name: str) -> str:
    """Return the class that a class becomes when its photo is flipped."""
    side, _, part = name.partition("_")
    return {"left": f"right_{part}", "right": f"left_{part}"}.get(side, name)


MIRRORED = torch.tensor([CLASSES.index(mirror(name)) for name in CLASSES])
"""The class that each becomes when its photo is flipped, int64 [19]."""


def to_regions(probabilities: Tensor) -> Tensor:
    """Return the likeliest region of each pixel, uint8 [N, H, W], from [N, 19, H, W].

    A region's probability is the sum of its classes', so that doubt about the side of an eye does
    not turn it into skin.
    """
    summed = probabilities.new_zeros(len(probabilities), len(Region), *probabilities.shape[2:])
    summed.index_add_(1, REGION_OF.to(probabilities.device), probabilities)
    return summed.argmax(dim=1).to(torch.uint8)
