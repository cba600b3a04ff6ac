"""An exported student on photos of any size, as a product would run it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from paretint.errors import UserError
from paretint.export.runtime import OnnxModel
from paretint.faces import to_bytes, to_float
from paretint.faces.photos import Skip, open_photo
from paretint.student import made_up_at


class ImageModel(Protocol):
    """A file of any format, opened: a photo, float32 [1, 3, H, W] in [0, 1], to one of its shape.

    shape: the fixed shape of what it takes.
    """

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __call__(self, photo: NDArray[np.float32]) -> NDArray[np.float32]: ...


def make_up(model: ImageModel, photos: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return photos [N, 3, H, W] of any size made up one by one, to the same shape.

    What the model adds to a photo of its own size is resized, see `made_up_at`.
    """
    height, width = model.shape[2:]
    one = partial(made_up_at, (height, width), partial(_run, model))
    made_up = np.empty_like(photos)
    for index, photo in enumerate(photos):
        made_up[index] = to_bytes(one(to_float(torch.from_numpy(photo[None]))))[0].numpy()
    return made_up


def apply_to(model: ImageModel, photo: Image.Image) -> Image.Image:
    """Return an RGB photo, cropped to the face, made up at its own size."""
    pixels = np.array(photo).transpose(2, 0, 1)
    return Image.fromarray(make_up(model, pixels[None])[0].transpose(1, 2, 0))


def apply_all(model: Path, photos: Sequence[Path], out: Path) -> Iterator[Path | Skip]:
    """Write each photo made up into the folder `out` as a PNG of its name; tell of each.

    What cannot be read is skipped. Raises `UserError` where the model is no student, or two photos
    would have one name.
    """
    opened = OnnxModel(model)
    if opened.gives != opened.shape:
        raise UserError(
            f"{model}: gives {list(opened.gives)} for a photo {list(opened.shape)}, and no made-up"
            " photo; give the model.onnx of a trial"
        )
    targets = _targets(photos, out)
    out.mkdir(parents=True, exist_ok=True)
    for path, target in targets.items():
        photo = open_photo(path)
        if isinstance(photo, Skip):
            yield photo
        else:
            apply_to(opened, photo).save(target)
            yield target


def _targets(photos: Sequence[Path], out: Path) -> dict[Path, Path]:
    """Return where each photo goes."""
    sources: dict[Path, Path] = {}
    for path in photos:
        target = out / f"{path.stem}.png"
        if target in sources:
            raise UserError(f"{path}: {sources[target]} would be {target} too; rename one of them")
        if target.exists() and target.samefile(path):
            raise UserError(f"{path}: would be overwritten; give another folder with --out")
        sources[target] = path
    return {path: target for target, path in sources.items()}


def _run(model: ImageModel, photo: Tensor) -> Tensor:
    return torch.from_numpy(model(photo.numpy()))
