"""The files of `rdm-small`'s weights, which are checked without making the network."""

from __future__ import annotations

from pathlib import Path

from safetensors import safe_open

from paretint.errors import UserError

_SHIPPED = Path(__file__).parent / "bases" / "rdm-small.safetensors"


def shipped_weights() -> Path:
    """Return the file of the base that ships with the package."""
    return _SHIPPED


def check_weights(path: Path) -> None:
    """Raise UserError where a file is absent, or holds another network than the shipped one."""
    try:
        shapes = _shapes(path)
    except Exception as error:
        raise UserError(f"{path}: no amplifier base can be read here ({error})") from error
    if shapes != _shapes(_SHIPPED):
        raise UserError(f"{path}: these weights do not fit rdm-small; train a base for it first")


def _shapes(path: Path) -> dict[str, list[int]]:
    with safe_open(path, "pt") as file:
        return {name: file.get_slice(name).get_shape() for name in file.keys()}  # noqa: SIM118
