"""What amplification teaches a student: trained on few pairs, on those amplified, on all."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import torch
from peers.regression import fit_regression

from paretint.amplify import Amplifier, base_of, draw
from paretint.amplify.gate import Gate
from paretint.config import AnyAmplifier as Settings
from paretint.config import FolderFaces, ProceduralFaces, load_experiment
from paretint.faces import FaceData, Pairs, open_faces, prepare_faces, seeded, to_bytes, to_float
from paretint.quality import psnr
from paretint.regions import FaceParser
from paretint.store import Store, key
from paretint.student import Schedule, TinyBeauty, Training

ROOT = Path(__file__).parents[3]
PHOTOS = ROOT.parent / "shared" / "data" / "makeup_pairs_256"
WIDTH, BLOCKS = 24, 4
ALL = 1000
"""More pairs than there are."""


class Cell(NamedTuple):
    """One student of the benchmark.

    data: `procedural`, or the folder of the afters; seed: of the choice of pairs and of all that
    is drawn; pairs: how many it may learn from; kind: what it learns from them.
    """

    data: str
    seed: int
    pairs: int
    kind: str


class Setting(NamedTuple):
    """What all students share. parser: its file; student: steps of training, count: images."""

    store: Path
    parser: Path
    student: int
    count: int


def reached(cell: Cell, setting: Setting) -> list[float]:
    """Return the PSNR of the cell's student on each held-out face, in dB."""
    torch.set_num_threads(1)
    data = faces_of(cell, setting)
    source = data.source.first(cell.pairs)
    amplified = None if cell.kind == "direct" else _amplified(cell, setting, data, source)
    torch.manual_seed(cell.seed)
    network = TinyBeauty(WIDTH, BLOCKS)
    schedule = Schedule(setting.student, batch=16, learning_rate=2e-3)
    Training(network, source, schedule, cell.seed, amplified).advance(setting.student)
    with torch.inference_mode():
        made_up = to_bytes(network(to_float(data.heldout.before)))
    return [float(value) for value in psnr(made_up, data.heldout.after)]


def unchanged(data: str, setting: Setting) -> float:
    """Return the mean PSNR of the held-out photos as they are, in dB."""
    heldout = faces_of(Cell(data, 0, 1, "direct"), setting).heldout
    return float(psnr(heldout.before, heldout.after).mean())


def faces_of(cell: Cell, setting: Setting) -> FaceData:
    """Return a cell's faces, the source pairs in an order of the seed's own."""
    without = cell.kind == "without_masks"
    data = _opened(cell.data, setting, None if without else setting.parser)
    if cell.data == "procedural" and without:
        raise ValueError("rendered faces come with their masks")
    order = torch.randperm(len(data.source), generator=seeded(cell.seed)).tolist()
    source = Pairs(
        tuple(data.source.names[i] for i in order),
        data.source.before[order],
        data.source.after[order],
        None if data.source.regions is None else data.source.regions[order],
    )
    return FaceData(source, data.unlabelled, data.heldout)


@lru_cache(maxsize=4)
def _opened(data: str, setting: Setting, parser: Path | None) -> FaceData:
    store = Store.at(str(setting.store))
    if data == "procedural":
        rendered = ProceduralFaces(
            source="procedural", style="plum", pairs=500, unlabelled=100, heldout=100
        )
        return open_faces(prepare_faces(rendered, 11, store))
    faces = load_experiment("real_faces", [f"faces.after={PHOTOS / data}"]).faces
    assert isinstance(faces, FolderFaces)
    drawn_by = None if parser is None else FaceParser.load(parser)
    return open_faces(prepare_faces(faces, 0, store, drawn_by))


def _amplified(cell: Cell, setting: Setting, data: FaceData, source: Pairs) -> Pairs:
    settings = _settings(cell.kind)
    gate = None if settings.gate is None else Gate.of(source, settings.gate)
    amplifier = _fitted(cell, settings, source, setting)
    drawn = draw(amplifier, gate, data.unlabelled, settings, cell.seed, range(setting.count))
    return Pairs(drawn.before.names, drawn.before.photos, drawn.after, drawn.before.regions)


def _fitted(cell: Cell, settings: Settings, source: Pairs, setting: Setting) -> Amplifier:
    """Return the cell's amplifier; cells that differ in how it draws share its fine-tuning."""
    if cell.kind == "regression":
        return fit_regression(source, cell.seed)
    base, masks = base_of(settings), source.regions is not None
    words = {"data": cell.data, "pairs": cell.pairs, "seed": cell.seed, "masks": masks}

    def make(folder: Path) -> None:
        base.fit(source, cell.seed, torch.device("cpu"), lambda _step: None).save(folder)

    store = Store.at(str(setting.store))
    return base.load(store.build("fitted", key("fitted", 1, **words, base=base.fit_words()), make))


def _settings(kind: str) -> Settings:
    changes: dict[str, Any] = {}
    if kind == "without_masks":
        changes = {"steps": 1}  # what suits it best: more steps blur what no mask holds together
    elif kind == "without_detail":
        changes = {"lambda_detail": 0.0}
    elif kind == "without_gate":
        changes = {"gate": None}
    elif kind.startswith("steps_"):
        changes = {"steps": int(kind.removeprefix("steps_"))}
    settings = load_experiment("real_faces").amplifier
    return settings.model_copy(update=changes)
