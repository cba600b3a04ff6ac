"""Where the numbers of a run come from, and where operators run, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from paretint.dashboard.view import RunView
from paretint.front import with_columns
from paretint.front.origin import origin_of
from paretint.store import Result, load_result, result_files

_GATE = ("gate.coreml_share", "gate.nnapi_share", "gate.why")


class Placement(NamedTuple):
    """Models of which as many operators run on accelerators, for the same reasons.

    trial: the first of them; trials: how many; coreml, nnapi: the share of operators that
    onnxruntime would hand to Core ML and to Android's NNAPI, 0 to 1; why: what would keep phones
    from running them fast, None where nothing does; npu: the share of the work that a neural
    accelerator takes, least and most, for each of the devices that tell it.
    """

    trial: str
    trials: int
    coreml: float | None
    nnapi: float | None
    why: str | None
    npu: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True)
class PlacementTable:
    """Where operators run. devices: those that tell of their accelerator."""

    devices: tuple[str, ...]
    rows: tuple[Placement, ...]


def placement_table(run: RunView, devices: Sequence[str]) -> PlacementTable:
    """Where the operators of a run's models run, the most trials first."""
    names = [f"speed.{device}.npu_share" for device in devices]
    rows = with_columns(run.trials, [*_GATE, *names])
    telling = [d for d, n in zip(devices, names, strict=True) if rows[n].count() > 0]
    shares = [f"speed.{device}.npu_share" for device in telling]
    known = rows.filter(pl.any_horizontal(pl.col(n).is_not_null() for n in (*_GATE[:2], *shares)))
    groups = known.group_by(_GATE, maintain_order=True).agg(
        pl.first("trial"),
        pl.len().alias("trials"),
        *(pl.min(name).alias(f"{name}|least") for name in shares),
        *(pl.max(name).alias(f"{name}|most") for name in shares),
    )
    ordered = groups.sort("trials", descending=True, maintain_order=True)
    return PlacementTable(
        tuple(telling), tuple(_placement(row, shares) for row in ordered.iter_rows(named=True))
    )


def _placement(row: Mapping[str, Any], shares: Iterable[str]) -> Placement:
    ends = ((row[f"{name}|least"], row[f"{name}|most"]) for name in shares)
    coreml, nnapi, why = (row[name] for name in _GATE)
    npu = tuple(end if end[0] is not None else None for end in ends)
    return Placement(row["trial"], row["trials"], coreml, nnapi, why, npu)


class SpeedOrigin(NamedTuple):
    """Speeds of one device that were come by in one way.

    told: the provenance; trials, baselines: how many rows have it; figures: what of `SPEEDS` any
    of them tells, the ends of intervals left out; sources: what the files that brought them say
    of how, and how many say it.
    """

    device: str
    told: str
    trials: int
    baselines: int
    figures: tuple[str, ...]
    sources: tuple[tuple[str, int], ...]


def speed_origins(run: RunView, devices: Sequence[str]) -> tuple[SpeedOrigin, ...]:
    """How the speeds of ``run`` were come by, device by device, the most trials first."""
    sources = _sources(run)
    found: list[SpeedOrigin] = []
    for device in devices:
        trials, baselines = _counts(run.trials, device), _counts(run.baselines, device)
        for told, _ in (trials + baselines).most_common():
            figures = _figures(run.trials, device, told) or _figures(run.baselines, device, told)
            said = tuple(sources.get((device, told), Counter()).most_common())
            origin = SpeedOrigin(device, told, trials[told], baselines[told], figures, said)
            found.append(origin)
    return tuple(found)


def _counts(table: pl.DataFrame, device: str) -> Counter[str]:
    rows = _speeds(table, device)
    return Counter(rows["told"].to_list())


def _speeds(table: pl.DataFrame, device: str) -> pl.DataFrame:
    """The rows of a table that have a speed on ``device``, with its provenance in `told`."""
    prefix = f"speed.{device}."
    rows = with_columns(table, [f"{prefix}{name}" for name in ("fps", "p50_ms", "provenance")])
    known = pl.any_horizontal(pl.col(f"{prefix}{name}").is_not_null() for name in ("fps", "p50_ms"))
    return rows.filter(known).with_columns(told=origin_of(f"{prefix}fps"))


def _figures(table: pl.DataFrame, device: str, told: str) -> tuple[str, ...]:
    rows = _speeds(table, device).filter(pl.col("told") == told)
    prefix = f"speed.{device}."
    names = [name for name in rows.columns if name.startswith(prefix) and rows[name].count()]
    figures = [name.removeprefix(prefix) for name in names]
    return tuple(n for n in figures if n != "provenance" and not n.endswith(("_lo", "_hi")))


def _sources(run: RunView) -> dict[tuple[str, str], Counter[str]]:
    """What the results of devices elsewhere say of how they were measured."""
    told: dict[tuple[str, str], Counter[str]] = {}
    for result in (load_result(file.read_bytes()) for file in result_files(run.folder)):
        if result is not None:
            key = result.device, str(result.figures["provenance"])
            told.setdefault(key, Counter())[_source(result)] += 1
    return told


def _source(result: Result) -> str:
    """A result's source in one line: a tool's report, or the machine behind an agent."""
    said = dict(result.source)
    host = said.pop("host", None)
    parts = {**said, **(host if isinstance(host, dict) else {})}
    return ", ".join(f"{name} {_short(value)}" for name, value in parts.items() if value)


def _short(value: object) -> str:
    """A value as text; of a hash so much as tells it from others."""
    text = str(value)
    return text[:12] if len(text) == 64 and text.isalnum() else text[:120]


_FAMILIES = {
    "quality.coreml.": "scores of the written Core ML package on the held-out faces",
    "quality.": "scores of the written ONNX file on the held-out faces; intervals are a bootstrap's"
    " over those faces",
    "size.": "counted in the network and in the written files",
    "gate.": "read from the graph of the ONNX file, which is not run for it",
    "amplify.": "counted while amplified images were drawn",
    "cost.": "clocks of the process that ran the trial; what was saved is an estimate",
    "time.": "the clock of the machine that ran the trial",
}


class NumberOrigin(NamedTuple):
    """Columns of one kind: what their names begin with, how many trials have any, and whence."""

    columns: str
    trials: int
    told: str


def number_origins(run: RunView) -> tuple[NumberOrigin, ...]:
    """Where the numbers of ``run`` come from that are no speeds."""
    found: list[NumberOrigin] = []
    left = list(run.trials.columns)
    for prefix, told in _FAMILIES.items():
        names = [name for name in left if name.startswith(prefix)]
        left = [name for name in left if name not in names]
        if names:
            known = pl.any_horizontal(pl.col(name).is_not_null() for name in names)
            found.append(NumberOrigin(f"{prefix}*", run.trials.filter(known).height, told))
    return tuple(origin for origin in found if origin.trials)
