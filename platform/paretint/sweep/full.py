"""A disk that fills up ends a sweep: trials that failed for it would never be tried again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from paretint.errors import DiskFullError
from paretint.store import Run
from paretint.store.files import told_full


@contextmanager
def ends_when_full(run: Run) -> Iterator[None]:
    """Tell of a full disk, wherever a sweep met it, with how the run goes on.

    Tune puts what its callbacks raise into the text of an error of its own.
    """
    try:
        with told_full(run.folder):
            yield
    except Exception as error:
        full = _within(error)
        if full is None:
            raise
        then = f"go on with: paretint resume {shlex.quote(str(run.folder))}"
        raise DiskFullError(full.folder, then) from None


def _within(error: BaseException | None) -> DiskFullError | None:
    """Return the full disk that an error was raised for, if it was."""
    while error is not None and not isinstance(error, DiskFullError):
        error = error.__context__
    return error
