"""A student trained and written, and how good its files are on faces it has never met."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from students.candidates import SIZE
from torch import Tensor

from paretint.amplify import base_of, draw
from paretint.amplify.gate import Gate
from paretint.config import Experiment, load_experiment
from paretint.config.base import Scalar
from paretint.export import OnnxModel, export_onnx, make_up
from paretint.faces import FaceData, Pairs, open_faces, prepare_faces, to_bytes, to_float
from paretint.quality import psnr
from paretint.regions import FaceParser
from paretint.store import Store, key
from paretint.student import Schedule, Student, Training, build_student, squeezed

PAIRS, SEED = 5, 0
PRECISIONS = ("fp32", "fp16", "int8")
CALIBRATION = 64
_DRAWN_AT_ONCE = 10

Psnrs = dict[str, list[float]]
"""By precision: the PSNR of each held-out face, in dB."""


class Setting(NamedTuple):
    """What all students share.

    store: where the faces and the amplified set lie; parser: the file of the face parser; steps:
    of every student's training; fit: of the amplifier's; count: amplified images.
    """

    store: Path
    parser: Path
    steps: int
    fit: int
    count: int


def reached(axes: Mapping[str, Scalar], setting: Setting) -> Psnrs:
    """Return the PSNR of a student's files, made up as a product does it: on whole photos."""
    torch.set_num_threads(1)
    data, amplified = faces(setting), amplified_set(setting)
    network, size = untrained(axes), int(axes["input_size"])
    student = experiment(setting).student
    schedule = Schedule(setting.steps, student.batch, student.learning_rate)
    source = data.source.first(PAIRS)
    Training(network, source, schedule, SEED, amplified, size).advance(setting.steps)
    few = to_bytes(squeezed(to_float(amplified.before[:CALIBRATION]), (size, size)))
    with tempfile.TemporaryDirectory() as folder:
        return {
            precision: _score(write(network, size, Path(folder), precision, few), data.heldout)
            for precision in PRECISIONS
        }


def write(network: Student, size: int, folder: Path, precision: str, calibration: Tensor) -> Path:
    """Write a student as an ONNX file of a precision."""
    path = folder / f"{precision}.onnx"
    photos = calibration.numpy()
    return export_onnx(network, size, path, precision=precision, calibration=photos)


def untrained(axes: Mapping[str, Scalar]) -> Student:
    """Return a student as its training begins."""
    torch.manual_seed(SEED)
    return build_student({axis: value for axis, value in axes.items() if axis != "input_size"})


def experiment(setting: Setting) -> Experiment:
    """Return the experiment that faces, amplifier and training are those of."""
    return load_experiment(
        "real_faces",
        [
            f"faces.size={SIZE}",
            f"regions.parser={setting.parser.absolute()}",
            f"amplifier.fine_tune_steps={setting.fit}",
        ],
    )


def faces(setting: Setting) -> FaceData:
    """Return the faces, their regions drawn by the parser."""
    parser = FaceParser.load(setting.parser)
    store = Store.at(str(setting.store))
    return open_faces(prepare_faces(experiment(setting).faces, SEED, store, parser))


def amplified_set(setting: Setting) -> Pairs:
    """Return the amplified pairs, drawn on the first call by an amplifier fitted to a few."""
    data, settings = faces(setting), experiment(setting).amplifier
    facts = {"size": SIZE, "fit": setting.fit, "count": setting.count}

    def make(folder: Path) -> None:
        source = data.source.first(PAIRS)
        amplifier = base_of(settings).fit(source, SEED, torch.device("cpu"), lambda _step: None)
        gate = None if settings.gate is None else Gate.of(source, settings.gate)
        parts = [
            draw(amplifier, gate, data.unlabelled, settings, SEED, range(start, stop))
            for start, stop in _spans(setting.count)
        ]
        regions = [part.before.regions for part in parts if part.before.regions is not None]
        tensors = {
            "before": torch.cat([part.before.photos for part in parts]),
            "after": torch.cat([part.after for part in parts]),
            "regions": torch.cat(regions),
        }
        save_file(tensors, folder / "pairs.safetensors")

    parser = FaceParser.load(setting.parser).key
    store, name = Store.at(str(setting.store)), key("bench-amplified", 1, parser=parser, **facts)
    pairs = load_file(store.build("bench-amplified", name, make) / "pairs.safetensors")
    names = tuple(map(str, range(setting.count)))
    return Pairs(names, pairs["before"], pairs["after"], pairs["regions"])


def _spans(count: int) -> list[tuple[int, int]]:
    starts = range(0, count, _DRAWN_AT_ONCE)
    return [(start, min(start + _DRAWN_AT_ONCE, count)) for start in starts]


def _score(model: Path, heldout: Pairs) -> list[float]:
    made_up = make_up(OnnxModel(model), heldout.before.numpy())
    return [float(value) for value in psnr(torch.from_numpy(made_up), heldout.after)]
