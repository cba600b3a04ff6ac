"""How well FP-LIIF finds a face's regions beside a plain U-Net, and what its masks are worth to the
amplifier: `scripts/bench regions [--steps N] [--save]`.

Both networks learn from the same photos with the same loss, at once, each on a core of its own and
for the same time. Photos of people stay where they are, and so do weights trained on them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import torch
from keeping.result import tell
from peers.unet import UNet
from torch import Tensor

from paretint.amplify import base_of
from paretint.config import load_experiment
from paretint.device import measure
from paretint.export import Probabilities, export_onnx
from paretint.faces import Faces, open_faces, prepare_faces, seeded, to_bytes
from paretint.quality import psnr
from paretint.regions import (
    ARCHITECTURES,
    FPLIIF,
    FaceParser,
    Labelled,
    ParserSchedule,
    ParserTraining,
    Sources,
    compare,
    f1_by_class,
    f1_by_region,
    open_labelled,
    prepare_labelled,
    rendered,
    split,
)
from paretint.store import Store

ROOT = Path(__file__).parents[2]
PARSED = ROOT.parent / "shared" / "data" / "parsed_faces"
SIZES = (128, 256, 512)
SIZE = 256
SEED = 0
ARCHITECTURE = ARCHITECTURES["lite"]
UNET_WIDTH = 16
STEPS = 4000
TRIED_STEPS = 20
POINTS = {"fp-liif": 4096, "unet": ARCHITECTURE.side**2}
"""Of each photo, in the loss: the U-Net draws its map at once, so it learns from all of it."""
DENOISING_STEPS = {True: 2, False: 1}
"""What suits the amplifier best, with masks and without."""
RENDERED = 500
PAIRS = 5
HELDOUT = {
    "makeup": (
        "00221", "10023", "10034", "10038", "10048", "10050", "10092", "21009", "21012",
        "21015", "vFG149", "vFG25", "vFG319", "vFG506", "vRX29", "vRX718", "vRX914",
    ),
    "non_makeup": (
        "00288", "00305", "00434", "00462", "00465", "00467", "00471", "00514", "00528",
        "31001", "31004", "vSYYZ241", "xfsy_0289",
    ),
}  # fmt: skip
"""The photos whose names' sha256 come first; the other 65 are trained on."""
NETWORKS = {"fp-liif": lambda: FPLIIF(ARCHITECTURE), "unet": lambda: UNet(ARCHITECTURE, UNET_WIDTH)}


class Trained(NamedTuple):
    """A network's weights, and the seconds of its core that they took."""

    weights: dict[str, Tensor]
    seconds: float

    def parser(self, name: str) -> FaceParser:
        """Return the network as a parser."""
        network = NETWORKS[name]()
        network.load_state_dict(self.weights)
        return FaceParser(network)


def parts(labelled: Path) -> tuple[Labelled, Labelled]:
    """Return the photos to train on, and the held-out ones.

    Raises SystemExit where they are not those listed here.
    """
    listed = {f"{folder}/{name}" for folder, names in HELDOUT.items() for name in names}
    rest, heldout = split(open_labelled(labelled), len(listed))
    if set(heldout.names) != listed:
        raise SystemExit(f"{PARSED}: holds other photos than those this benchmark lists")
    return rest, heldout


def train(name: str, labelled: Path, steps: int) -> Trained:
    """Train a network of `NETWORKS` on one thread."""
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    photos, _ = parts(labelled)
    sources = Sources(photos, rendered(RENDERED, ARCHITECTURE.side, SEED))
    device = torch.device("cpu")
    schedule = ParserSchedule(steps, points=POINTS[name])
    training = ParserTraining(NETWORKS[name](), sources, schedule, SEED, device)

    def after_step(step: int) -> None:
        if step % 200 == 0:
            print(f"{name}: {step} of {steps} steps", flush=True)

    start = time.process_time()
    training.advance(steps, after_step)
    return Trained(training.network.state_dict(), time.process_time() - start)


def train_both(labelled: Path, steps: int) -> dict[str, Trained]:
    """Train FP-LIIF for `steps`, and the U-Net for as many as take the same time, side by side."""
    with ProcessPoolExecutor(2, get_context("spawn")) as cores:

        def both(each: dict[str, int]) -> dict[str, Trained]:
            running = {name: cores.submit(train, name, labelled, each[name]) for name in NETWORKS}
            return {name: future.result() for name, future in running.items()}

        tried = both(dict.fromkeys(NETWORKS, TRIED_STEPS))
        ratio = tried["fp-liif"].seconds / tried["unet"].seconds
        return both({"fp-liif": steps, "unet": round(steps * ratio)})


