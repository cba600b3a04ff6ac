"""Face regions: the masks that tell lips, eyes and skin apart."""

from paretint.regions.masks import CHANNELS, around_eyes, changed, dilate, encode, of

__all__ = ["CHANNELS", "around_eyes", "changed", "dilate", "encode", "of"]
