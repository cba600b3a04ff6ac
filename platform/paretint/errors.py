"""The one exception that stands for a user's mistake."""

from __future__ import annotations


class UserError(Exception):
    """A mistake of the user's, told in one line that names the place and the fix.

    The command line prints ``str(error)`` and exits with code 2; a traceback is never shown.
    """
