"""Faces and pairs: procedural ones and folders of photos, and the split that guards the held-out."""

from paretint.faces.augment import jitter
from paretint.faces.data import FaceData, Faces, Pairs, to_bytes, to_float
from paretint.faces.labels import Region
from paretint.faces.procedural import STYLES, Style, random_styles, render_pairs

__all__ = [
    "STYLES",
    "FaceData",
    "Faces",
    "Pairs",
    "Region",
    "Style",
    "jitter",
    "random_styles",
    "render_pairs",
    "to_bytes",
    "to_float",
]
