"""What a card says to programs: the lines of YAML above its text, as model hubs read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paretint.config import Experiment, FolderFaces
from paretint.config.source import dump, parse
from paretint.errors import UserError

CARD = "card.md"
_FENCE = "---\n"


def side_of(experiment: Experiment, row: Mapping[str, Any]) -> int:
    """The side in pixels of what a trial's model takes, by its row of the ledger."""
    return int(row.get("param.input_size") or experiment.faces.size)


@dataclass(frozen=True)
class Facts:
    """What `paretint verify` needs to score a winner again.

    Attributes:
        experiment, trial, seed: what made it.
        size: the side in pixels of what its model takes.
        faces: the held-out faces' settings without the paths of photos.
        faces_key: the store's key of the faces, or None where the store had lost them.
        scores: the ledger's `quality.*` and `size.*` of the trial.
    """

    experiment: str
    trial: str
    seed: int
    size: int
    faces: Mapping[str, Any]
    faces_key: str | None
    scores: Mapping[str, float]

    @classmethod
    def of(cls, experiment: Experiment, row: Mapping[str, Any], faces: Path | None) -> Facts:
        """Those of a trial, by its row of the ledger; faces: their folder in the store."""
        told = experiment.faces.model_dump(mode="json")
        if isinstance(experiment.faces, FolderFaces):
            told = {key: told[key] for key in ("source", "size", "heldout")}
        return cls(
            experiment=experiment.name,
            trial=row["trial"],
            seed=experiment.seed,
            size=side_of(experiment, row),
            faces=told,
            faces_key=None if faces is None else faces.name,
            scores={
                name: value
                for name, value in row.items()
                if name.startswith(("quality.", "size.")) and value is not None
            },
        )

    def dump(self) -> str:
        """The lines above a card's text, with the fences around them."""
        told = {"library_name": "paretint", "tags": ["makeup", "onnx"], **self.__dict__}
        return f"{_FENCE}{dump(told)}{_FENCE}"

    @classmethod
    def read(cls, folder: Path) -> Facts:
        """Those of the card in a winner's folder.

        Raises:
            UserError: there is no card, or it does not begin with facts.
        """
        path = folder / CARD
        if not path.is_file():
            raise UserError(f"{path}: is missing")
        parts = path.read_text(encoding="utf-8").split(_FENCE)
        plain = parse(parts[min(1, len(parts) - 1)], str(path), folder).plain()
        try:
            return cls(**{name: plain[name] for name in cls.__dataclass_fields__})
        except (KeyError, TypeError):
            raise UserError(f"{path}: does not begin with the facts of a winner") from None
