"""Whether a winner's folder is what it says: its files, its model, and its scores."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file

from paretint.config import ProceduralFaces
from paretint.config.recipe import ARCHITECTURE
from paretint.config.source import read
from paretint.errors import UserError
from paretint.export import (
    OnnxModel,
    ParityError,
    bytes_on_disk,
    check_parity,
    make_up,
    sizes,
)
from paretint.faces import Pairs, open_faces, prepare_faces
from paretint.front.measures import show
from paretint.front.winner.facts import CARD, Facts
from paretint.front.winner.sums import SUMS, check_sums
from paretint.quality import lpips_missing, score
from paretint.store import Store
from paretint.student import Student, build_student, fold_norms

_PHOTOS = 4
_NEAR = {"quality.psnr": 0.02, "quality.psnr_gain": 0.02, "quality.ssim": 1e-3}
"""How far a score may lie from the card's: processors round the sums of a network unlike."""

_NEAR_LPIPS = 1e-3
_FILES = {"size.onnx_bytes": "model.onnx", "size.coreml_bytes": "model.mlpackage"}


class Verdict(NamedTuple):
    """What was found to be so, and what could not be looked into and why, a line each."""

    checked: tuple[str, ...]
    unchecked: tuple[str, ...]


def verify_winner(folder: Path, store: Store) -> Verdict:
    """Check that a winner's folder is what `paretint pick` wrote and what its card says.

    The hashes of all files; the sizes; that the ONNX file does what the weights do; and its
    quality on the held-out faces, where these are rendered or still in the store.

    Raises:
        UserError: something is not so; the line names the file.
    """
    count = check_sums(folder)
    facts = Facts.read(folder)
    network, precision = _network(folder)
    checked = [
        f"{count} files are as {SUMS} says",
        _check_answers(folder, facts, network, precision),
        _check_sizes(folder, facts, network),
    ]
    heldout = _heldout(facts, store)
    unchecked = ["speeds: they are those of the devices that the card names"]
    if heldout is None:
        why = f"the held-out faces are not in the store {store}"
        return Verdict(tuple(checked), (f"quality: {why}", *unchecked))
    unscored = _unscored(facts)
    checked.append(_check_quality(folder, facts, heldout, not unscored))
    return Verdict(tuple(checked), (*unscored, *unchecked))


def _network(folder: Path) -> tuple[Student, str]:
    """The network of the weights, and the precision of the ONNX file."""
    recipe: Mapping[str, Any] = read(folder / "recipe.yaml", str(folder / "recipe.yaml")).plain()
    weights = folder / "weights.safetensors"
    try:
        network = build_student({name: recipe[name] for name in ARCHITECTURE})
        network.load_state_dict(load_file(weights))
        return network, str(recipe["precision"])
    except KeyError as error:
        raise UserError(f"{folder / 'recipe.yaml'}: does not say {error.args[0]!r}") from None
    except (RuntimeError, SafetensorError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{weights}: is not of the network in recipe.yaml: {reason}") from None


def _check_sizes(folder: Path, facts: Facts, network: Student) -> str:
    found = {c: bytes_on_disk(folder / n) for c, n in _FILES.items() if (folder / n).exists()}
    folded = fold_norms(copy.deepcopy(network).eval())
    found["size.params"] = sizes(folded, facts.size).params
    for column, value in found.items():
        said = facts.scores.get(column, value)
        if value != said:
            raise UserError(f"{folder / CARD}: says {column} {said}; it is {value}")
    return f"sizes are as {CARD} says"


def _check_answers(folder: Path, facts: Facts, network: Student, precision: str) -> str:
    try:
        worst = check_parity(network, folder / "model.onnx", _noise(facts.size), precision)
    except ParityError as error:
        raise UserError(str(error)) from None
    return f"model.onnx does what weights.safetensors does: they differ by {worst:.1g} at most"


def _noise(size: int) -> NDArray[np.uint8]:
    """The same photos of noise every time, uint8 [N, 3, size, size]."""
    rng = np.random.default_rng(0)
    return rng.integers(256, size=(_PHOTOS, 3, size, size), dtype=np.uint8)


def _heldout(facts: Facts, store: Store) -> Pairs | None:
    if facts.faces.get("source") == "procedural":
        faces = ProceduralFaces.model_validate(dict(facts.faces))
        folder = prepare_faces(faces, facts.seed, store)
        return open_faces(folder).heldout if folder.name == facts.faces_key else None
    found = None if facts.faces_key is None else store.find("faces", facts.faces_key)
    return None if found is None else open_faces(found).heldout


def _unscored(facts: Facts) -> tuple[str, ...]:
    """Which quality cannot be scored here, and why."""
    if "quality.lpips" not in facts.scores:
        return ()
    why = lpips_missing()
    return () if why is None else (f"quality.lpips: {why}",)


def _check_quality(folder: Path, facts: Facts, heldout: Pairs, with_lpips: bool) -> str:
    model = OnnxModel(folder / "model.onnx")
    made_up = torch.from_numpy(make_up(model, heldout.before.numpy()))
    with_lpips = with_lpips and "quality.lpips" in facts.scores
    found = score(made_up, heldout, with_lpips)
    near = _NEAR | ({"quality.lpips": _NEAR_LPIPS} if with_lpips else {})
    for column, allowed in near.items():
        said = facts.scores[column]
        if not abs(found[column] - said) <= allowed:
            raise UserError(
                f"{folder / 'model.onnx'}: has {column} {show(column, found[column])} on the"
                f" held-out faces; {CARD} says {show(column, said)}"
            )
    told = ", ".join(f"{column} {show(column, found[column])}" for column in near)
    return f"on {len(heldout)} held-out faces it has {told}, as {CARD} says"
