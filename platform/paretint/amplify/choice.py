"""The base that an experiment names."""

from __future__ import annotations

from pathlib import Path

from paretint.amplify.interface import Base
from paretint.amplify.rdm_small import RdmSmall
from paretint.config import Amplifier as Settings

_SHIPPED = Path(__file__).parent / "bases" / "rdm-small.safetensors"


def shipped_weights() -> Path:
    """Return the file of the base that ships with the package."""
    return _SHIPPED


def base_of(settings: Settings) -> Base:
    """Return the base with its weights.

    Raises UserError where they cannot be read or do not fit.
    """
    return RdmSmall(settings, _SHIPPED if settings.weights is None else Path(settings.weights))
