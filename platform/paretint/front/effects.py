"""What amplified images add: quality with none of them against quality with the most."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from paretint.front.measures import Estimate, estimate
from paretint.front.members import complete

QUALITY = "quality.psnr"
PAIRS, AMPLIFIED, WIDTH = "param.pairs", "param.amplified", "param.width"


@dataclass(frozen=True)
class Effect:
    """The best trial without amplified images beside the best with the most of them.

    Attributes:
        width: the students' width.
        pairs: source pairs of both trials, or None where each has whatever served it best.
        amplified: the largest number of amplified images that was tried.
        without, with_most: PSNR on held-out faces in dB, each with its 95 % interval.
        trial_without, trial_with_most: the trials' names.
    """

    width: int
    pairs: int | None
    amplified: int
    without: Estimate
    with_most: Estimate
    trial_without: str
    trial_with_most: str

    @property
    def gain(self) -> float:
        """What the amplified images add, in dB."""
        return self.with_most.value - self.without.value

    @property
    def separated(self) -> bool:
        """Whether the two 95 % intervals do not touch.

        Both trials were scored on the same faces, so this asks for more than a paired
        comparison would.
        """
        return self.with_most.clear_of(self.without)


def effect(trials: pl.DataFrame) -> tuple[Effect, ...]:
    """What amplified images add for each width, and for each width and number of pairs.

    Where several trials share a count, the best of them speaks for it. A group without a trial
    at ``amplified: 0`` or without any amplified image is left out. In order of width, the
    comparison over all pairs first.
    """
    rows = _scored(trials)
    effects = [
        found
        for keys in ([WIDTH], [WIDTH, PAIRS])
        for group in rows.partition_by(keys, maintain_order=True)
        if (found := _compare(group, PAIRS in keys)) is not None
    ]
    return tuple(sorted(effects, key=lambda e: (e.width, -1 if e.pairs is None else e.pairs)))


def _scored(trials: pl.DataFrame) -> pl.DataFrame:
    """The best complete trial of each width, pairs and amplified images, the best of all first."""
    rows = complete(trials, [QUALITY, PAIRS, AMPLIFIED, WIDTH])
    rows = rows.sort(QUALITY, "trial", descending=[True, False])
    return rows.unique([PAIRS, AMPLIFIED, WIDTH], keep="first", maintain_order=True)


def _compare(group: pl.DataFrame, same_pairs: bool) -> Effect | None:
    most = max(group[AMPLIFIED])
    without = group.filter(pl.col(AMPLIFIED) == 0)
    if without.is_empty() or most == 0:
        return None
    low = without.row(0, named=True)
    high = group.filter(pl.col(AMPLIFIED) == most).row(0, named=True)
    return Effect(
        width=low[WIDTH],
        pairs=low[PAIRS] if same_pairs else None,
        amplified=most,
        without=_quality(low),
        with_most=_quality(high),
        trial_without=low["trial"],
        trial_with_most=high["trial"],
    )


def _quality(row: dict[str, object]) -> Estimate:
    found = estimate(row, QUALITY)
    assert found is not None, "only trials with a quality are compared"
    return found
