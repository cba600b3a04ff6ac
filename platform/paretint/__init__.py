"""Paretint finds the tiny makeup model worth shipping."""

from __future__ import annotations

from paretint.errors import UserError

__all__ = ["UserError", "__version__"]

__version__ = "0.1.0"
