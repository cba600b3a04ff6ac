"""A trained parser: its file, and the label maps it draws, of any size in bounded memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import torch
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

import paretint
from paretint.errors import UserError
from paretint.faces import to_float
from paretint.regions.classes import CLASSES, to_regions
from paretint.regions.network import FPLIIF, Architecture, pixel_centres
from paretint.store import digest
from paretint.store.files import replace

_KIND = "fp-liif"
_ARCHITECTURE = TypeAdapter(Architecture)
_MAKE_ONE = "`paretint regions train` writes one"
_POINTS = 65_536
"""Points decoded at once: `full` needs 0.2 GB for them, whatever the size of the map."""


class FaceParser:
    """FP-LIIF with its weights, as it is used."""

    def __init__(self, network: FPLIIF) -> None:
        self.network = network.eval()

    @property
    def side(self) -> int:
        """The side in pixels of the square photos it reads; others are resized to it."""
        return self.network.architecture.side

    @cached_property
    def key(self) -> str:
        """The digest of its architecture and weights: equal parsers draw equal maps."""
        weights = {name: digest(tensor) for name, tensor in self.network.state_dict().items()}
        facts = {"architecture": asdict(self.network.architecture), "weights": weights}
        return digest(json.dumps(facts, sort_keys=True).encode())

    def regions(self, photos: Tensor, size: int) -> Tensor:
        """Return `Region` maps, uint8 [N, size, size], of photos, uint8 [N, 3, S, S]."""
        return self._maps(photos, size, to_regions)

    def classes(self, photos: Tensor, size: int) -> Tensor:
        """Return maps of ids of `CLASSES`, uint8 [N, size, size], of photos as `regions` takes."""
        return self._maps(photos, size, _likeliest)

    def _maps(self, photos: Tensor, size: int, choose: Callable[[Tensor], Tensor]) -> Tensor:
        """Return maps made of probabilities by `choose`, photo by photo and part by part."""
        maps = torch.empty(len(photos), size, size, dtype=torch.uint8)
        for drawn, photo in zip(maps, photos, strict=True):
            for rows, probabilities in self._parts(photo[None], size):
                drawn[rows] = choose(probabilities)[0]
        return maps

    @torch.inference_mode()
    def _parts(self, photo: Tensor, size: int) -> Iterator[tuple[slice, Tensor]]:
        """Yield some rows of a photo's map and their probabilities [1, 19, h, size], in order."""
        features = self.network.encode(_resized(to_float(photo), self.side))
        step = max(1, _POINTS // size)
        for start in range(0, size, step):
            rows = slice(start, min(start + step, size))
            points = pixel_centres(size, rows.start, rows.stop)
            yield rows, self.network.query(features, points[None]).softmax(dim=1)

    def save(self, path: Path) -> None:
        """Write the parser to one safetensors file, which appears whole or not at all."""
        told = {
            "kind": _KIND,
            "paretint": paretint.__version__,
            "architecture": json.dumps(asdict(self.network.architecture)),
            "classes": json.dumps(CLASSES),
        }
        replace(path, lambda partial: save_file(self.network.state_dict(), partial, told))

    @classmethod
    def load(cls, path: Path) -> FaceParser:
        """Return the parser that `save` wrote. Raises UserError where the file holds none."""
        told, weights = _read(path)
        architecture = _architecture(told)
        if architecture is None:
            raise UserError(f"{path}: holds no face parser; {_MAKE_ONE}")
        try:
            network = FPLIIF(architecture)
            network.load_state_dict(weights)
        except (RuntimeError, ValueError) as error:
            raise UserError(f"{path}: its weights do not fit its architecture") from error
        return cls(network)


def _read(path: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Return what a safetensors file tells of itself, and its tensors."""
    try:
        with safe_open(path, "pt") as file:
            names = file.keys()
            return file.metadata() or {}, {name: file.get_tensor(name) for name in names}
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; {_MAKE_ONE}") from error
    except (OSError, SafetensorError) as error:
        raise UserError(f"{path}: is no safetensors file; {_MAKE_ONE}") from error


def _architecture(told: dict[str, str]) -> Architecture | None:
    """Return the architecture that a file tells of, or None where it tells of no face parser."""
    if told.get("kind") != _KIND or told.get("classes") != json.dumps(CLASSES):
        return None
    try:
        return _ARCHITECTURE.validate_json(told.get("architecture", ""))
    except ValidationError:
        return None


def _likeliest(probabilities: Tensor) -> Tensor:
    return probabilities.argmax(dim=1).to(torch.uint8)


def _resized(photos: Tensor, side: int) -> Tensor:
    if photos.shape[-1] == side:
        return photos
    return F.interpolate(photos, (side, side), mode="bilinear", antialias=True)
