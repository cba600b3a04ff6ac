"""Procedural faces: varied people, makeup looks, exact region masks, the exact after."""

from paretint.faces.procedural.render import render_pairs
from paretint.faces.procedural.styles import STYLES, Style, random_styles

__all__ = ["STYLES", "Style", "random_styles", "render_pairs"]
