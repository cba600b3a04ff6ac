"""The columns of `trials.parquet`: what rules, objectives and axes may name."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from paretint.config.amplifier import KNOBS
from paretint.config.hints import did_you_mean
from paretint.config.recipe import AMPLIFIER, RECIPE
from paretint.errors import UserError

Goal = Literal["maximize", "minimize"]


class Column(NamedTuple):
    """What a column holds, and which way is better where that is known."""

    kind: Literal["integer", "number", "text"]
    goal: Goal | None = None


_SCORES = {
    "psnr": Column("number", "maximize"),
    "psnr_gain": Column("number", "maximize"),
    "ssim": Column("number", "maximize"),
    "lpips": Column("number", "minimize"),
}

COREML_QUALITY = "quality.coreml."
"""What a score of the Core ML package begins with; others are of the ONNX file."""

QUALITIES = {
    f"{prefix}{name}": column
    for prefix in ("quality.", COREML_QUALITY)
    for name, column in _SCORES.items()
}
"""Each also has a 95 % interval, `_lo` to `_hi`."""

SPEEDS = {
    "fps": Column("number", "maximize"),
    "fps_lo": Column("number", "maximize"),
    "fps_hi": Column("number", "maximize"),
    "p50_ms": Column("number", "minimize"),
    "p50_ms_lo": Column("number", "minimize"),
    "p50_ms_hi": Column("number", "minimize"),
    "p90_ms": Column("number", "minimize"),
    "p99_ms": Column("number", "minimize"),
    "burst_ms": Column("number", "minimize"),
    "cv": Column("number", "minimize"),
    "load_ms": Column("number", "minimize"),
    "relative": Column("number", "maximize"),
    "relative_lo": Column("number", "maximize"),
    "relative_hi": Column("number", "maximize"),
    "npu_share": Column("number", "maximize"),
    "provenance": Column("text"),
}
"""After `speed.` (the experiment's first device) or `speed.<device>.`.

fps and p50_ms have an interval where they are predicted.
"""

DEVICE = r"[A-Za-z0-9][A-Za-z0-9_:-]*"
"""The names a device may have; no dot, so that its columns can be taken apart."""

_SPEED = re.compile(rf"speed\.(?:{DEVICE}\.)?(?P<figure>[a-z0-9_]+)")

_KINDS: dict[type, Literal["integer", "number", "text"]] = {
    int: "integer", float: "number", str: "text",
}  # fmt: skip

_FIXED = {
    "trial": Column("text"),
    "state": Column("text"),
    "reason": Column("text"),
    "seed": Column("integer"),
    **{f"param.{name}": Column(_KINDS[parameter.type]) for name, parameter in RECIPE.items()},
    **{f"param.{AMPLIFIER}{knob}": Column(kind) for knob, kind in KNOBS.items()},
    **QUALITIES,
    **{f"{name}_{end}": column for name, column in QUALITIES.items() for end in ("lo", "hi")},
    "size.params": Column("integer", "minimize"),
    "size.macs": Column("integer", "minimize"),
    "size.onnx_bytes": Column("integer", "minimize"),
    "size.coreml_bytes": Column("integer", "minimize"),
    "gate.warnings": Column("integer", "minimize"),
    "gate.coreml_share": Column("number", "maximize"),
    "gate.nnapi_share": Column("number", "maximize"),
    "gate.why": Column("text"),
    "amplify.rejected": Column("number", "minimize"),
    "worker": Column("text"),
    "time.began": Column("number"),
    "time.ended": Column("number"),
    "cost.speed_s": Column("number", "minimize"),
    "cost.amplify_s": Column("number", "minimize"),
    "cost.train_s": Column("number", "minimize"),
    "cost.ship_s": Column("number", "minimize"),
    "cost.gpu_s": Column("number", "minimize"),
    "cost.train_gpu_s": Column("number", "minimize"),
    "cost.saved_s": Column("number", "maximize"),
    "cost.memory_bytes": Column("integer", "minimize"),
    "cost.gpu_share": Column("number", "minimize"),
    "structure.onnx": Column("text"),
    "structure.coreml": Column("text"),
    "amplifier_key": Column("text"),
    "amplified_key": Column("text"),
}


def is_column(name: str) -> bool:
    """Whether a ledger may have this column; `speed.<device>.fps` is one for any device."""
    return name in _FIXED or _figure(name) is not None


def column(name: str) -> Column:
    """What a column holds. Raises `UserError` with the nearest names where there is none."""
    figure = _figure(name)
    if figure is not None:
        return SPEEDS[figure]
    if name not in _FIXED:
        raise UserError(f"{name!r} is no column{did_you_mean(name, column_names())}")
    return _FIXED[name]


def column_names(devices: tuple[str, ...] = ()) -> list[str]:
    """Every column, in the order of the ledger, with those of the devices named."""
    prefixes = ["speed.", *(f"speed.{device}." for device in devices)]
    return [*_FIXED, *(prefix + figure for prefix in prefixes for figure in SPEEDS)]


def untrained(name: str) -> bool:
    """Whether a column is known before training: it does not depend on weights."""
    return name.startswith(("param.", "size.", "gate.", "speed.", "structure."))


def device_of(name: str) -> str | None:
    """The device a speed column names; None for other columns and the first device's."""
    parts = name.split(".")
    return parts[1] if _figure(name) is not None and len(parts) == 3 else None


def _figure(name: str) -> str | None:
    match = _SPEED.fullmatch(name)
    return match["figure"] if match and match["figure"] in SPEEDS else None
