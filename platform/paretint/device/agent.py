"""A device that another machine has: asked by way of the run's folder."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterable
from pathlib import Path

import paretint
from paretint.device import mailbox
from paretint.device.interface import Measured, structures
from paretint.device.mailbox import PROTOCOL, Card, Mailbox, Pulse
from paretint.device.protocol import Settings
from paretint.errors import UserError
from paretint.store import Remote, Run, Store


class Agent:
    """An agent at a run: what it has measured is read, what it has not is asked for."""

    def __init__(self, name: str, run: Path | None) -> None:
        self.name = f"agent:{name}"
        self._agent = name
        self._run = run

    def check(self) -> str:
        """What it is; whether it lives shows at a run only."""
        return f"asks the agent {self._agent} at a run"

    def measured(self, model: Path, store: Store, settings: Settings) -> Measured:  # noqa: ARG002
        """Return what the agent has measured of the model, by its own settings; else wait for it.

        The wait is over where the agent says that it cannot, its heart stands still, or the time
        of `budget.agent_wait_s` is up: then a `UserError` says so, and the request stays. Raises
        it too where no agent of the name is at the run, or one of another version.
        """
        box, known = self._box(), structures(model)
        found = _found(box, known.values())
        if found is not None:
            return found
        form = self._present(box.card()).form
        if form not in known:
            raise UserError(f"{self.name}: measures Core ML packages; there is none beside {model}")
        box.want(known[form], model, form)
        return self._answer(box, known[form])

    def lives(self) -> bool:
        """Whether the agent's heart beats at the run; asking takes as long as a beat.

        Raises `UserError` where it is of another version.
        """
        box = self._box()
        first = box.card()
        if first is None:
            return False
        self._present(first)
        return box.beats(first, 2 * mailbox.BEAT_S)

    def wait(self) -> None:
        """Wait until the agent is at the run. Raises `UserError` where it takes too long."""
        end = time.monotonic() + self._patience()
        while not self.lives():
            if time.monotonic() > end:
                raise UserError(self.absence())
            time.sleep(mailbox.LOOK_S)

    def absence(self) -> str:
        """What to say where no such agent is at the run."""
        start = f"paretint device agent --run {shlex.quote(str(self._run))} --name {self._agent}"
        return f"no agent named {self._agent} is at this run; start one with: {start}"

    def _box(self) -> Mailbox:
        if self._run is None:
            raise UserError(f"{self.name}: an agent works at a run; give a run's folder")
        return Mailbox(Remote(self._run.absolute()), self.name)

    def _present(self, card: Card | None) -> Card:
        if card is None:
            raise UserError(self.absence())
        if card.protocol != PROTOCOL:
            raise UserError(
                f"{self.name}: the agent is of paretint {card.paretint}, this is"
                f" {paretint.__version__}, and they do not understand each other; install the same"
            )
        return card

    def _answer(self, box: Mailbox, structure: str) -> Measured:
        pulse, patience = Pulse(mailbox.QUIET_S), self._patience()
        end = time.monotonic() + patience
        while True:
            found = _found(box, [structure])
            if found is not None:
                return found
            failure = box.failure(structure)
            if failure is not None:
                raise UserError(f"{self.name}: {failure}")
            if pulse.stands_still(self._present(box.card())):
                raise UserError(f"{self.name}: its heart stands still; {self.absence()}")
            if time.monotonic() > end:
                raise UserError(
                    f"{self.name}: no answer within {patience:g} s; the request stays; see what the"
                    " agent says, or raise budget.agent_wait_s"
                )
            time.sleep(mailbox.LOOK_S)

    def _patience(self) -> float:
        assert self._run is not None
        return Run.open(self._run).experiment.budget.agent_wait_s


def _found(box: Mailbox, wanted: Iterable[str]) -> Measured | None:
    for structure in wanted:
        there = box.result(structure)
        if there is not None:
            result, samples = there
            share = result.figures.get("npu_share")
            return Measured(samples, share if isinstance(share, float) else None)
    return None
