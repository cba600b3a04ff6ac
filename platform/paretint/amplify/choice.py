"""The base that an experiment names."""

from __future__ import annotations

from pathlib import Path

from paretint.amplify.interface import Base
from paretint.amplify.rdm_small import RdmSmall
from paretint.amplify.weights import shipped_weights
from paretint.config import AnyAmplifier as Settings
from paretint.config import StableDiffusion
from paretint.errors import UserError


def base_of(settings: Settings) -> Base:
    """Return the base; its weights are checked, and read when they are needed.

    Raises UserError where they cannot be read or do not fit.
    """
    if isinstance(settings, StableDiffusion):
        return _stable(settings)
    weights = settings.weights
    return RdmSmall(settings, shipped_weights() if weights is None else Path(weights))


def _stable(settings: StableDiffusion) -> Base:
    try:
        from paretint.amplify.stable import StableBase
    except ModuleNotFoundError as error:
        raise UserError(
            f"amplifier.base stable-diffusion needs {error.name}: pip install"
            " 'paretint[stable-diffusion]'"
        ) from None
    return StableBase(settings)
