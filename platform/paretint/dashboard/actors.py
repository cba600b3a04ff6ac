"""What the amplifiers' actors did, by a run's log, and how fast each was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    NonNegativeFloat,
    NonNegativeInt,
    ValidationError,
    model_validator,
)
from scipy.special import stdtrit

from paretint.front import Estimate

_EVENT = "amplify"


class Piece(BaseModel):
    """What an actor did at one go; a fine-tuning has no set and no images. See `amplify.Work`."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)

    worker: str
    began: NonNegativeFloat
    ended: NonNegativeFloat
    gpus: NonNegativeFloat
    amplifier_key: str
    amplified_key: str | None
    images: NonNegativeInt
    rejected: NonNegativeInt

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if self.seconds <= 0:
            raise ValueError("nothing takes no time")
        return self


@dataclass(frozen=True)
class Actor:
    """An actor that drew images.

    Attributes:
        worker: its process, `host:pid`.
        gpus: how much of a GPU it held.
        images: how many it drew in this run.
        seconds: how long it drew, without fine-tuning and waiting.
        rate: images a second, with the 95 % interval of the mean over its parts.
        rates: images a second of each of its parts, the earliest first.
    """

    worker: str
    gpus: float
    images: int
    seconds: float
    rate: Estimate
    rates: tuple[float, ...]


def pieces(events: Iterable[Mapping[str, Any]]) -> Iterator[Piece]:
    """The pieces of work that a log tells of; what no engine writes is left out."""
    for event in events:
        if event.get("event") == _EVENT:
            try:
                yield Piece.model_validate(event)
            except ValidationError:
                continue


def actors(done: Iterable[Piece]) -> tuple[Actor, ...]:
    """The actors that drew images, the fastest first."""
    by_worker: dict[str, list[Piece]] = {}
    for piece in done:
        if piece.images:
            by_worker.setdefault(piece.worker, []).append(piece)
    found = [_actor(worker, told) for worker, told in by_worker.items()]
    return tuple(sorted(found, key=lambda actor: (-actor.rate.value, actor.worker)))


def _actor(worker: str, told: Sequence[Piece]) -> Actor:
    images = sum(piece.images for piece in told)
    seconds = sum(piece.seconds for piece in told)
    return Actor(
        worker=worker,
        gpus=told[-1].gpus,
        images=images,
        seconds=seconds,
        rate=_rate(images / seconds, [piece.seconds / piece.images for piece in told]),
        rates=tuple(piece.images / piece.seconds for piece in told),
    )


def _rate(rate: float, each: Sequence[float]) -> Estimate:
    """Images a second, from the seconds for each image of every part (Student's t)."""
    count = len(each)
    if count < 2:
        return Estimate(rate)
    mean = sum(each) / count
    deviation = sqrt(sum((seconds - mean) ** 2 for seconds in each) / (count - 1))
    arm = float(stdtrit(count - 1, 0.975)) * deviation / sqrt(count)
    if arm >= mean:  # so few parts, and so unlike, leave it open
        return Estimate(rate)
    return Estimate(rate, min(rate, 1 / (mean + arm)), max(rate, 1 / (mean - arm)))
