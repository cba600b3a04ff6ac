"""The exceptions that a user is told of in one line."""

from __future__ import annotations


class UserError(Exception):
    """A mistake of the user's, told in one line that names the place and the fix.

    The command line prints ``str(error)`` and exits with code 2; a traceback is never shown.
    """


class DiskFullError(UserError):
    """A disk that is full.

    folder: what could not be written; then: how the user goes on once there is space.
    """

    def __init__(self, folder: str, then: str = "run the same command again") -> None:
        super().__init__(folder, then)
        self.folder, self.then = folder, then

    def __str__(self) -> str:
        return (
            f"{self.folder}: the disk is full; what is finished stays: free some space, and"
            f" {self.then}"
        )
