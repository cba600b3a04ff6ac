"""The plain way to train a student: a PyTorch loop, and a DataLoader over PNGs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, RandomSampler

from paretint.faces import Pairs, jitter, to_float
from paretint.regions import around_eyes
from paretint.student import Schedule, Student, student_loss

ROLES = ("before", "after", "regions")
ENDLESS = 10**7


class Photos(Dataset[tuple[Tensor, ...]]):
    """Pairs as PNGs in a folder: opened, jittered and handed on one by one."""

    def __init__(self, folder: Path) -> None:
        self._files = [
            [folder / role / path.name for role in ROLES]
            for path in sorted(folder.glob("before/*.png"))
        ]
        self._generator = torch.Generator()

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, index: int) -> tuple[Tensor, ...]:
        images = [np.array(Image.open(path)) for path in self._files[index]]
        before, after, regions = (torch.from_numpy(image)[None] for image in images)
        photos = (to_float(photo.permute(0, 3, 1, 2)) for photo in (before, after))
        moved = jitter(*photos, regions, self._generator)
        return tuple(each[0] for each in moved if each is not None)


def write_photos(pairs: Pairs, folder: Path) -> None:
    """Write pairs with their regions as PNGs."""
    assert pairs.regions is not None
    images = (
        pairs.before.permute(0, 2, 3, 1).numpy(),
        pairs.after.permute(0, 2, 3, 1).numpy(),
        pairs.regions.numpy(),
    )
    for role, arrays in zip(ROLES, images, strict=True):
        (folder / role).mkdir(parents=True)
        for name, array in zip(pairs.names, arrays, strict=True):
            Image.fromarray(array).save(folder / role / f"{name}.png")


def plain_steps(network: Student, folder: Path, schedule: Schedule, workers: int) -> Iterator[None]:
    """Train for ever, a step each time that the next is asked for; as many steps as may be."""
    photos = Photos(folder)
    sampler = RandomSampler(photos, replacement=True, num_samples=ENDLESS)
    loader = DataLoader(photos, schedule.batch, sampler=sampler, num_workers=workers)
    optimiser = torch.optim.Adam(network.parameters(), schedule.learning_rate)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, schedule.steps)
    network.train()
    for before, after, regions in loader:
        optimiser.zero_grad()
        eyes = around_eyes(regions, before.shape[-1])
        student_loss(network(before), after, eyes).backward()
        optimiser.step()
        cosine.step()
        yield
