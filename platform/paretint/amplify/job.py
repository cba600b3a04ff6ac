"""What is to be amplified, with the keys of what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from paretint.amplify import fitting, parts
from paretint.amplify.network import ResidualUNet, load_weights
from paretint.config import Amplifier as Settings
from paretint.config import did_you_mean
from paretint.errors import UserError
from paretint.faces import FaceData, Pairs, open_faces
from paretint.store import Store, digest, key

_BASES = Path(__file__).parent / "bases"


def known_bases() -> list[str]:
    """Return the names of the bases that ship with the package."""
    return sorted(path.stem for path in _BASES.glob("*.safetensors"))


def base_path(name: str) -> Path:
    """Return the weights of a base: a shipped one by its name, or a file's path.

    Raises UserError where there is neither.
    """
    if name in known_bases():
        return _BASES / f"{name}.safetensors"
    path = Path(name)
    if path.suffix == ".safetensors" and path.is_file():
        return path
    hint = did_you_mean(name, known_bases())
    raise UserError(
        f"amplifier.base: {name!r} is no base that ships and no .safetensors file{hint}"
    )


@dataclass(frozen=True)
class AmplifyJob:
    """One amplifier and its amplified pairs, before anything of it is built.

    faces: folder of the prepared faces; source_pairs: how many pairs it learns from.
    """

    store: Store
    faces: Path
    source_pairs: int
    settings: Settings
    seed: int

    @cached_property
    def amplifier_key(self) -> str:
        """Key of the amplifier: base, source pairs, and how it is fine-tuned."""
        return key(
            "amplifier",
            fitting.VERSION,
            base=digest(base_path(self.settings.base).read_bytes()),
            pairs=_digest_pairs(self.data.source.first(self.source_pairs)),
            steps=self.settings.fine_tune_steps,
            batch=self.settings.batch,
            learning_rate=self.settings.learning_rate,
            seed=self.seed,
        )

    @cached_property
    def amplified_key(self) -> str:
        """Key of the amplified pairs; how many are wanted is no part of it."""
        return key(
            "amplified",
            parts.VERSION,
            amplifier=self.amplifier_key,
            faces=self.faces.name,
            steps=self.settings.steps,
            lambda_makeup=self.settings.lambda_makeup,
            lambda_detail=self.settings.lambda_detail,
            part=self.settings.part,
            seed=self.seed,
        )

    @property
    def data(self) -> FaceData:
        """The prepared faces."""
        return open_faces(self.faces)

    @property
    def folder(self) -> Path:
        """Where the parts lie."""
        return self.store.folder("amplified", self.amplified_key)

    def missing(self, count: int) -> list[int]:
        """Return the parts that the first `count` images still need."""
        wanted = parts.parts_for(count, self.settings.part)
        return [part for part in wanted if not parts.part_path(self.folder, part).exists()]

    def load_base(self) -> ResidualUNet:
        """Return the base's network with its weights."""
        return load_weights(base_path(self.settings.base))


def _digest_pairs(pairs: Pairs) -> list[str]:
    known = [pairs.before, pairs.after]
    if pairs.regions is not None:
        known.append(pairs.regions)
    return [digest(tensor) for tensor in known]
