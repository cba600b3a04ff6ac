"""What is to be amplified, with the keys of what comes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from paretint.amplify import drawing, gate, parts
from paretint.amplify.choice import base_of
from paretint.amplify.gate import Gate
from paretint.amplify.interface import Base
from paretint.config import AnyAmplifier as Settings
from paretint.faces import FaceData, Pairs, open_faces
from paretint.store import Store, digest, key

_VERSION = 2

_AT_ONCE = 8
"""Parts that are fetched at once, where another machine made them."""


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

    @property
    def base(self) -> Base:
        """The base. Raises UserError where its weights cannot serve."""
        return base_of(self.settings)

    @cached_property
    def amplifier_key(self) -> str:
        """Key of the amplifier: base, source pairs, and how it is fine-tuned."""
        return key(
            "amplifier",
            _VERSION,
            base=self.base.fit_words(),
            pairs=_digest_pairs(self.source),
            seed=self.seed,
        )

    @cached_property
    def amplified_key(self) -> str:
        """Key of the amplified pairs; how many are wanted is no part of it."""
        limits = self.settings.gate
        return key(
            "amplified",
            parts.VERSION,
            drawing=[drawing.VERSION, self.base.draw_words()],
            amplifier=self.amplifier_key,
            faces=self.faces.name,
            gate=None if limits is None else [gate.VERSION, limits.model_dump()],
            lambda_makeup=self.settings.lambda_makeup,
            lambda_detail=self.settings.lambda_detail,
            part=self.settings.part,
            seed=self.seed,
        )

    @property
    def data(self) -> FaceData:
        """The prepared faces."""
        return open_faces(self.store.here(self.faces))

    @property
    def source(self) -> Pairs:
        """The pairs that the amplifier learns from."""
        return self.data.source.first(self.source_pairs)

    def gate(self) -> Gate | None:
        """Return the gate that the source pairs and the settings make, if one is wanted."""
        settings = self.settings
        if settings.gate is None:
            return None
        return Gate.of(self.source, settings.gate, settings.regions, settings.lambda_makeup)

    @property
    def folder(self) -> Path:
        """Where the parts lie."""
        return self.store.folder("amplified", self.amplified_key)

    def missing(self, count: int) -> list[int]:
        """Return the parts that the first `count` images still need; the others are here then."""
        wanted = parts.parts_for(count, self.settings.part)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            # A disk answers sooner to one thread.
            each = map if self.store.shared is None else pool.map
            there = list(each(self.has, wanted))
        return [part for part, has in zip(wanted, there, strict=True) if not has]

    def has(self, part: int) -> bool:
        """Return whether a part lies in the store, whole; if so, on this machine too."""
        path, size = parts.part_path(self.folder, part), self.settings.part
        whole = parts.is_whole(path, size)
        if not whole and self.store.find(self._parts, path.name) is not None:
            whole = parts.is_whole(path, size)
        if whole:
            self.store.share(self._parts, path.name)
        return whole

    def share(self, part: int) -> None:
        """Let other machines have a part that is finished here."""
        self.store.share(self._parts, parts.part_path(self.folder, part).name)

    @property
    def _parts(self) -> str:
        """The kind of artifacts that parts are; each is a file."""
        return f"amplified/{self.amplified_key}"


def _digest_pairs(pairs: Pairs) -> list[str]:
    known = [pairs.before, pairs.after]
    if pairs.regions is not None:
        known.append(pairs.regions)
    return [digest(tensor) for tensor in known]
