"""What a run's amplifiers made, how fast, and at what cost, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple

import polars as pl

from paretint.config.recipe import AMPLIFIER, LAMBDAS
from paretint.dashboard.actors import Actor, Piece, actors, pieces
from paretint.dashboard.view import RunView
from paretint.front import ARM, PARAM, Estimate, recipe_text, with_columns

_SET, _AMPLIFIER = "amplified_key", "amplifier_key"
_IMAGES, _REJECTED = "param.amplified", "amplify.rejected"
_COSTS = {"amplify_s": "cost.amplify_s", "gpu_s": "cost.gpu_s"}
_PAIRS, *_KNOBS = (f"{PARAM}{name}" for name in ("pairs", *LAMBDAS))


@dataclass(frozen=True)
class AmplifiedSet:
    """The amplified pairs that one amplifier drew.

    Attributes:
        key: the set's.
        story: the parameters that tell it from the run's other sets.
        images: the most that any recipe has had of it.
        drawn: how many this run's actors drew, by its log; others lay in the store.
        draws: how many it took to get the images that the gate let pass.
        rejected: the share of draws that the gate rejected, with Wilson's 95 % interval.
        fit_s: seconds of fine-tuning its amplifier; None where this run's log tells of none.
        amplify_s, gpu_s: what the run's trials spent on it; None where they do not say.
    """

    key: str
    story: str
    images: int
    drawn: int
    draws: int
    rejected: Estimate
    fit_s: float | None
    amplify_s: float | None
    gpu_s: float | None


@dataclass(frozen=True)
class Amplification:
    """All that the page of amplification shows, as plain data.

    Attributes:
        actors: those that drew images, the fastest first.
        sets: what was amplified, in the order of its parameters; none where nothing was.
    """

    actors: tuple[Actor, ...]
    sets: tuple[AmplifiedSet, ...]

    @property
    def rejected(self) -> Estimate:
        """The share of all draws that the gate rejected."""
        draws = sum(each.draws for each in self.sets)
        return wilson(draws - sum(each.images for each in self.sets), draws)

    def spent(self, cost: str) -> float | None:
        """The sum over sets of `amplify_s` or `gpu_s`; None where no set tells."""
        told = [seconds for each in self.sets if (seconds := getattr(each, cost)) is not None]
        return sum(told) if told else None


def amplification(run: RunView) -> Amplification:
    """What was amplified in ``run``, by its ledger and its log."""
    done = list(pieces(run.events))
    log = _Log.of(done)
    finished = _finished(run.trials, log)
    known = {each.key for each in finished}
    begun = [_begun(key, log) for key in log.drawn if key not in known]
    return Amplification(actors(done), (*finished, *begun))


class _Log(NamedTuple):
    """What was drawn and rejected by set, of which amplifier, and how long fine-tunings took."""

    drawn: Counter[str]
    rejected: Counter[str]
    amplifiers: dict[str, str]
    fits: dict[str, float]

    @classmethod
    def of(cls, done: Sequence[Piece]) -> _Log:
        log = cls(Counter(), Counter(), {}, {})
        for piece in done:
            key = piece.amplified_key
            if key is None:
                log.fits[piece.amplifier_key] = piece.seconds
            else:
                log.drawn[key] += piece.images
                log.rejected[key] += piece.rejected
                log.amplifiers[key] = piece.amplifier_key
        return log


def _finished(trials: pl.DataFrame, log: _Log) -> list[AmplifiedSet]:
    """The sets that trials with a row in the ledger had images of."""
    told = [_PAIRS, *_knobs(trials)]
    rows = with_columns(trials, [_SET, _AMPLIFIER, _IMAGES, _REJECTED, *_COSTS.values(), *told])
    rows = rows.drop_nulls([_SET, _IMAGES]).filter(pl.col(_IMAGES) > 0)
    sets = rows.group_by(_SET, maintain_order=True).agg(
        pl.col(_AMPLIFIER, *told).first(),
        pl.col(_IMAGES).max(),
        # Of the recipe with the most images, which has them all.
        pl.col(_REJECTED).sort_by(_IMAGES).last(),
        *(_sum(column).alias(name) for name, column in _COSTS.items()),
    )
    varying = [name for name in told if name == _PAIRS or sets[name].n_unique() > 1]
    return [_set(row, varying, log) for row in sets.sort(varying).iter_rows(named=True)]


def _knobs(trials: pl.DataFrame) -> list[str]:
    of_amplifier = [name for name in trials.columns if name.startswith(PARAM + AMPLIFIER)]
    return [*_KNOBS, *of_amplifier]


def _sum(column: str) -> pl.Expr:
    seconds = pl.col(column).cast(pl.Float64)
    return pl.when(seconds.count() > 0).then(seconds.sum())


def _set(row: Mapping[str, Any], varying: Sequence[str], log: _Log) -> AmplifiedSet:
    images = row[_IMAGES]
    draws = round(images / (1 - (row[_REJECTED] or 0.0)))
    return AmplifiedSet(
        key=row[_SET],
        story=recipe_text({name: row[name] for name in varying}),
        images=images,
        drawn=log.drawn[row[_SET]],
        draws=draws,
        rejected=wilson(draws - images, draws),
        fit_s=log.fits.get(row[_AMPLIFIER]),
        **{name: row[name] for name in _COSTS},
    )


def _begun(key: str, log: _Log) -> AmplifiedSet:
    """A set of trials that have no row yet."""
    images, rejected = log.drawn[key], log.rejected[key]
    return AmplifiedSet(
        key=key,
        story="of trials that have not ended",
        images=images,
        drawn=images,
        draws=images + rejected,
        rejected=wilson(rejected, images + rejected),
        fit_s=log.fits.get(log.amplifiers[key]),
        amplify_s=None,
        gpu_s=None,
    )


def wilson(hits: int, count: int) -> Estimate:
    """A share of ``count``, which is above 0, with its 95 % interval (Wilson, JASA 22, 1927)."""
    share, square = hits / count, ARM**2
    middle = share + square / (2 * count)
    arm = ARM * sqrt(share * (1 - share) / count + square / (4 * count**2))
    whole = 1 + square / count
    return Estimate(share, max(0.0, (middle - arm) / whole), min(1.0, (middle + arm) / whole))
