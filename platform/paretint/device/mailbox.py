"""The folder by which an agent and those who wait for it speak: no server, no open port.

In `devices/agent+<name>/` of the run lie:

- `agent.json`: the agent's card, with a heartbeat;
- `wanted/<structure>.onnx`: a model that somebody waits for, and its Core ML package beside it,
  zipped, where the agent's device needs one;
- `failed/<structure>.json`: why a wanted model could not be measured;
- `<structure>.parquet` and `<structure>.json`: raw samples, and then the result.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import polars as pl

from paretint.device.interface import Form
from paretint.store import Remote, Result, folder_name, load_result

PROTOCOL = 1
"""Of what lies in the folder, and of what it means."""

BEAT_S = 2.0
"""How often a heart beats."""

QUIET_S = 30.0
"""How long a heart may stand still: a share may show a file's changes late."""

LOOK_S = 0.25
"""How often those who wait look."""

_CARD = "agent.json"
_PACKAGE = ".mlpackage.zip"


@dataclass(frozen=True)
class Card:
    """An agent: its process, how often its heart has beaten, and what it measures on."""

    protocol: int
    process: str
    beat: int
    device: str
    form: Form
    paretint: str


_UNTOLD = {
    "protocol": 0, "process": "", "beat": 0, "device": "", "form": "onnx", "paretint": "unknown",
}  # fmt: skip


class Mailbox:
    """One agent's folder at a run, from either side."""

    def __init__(self, run: Remote, device: str) -> None:
        self._run = run
        self._device = device
        self._folder = f"devices/{folder_name(device)}"

    def card(self) -> Card | None:
        """The agent's card; None where there is none that can be read."""
        try:
            told = json.loads(self._run.read(f"{self._folder}/{_CARD}") or b"null")
        except ValueError:
            return None
        if not isinstance(told, dict) or not isinstance(told.get("protocol"), int):
            return None
        # One of another version may tell other things, but this much it will.
        return Card(**{name: told.get(name, default) for name, default in _UNTOLD.items()})

    def show(self, card: Card) -> None:
        """Put the agent's card up."""
        self._run.write(f"{self._folder}/{_CARD}", json.dumps(asdict(card)).encode())

    def beats(self, first: Card, within_s: float) -> bool:
        """Whether the card changes from `first`, as a killed agent's does not; it is waited for."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            card = self.card()
            if card is not None and card != first:
                return True
            time.sleep(LOOK_S)
        return False

    def leave(self) -> None:
        """Take the agent's card away."""
        self._run.remove(f"{self._folder}/{_CARD}")

    def done(self) -> set[str]:
        """The structures that have a result; one of another version counts too."""
        names = self._run.names(self._folder)
        return {name.removesuffix(".json") for name in names if name.endswith(".json")}

    def result(self, structure: str) -> tuple[Result, pl.DataFrame] | None:
        """A structure's result and its raw samples; None where they are not whole yet."""
        result = load_result(self._run.read(f"{self._folder}/{structure}.json"))
        samples = self._run.read(f"{self._folder}/{structure}.parquet")
        if result is None or samples is None:
            return None
        return result, pl.read_parquet(BytesIO(samples))

    def answer(self, result: Result, samples: pl.DataFrame) -> None:
        """Write a result, its samples first, and take the request for it away."""
        content = BytesIO()
        samples.write_parquet(content)
        self._run.write(f"{self._folder}/{result.structure}.parquet", content.getvalue())
        self._run.write(f"{self._folder}/{result.structure}.json", result.dump())
        self.drop(result.structure)

    def want(self, structure: str, model: Path, form: Form) -> None:
        """Ask for a model that has no result; an earlier failure of it is forgotten."""
        self._run.remove(f"{self._folder}/failed/{structure}.json")
        if form == "coreml":
            self._run.write(self._wanted(structure, _PACKAGE), _zipped(model))
        self._run.write(self._wanted(structure, ".onnx"), model.read_bytes())

    def wanted(self) -> list[str]:
        """The structures that somebody waits for."""
        names = self._run.names(f"{self._folder}/wanted")
        return [name.removesuffix(".onnx") for name in names if name.endswith(".onnx")]

    def fetch(self, structure: str, form: Form, folder: Path) -> Path | None:
        """Copy a wanted model into a folder; None where somebody took the request away."""
        content = self._run.read(self._wanted(structure, ".onnx"))
        if content is None:
            return None
        model = folder / "model.onnx"
        model.write_bytes(content)
        if form == "coreml":
            package = self._run.read(self._wanted(structure, _PACKAGE))
            _unzip(package or b"", folder / "model.mlpackage")
        return model

    def drop(self, structure: str) -> None:
        """Take a request away."""
        for suffix in (".onnx", _PACKAGE):
            self._run.remove(self._wanted(structure, suffix))

    def fail(self, structure: str, reason: str) -> None:
        """Say why a wanted model could not be measured, and take the request away."""
        told = json.dumps({"reason": reason}).encode()
        self._run.write(f"{self._folder}/failed/{structure}.json", told)
        self.drop(structure)

    def failure(self, structure: str) -> str | None:
        """Why a wanted model could not be measured; None where it did not fail."""
        content = self._run.read(f"{self._folder}/failed/{structure}.json")
        return None if content is None else str(json.loads(content)["reason"])

    def _wanted(self, structure: str, suffix: str) -> str:
        return f"{self._folder}/wanted/{structure}{suffix}"


class Pulse:
    """Whether an agent lives, by whether its heartbeat changes: no two clocks are compared."""

    def __init__(
        self, quiet_s: float = QUIET_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._quiet_s = quiet_s
        self._clock = clock
        self._last: tuple[str, int] | None = None
        self._since = clock()

    def stands_still(self, card: Card) -> bool:
        """Whether the heart of the card has not beaten for longer than it may."""
        beat = card.process, card.beat
        if beat != self._last:
            self._last, self._since = beat, self._clock()
        return self._clock() - self._since > self._quiet_s


def _zipped(model: Path) -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        made = shutil.make_archive(f"{scratch}/package", "zip", model.with_suffix(".mlpackage"))
        return Path(made).read_bytes()


def _unzip(content: bytes, folder: Path) -> None:
    archive = folder.with_suffix(".zip")
    archive.write_bytes(content)
    shutil.unpack_archive(archive, folder)
    archive.unlink()
