"""Faces and pairs, rendered or read from folders, and the split that guards the held-out."""

from paretint.faces.augment import jitter, move, tint
from paretint.faces.data import FaceData, Faces, Pairs, to_bytes, to_float
from paretint.faces.labels import Region
from paretint.faces.loading import find_faces, open_faces, prepare_faces, skipped_photos
from paretint.faces.parsing import Parser
from paretint.faces.photos import photo_image
from paretint.faces.procedural import STYLES, Style, random_styles, render_pairs
from paretint.faces.seeds import seeded

__all__ = [
    "STYLES",
    "FaceData",
    "Faces",
    "Pairs",
    "Parser",
    "Region",
    "Style",
    "find_faces",
    "jitter",
    "move",
    "open_faces",
    "photo_image",
    "prepare_faces",
    "random_styles",
    "render_pairs",
    "seeded",
    "skipped_photos",
    "tint",
    "to_bytes",
    "to_float",
]
