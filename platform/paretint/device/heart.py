"""The heartbeat of an agent."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace

import paretint
from paretint.device.interface import Form
from paretint.device.mailbox import BEAT_S, PROTOCOL, Card, Mailbox
from paretint.errors import UserError

_LISTEN_S = 2.5 * BEAT_S


class Heart:
    """Beats in an agent's card for as long as the agent works, beside whatever it measures."""

    def __init__(self, box: Mailbox, name: str, device: str, form: Form) -> None:
        self._box = box
        self._name = name
        process = uuid.uuid4().hex
        self._card = Card(PROTOCOL, process, 0, device, form, paretint.__version__)
        self._stop = threading.Event()
        self._robbed = False
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Heart:
        """Take the name. Raises `UserError` where another agent's heart beats under it."""
        first = self._box.card()
        if first is not None and self._box.beats(first, _LISTEN_S):
            raise UserError(self._another())
        self._box.show(self._card)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if not self._robbed:
            self._box.leave()

    def check(self) -> None:
        """Raise `UserError` where another agent took the name."""
        if self._robbed:
            raise UserError(self._another())

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_S):
            try:
                there = self._box.card()
                if there is not None and there.process != self._card.process:
                    self._robbed = True
                    return
                self._card = replace(self._card, beat=self._card.beat + 1)
                self._box.show(self._card)
            except OSError:
                continue  # a share that is away for a moment; those who wait are patient

    def _another(self) -> str:
        return (
            f"another agent named {self._name} is at this run; end it, or give this one another"
            " --name"
        )
