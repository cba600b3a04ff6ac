"""The base that an experiment names."""

from __future__ import annotations

from pathlib import Path

from paretint.amplify.interface import Base
from paretint.amplify.rdm_small import RdmSmall
from paretint.config import AnyAmplifier as Settings
from paretint.config import StableDiffusion
from paretint.errors import UserError

_SHIPPED = Path(__file__).parent / "bases" / "rdm-small.safetensors"


def shipped_weights() -> Path:
    """Return the file of the base that ships with the package."""
    return _SHIPPED


def base_of(settings: Settings) -> Base:
    """Return the base; a small one has its weights, a large one reads them when it is needed.

    Raises UserError where they cannot be read or do not fit.
    """
    if isinstance(settings, StableDiffusion):
        return _stable(settings)
    return RdmSmall(settings, _SHIPPED if settings.weights is None else Path(settings.weights))


def _stable(settings: StableDiffusion) -> Base:
    try:
        from paretint.amplify.stable import StableBase
    except ModuleNotFoundError as error:
        raise UserError(
            f"amplifier.base stable-diffusion needs {error.name}: pip install"
            " 'paretint[stable-diffusion]'"
        ) from None
    return StableBase(settings)
