"""The training of a parser that survives being stopped, in one process or on several workers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from paretint.errors import UserError
from paretint.faces import random_styles, render_pairs
from paretint.regions.dataset import open_labelled
from paretint.regions.labelled import Labelled, from_pairs, split
from paretint.regions.network import ARCHITECTURES, FPLIIF
from paretint.regions.parser import FaceParser
from paretint.regions.training import ParserSchedule, ParserTraining, Sources
from paretint.store import key
from paretint.store.files import replace
from paretint.terminal import Tell

_CPU = torch.device("cpu")
_SAVE_EVERY = 60.0
_VERSION = 1


@dataclass(frozen=True)
class ParserJob:
    """What determines a parser, and where its training is kept until it is done.

    labelled: the folder that `prepare_labelled` gave; heldout: how many of its photos are not
    trained on; state: a file, on a disk that all workers see; rendered: procedural faces beside
    the labelled ones, each in two looks.
    """

    labelled: Path
    heldout: int
    architecture: str
    schedule: ParserSchedule
    seed: int
    state: Path
    rendered: int = 500

    @cached_property
    def key(self) -> str:
        """The key of the parser that comes out."""
        return key(
            "parser",
            _VERSION,
            labelled=self.labelled.name,
            heldout=self.heldout,
            architecture=asdict(ARCHITECTURES[self.architecture]),
            schedule=asdict(self.schedule),
            seed=self.seed,
            rendered=self.rendered,
        )

    def split(self) -> tuple[Labelled, Labelled]:
        """Return the photos that are trained on, and those held out."""
        return split(open_labelled(self.labelled), self.heldout)

    def training(self, device: torch.device) -> ParserTraining:
        """Return the training as it stands: at its last saved step, or at step 0.

        Raises UserError where `state` is another job's.
        """
        state, network = self.kept(device), self._network()
        faces = rendered(self.rendered, network.architecture.side, self.seed)
        sources = Sources(self.split()[0], faces)
        training = ParserTraining(network, sources, self.schedule, self.seed, device)
        if state is not None:
            training.restore(state)
        return training

    def run(
        self, training: ParserTraining, tell: Tell, keep: Callable[[ParserTraining], None]
    ) -> None:
        """Train to the end; let `keep` have the training once a minute, and at the end."""
        kept = time.monotonic()

        def after_step(step: int) -> None:
            nonlocal kept
            tell(step, self.schedule.steps)
            if time.monotonic() - kept > _SAVE_EVERY:
                keep(training)
                kept = time.monotonic()

        training.advance(self.schedule.steps, after_step)
        keep(training)

    def keep(self, training: ParserTraining) -> None:
        """Write the training's state; the file is whole at every moment."""
        state = {"key": self.key, **training.state()}
        replace(self.state, lambda partial: torch.save(state, partial))

    def kept(self, device: torch.device = _CPU) -> dict[str, Any] | None:
        """Return the training's last kept state; None where there is none yet.

        Raises UserError where `state` is another job's.
        """
        if not self.state.exists():
            return None
        again = "remove it to begin anew"
        try:
            state = torch.load(self.state, device, weights_only=True)
        except Exception as error:  # torch has no error of its own for a file that is not its own
            raise UserError(f"{self.state}: holds no training to go on with; {again}") from error
        if not isinstance(state, dict) or state.get("key") != self.key:
            raise UserError(
                f"{self.state}: was left by a training on other photos or with other settings;"
                f" repeat those to finish it, or {again}"
            )
        return state

    def finished(self) -> FaceParser:
        """Return the parser of a training whose last state was kept.

        Raises RuntimeError where it was not.
        """
        state = self.kept()
        if state is None or state["step"] < self.schedule.steps:
            at = "nothing" if state is None else f"step {state['step']}"
            raise RuntimeError(f"{self.state}: holds {at}; do all workers see its disk?")
        network = self._network()
        network.load_state_dict(state["network"])
        return FaceParser(network)

    def _network(self) -> FPLIIF:
        """Return the network before its first step."""
        with torch.random.fork_rng(devices=()):
            torch.manual_seed(self.seed)
            return FPLIIF(ARCHITECTURES[self.architecture])


def train_here(job: ParserJob, tell: Tell) -> FaceParser:
    """Train in this process, on a GPU where there is one; return the parser.

    Raises UserError where the job's state file is another job's.
    """
    training = job.training(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    job.run(training, tell, job.keep)
    return FaceParser(training.network.cpu())


def rendered(count: int, side: int, seed: int) -> Labelled:
    """Return procedural faces before and after makeup in random styles, with exact regions."""
    styles = random_styles(count, torch.Generator().manual_seed(seed))
    return from_pairs(render_pairs(styles, count, side, seed))
