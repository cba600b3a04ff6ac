"""What the amplifiers' actors did, piece by piece: what it took and what came of it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import NamedTuple


class Work(NamedTuple):
    """One fine-tuning, or one part drawn.

    worker: the process, `host:pid`; began, ended: seconds since 1970, without waiting for others,
    loading the amplifier, or sharing what was made; gpus: how much of a GPU the actor holds; part,
    amplified_key: None of a fine-tuning; images: how many were kept; rejected: draws that the gate
    rejected on the way.
    """

    worker: str
    began: float
    ended: float
    gpus: float
    amplifier_key: str
    amplified_key: str | None = None
    part: int | None = None
    images: int = 0
    rejected: int = 0


Note = Callable[[Work], None]
"""Told of each piece of work that was done for the caller, as soon as it is done."""


def unnoted(_work: Work) -> None:
    """Take no note."""


def this_worker() -> str:
    """Return the name of this process among those of all machines."""
    return f"{socket.gethostname()}:{os.getpid()}"