def heldout_at(store: Store, size: int) -> Labelled:
    """Return the held-out photos as a parser reads them, with their maps at size x size."""
    folders = (prepare_labelled(PARSED, side, store, _silent) for side in (ARCHITECTURE.side, size))
    photos, maps = (parts(folder)[1] for folder in folders)
    return replace(photos, labels=maps.labels)


def confusions(parser: FaceParser, store: Store) -> dict[int, Tensor]:
    """Return the confusion of the held-out faces' classes at each of `SIZES`."""

    def at(size: int) -> Tensor:
        return compare(lambda photo: parser.classes(photo, size), heldout_at(store, size), _silent)

    return {size: at(size) for size in SIZES}


def mean_f1(counts: Tensor) -> float:
    """Return the mean F1 of the regions that are there.

    Nobody wears glasses in these photos: the pixels so labelled are face paint.
    """
    return fmean(f1 for name, f1 in f1_by_region(counts).items() if name != "glasses")


def fps(parser: FaceParser, store: Store) -> float:
    """Return the maps of `SIZE` a second on one thread of this host."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, "model.onnx")
        export_onnx(Probabilities(parser.network, SIZE), ARCHITECTURE.side, model)
        return measure(model, "ort-cpu", store).fps


def amplifier_gain(parser: FaceParser | None, store: Store) -> float:
    """Return how much nearer to the true afters of held-out faces the amplifier brings them, in dB.

    It is fitted to the first five pairs of the experiment on real faces, with its settings.
    """
    experiment = load_experiment("real_faces")
    data = open_faces(prepare_faces(experiment.faces, experiment.seed, store, parser))
    heldout, settings = data.heldout, experiment.amplifier
    drawing = settings.model_copy(update={"steps": DENOISING_STEPS[parser is not None]})
    source = data.source.first(PAIRS)
    fitted = base_of(drawing).fit(source, experiment.seed, torch.device("cpu"), lambda _: None)
    faces = Faces(heldout.names, heldout.before, heldout.regions)
    noise = [seeded(SEED, index) for index in range(len(faces))]
    after = fitted.residuals(faces, noise).after(drawing.lambda_makeup, drawing.lambda_detail)
    made_up = to_bytes(after)
    return float((psnr(made_up, heldout.after) - psnr(heldout.before, heldout.after)).mean())


def measured(steps: int, store: Store) -> dict[str, object]:
    """Return all that this benchmark measures."""
    trained = train_both(prepare_labelled(PARSED, ARCHITECTURE.side, store, _silent), steps)
    parsers = {name: result.parser(name) for name, result in trained.items()}
    ours, unet = (confusions(parsers[name], store) for name in NETWORKS)
    speed = {name: fps(parser, store) for name, parser in parsers.items()}
    return {
        "params": parameters(parsers["fp-liif"]),
        "params_unet": parameters(parsers["unet"]),
        "train_s": {name: round(result.seconds) for name, result in trained.items()},
        "f1_heldout": _score(mean_f1(ours[SIZE])),
        "f1_unet": _score(mean_f1(unet[SIZE])),
        "f1_by_class": {name: _score(value) for name, value in f1_by_region(ours[SIZE]).items()},
        "f1_by_class_unet": {n: _score(value) for n, value in f1_by_region(unet[SIZE]).items()},
        "f1_with_glasses": _score(fmean(f1_by_region(ours[SIZE]).values())),
        "f1_19_classes": _score(fmean(f1_by_class(ours[SIZE]).values())),
        **{f"f1_{size}": _score(mean_f1(ours[size])) for size in SIZES},
        "fps": round(speed["fp-liif"], 1),
        "fps_over_unet": round(speed["fp-liif"] / speed["unet"], 2),
        "amplifier_gain_db": {
            "with_masks": round(amplifier_gain(parsers["fp-liif"], store), 2),
            "without": round(amplifier_gain(None, store), 2),
        },
    }


def parameters(parser: FaceParser) -> int:
    """Return how many parameters a parser's network has."""
    return sum(parameter.numel() for parameter in parser.network.parameters())


def _score(f1: float) -> float:
    return round(f1, 4)


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def main() -> None:
    """Measure; print one line of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--save", action="store_true", help="write results/regions.json too")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        result = measured(chosen.steps, Store.at(folder))
    tell("regions", result, chosen.save, f"--steps {chosen.steps}")


if __name__ == "__main__":
    main()
