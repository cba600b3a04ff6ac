"""The folders that weights lie in: given ones, or those the hub's cache has."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

from paretint.errors import UserError

_WEIGHTS = "diffusion_pytorch_model.safetensors"
PIPELINE = (
    "scheduler/scheduler_config.json",
    "unet/config.json",
    f"unet/{_WEIGHTS}",
    "vae/config.json",
    f"vae/{_WEIGHTS}",
)
"""What is read of a Stable Diffusion folder; its text encoder is not."""

ENCODER = ("config.json", "model.safetensors")
"""What is read of an image encoder's folder."""


def folder_of(named: str, key: str, files: tuple[str, ...]) -> Path:
    """Return the folder that a path or a hub id (org/name, a subfolder behind it) stands for.

    key: the setting that names it. Raises UserError where a file is absent or cannot be fetched.
    """
    folder = Path(named) if Path(named).is_absolute() else _fetched(named, key, files)
    for file in files:
        if not (folder / file).is_file():
            raise UserError(f"amplifier.{key}: {folder} has no {file}; {_WANTED[key]} is wanted")
    return folder


_WANTED = {
    "weights": "a folder in the layout of Stable Diffusion 1.5, with safetensors weights,",
    "image_encoder": "a folder of a CLIP vision model with its projection",
}


def _fetched(named: str, key: str, files: tuple[str, ...]) -> Path:
    repository, subfolder = "/".join(named.split("/")[:2]), "/".join(named.split("/")[2:])
    prefix = f"{subfolder}/" if subfolder else ""
    try:
        fetched = snapshot_download(repository, allow_patterns=[prefix + file for file in files])
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        why = str(error).partition("\n")[0]
        raise UserError(
            f"amplifier.{key}: {named} is no folder here, and the hub does not give it ({why})"
        ) from None
    return Path(fetched) / subfolder


def check_pipeline(folder: Path) -> None:
    """Raise UserError where a folder's U-Net and autoencoder are not Stable Diffusion 1.5's."""
    unet, vae = _config(folder / "unet"), _config(folder / "vae")
    latent = vae.get("latent_channels")
    fits = (
        unet.get("_class_name") == "UNet2DConditionModel"
        and vae.get("_class_name") == "AutoencoderKL"
        and unet.get("in_channels") == unet.get("out_channels") == latent
        and unet.get("addition_embed_type") is None
    )
    if not fits:
        raise UserError(
            f"amplifier.weights: {folder} holds a {unet.get('_class_name', 'model')} of"
            f" {unet.get('in_channels')} channels, no text-to-image model in the layout of Stable"
            " Diffusion 1.5"
        )


def _config(folder: Path) -> dict[str, Any]:
    try:
        read = json.loads((folder / "config.json").read_text())
    except ValueError as error:
        raise UserError(f"{folder / 'config.json'}: is no JSON ({error})") from None
    return read if isinstance(read, dict) else {}


def digest_files(folder: Path, files: tuple[str, ...]) -> str:
    """Return the sha256 of some files' contents."""
    whole = hashlib.sha256()
    for file in files:
        stat = (folder / file).stat()
        whole.update(_digest(folder / file, stat.st_size, stat.st_mtime_ns))
    return whole.hexdigest()


@lru_cache(maxsize=64)
def _digest(path: Path, _size: int, _written: int) -> bytes:
    """Return a file's sha256; gigabytes are read once a process, as long as they stay the same."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
