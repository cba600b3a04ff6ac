"""An exported student on photos of any size: its residual is resized, not the photo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from paretint.errors import UserError
from paretint.export.runtime import OnnxModel, batch_of
from paretint.faces.photos import Skip, open_photo


def apply_to(model: OnnxModel, photo: Image.Image) -> Image.Image:
    """Return a photo made up at its own size (TinyBeauty, the released demo).

    photo: RGB, cropped to the face. It is squeezed to the model's input; the makeup found there is
    resized to the photo (bilinear) and added to it, so that no detail of the photo is lost.
    """
    height, width = model.shape[2:]
    small = photo.resize((width, height), Image.Resampling.LANCZOS)
    residual = _residual(model, np.asarray(small).transpose(2, 0, 1))
    resized = torch.nn.functional.interpolate(
        torch.from_numpy(residual), size=photo.size[::-1], mode="bilinear", align_corners=False
    )
    made_up = np.asarray(photo) / np.float32(255) + resized[0].permute(1, 2, 0).numpy()
    return Image.fromarray(np.rint(made_up.clip(0, 1) * 255).astype(np.uint8))


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


def _residual(model: OnnxModel, photo: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return what a model adds to a photo [3, H, W] of its own size, [1, 3, H, W]."""
    batch = batch_of(photo)
    return model(batch) - batch
