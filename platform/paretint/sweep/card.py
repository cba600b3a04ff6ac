"""A trial's part of a GPU, which it shares with others."""

from __future__ import annotations

import torch

_CONTEXT_BYTES = 512 * 1024**2
"""What CUDA itself takes of a GPU for each process, which PyTorch does not count."""


class Card:
    """Holds what a process takes of a GPU to its share: Ray only counts shares.

    share: 0..1 of the GPU's memory; with 0, or without a GPU, `device` is the processor. Raises
    nothing at the limit: PyTorch does, `torch.OutOfMemoryError`.
    """

    def __init__(self, share: float) -> None:
        on_gpu = share > 0 and torch.cuda.is_available()
        self.device = torch.device("cuda" if on_gpu else "cpu")
        self.share = share if on_gpu else 0.0
        self.begin()

    def begin(self) -> None:
        """Begin another trial: nothing is held or has been taken, and the limit is the share."""
        self._limit = self.share
        if self.share:
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
            self._hold()

    def widen(self) -> bool:
        """Double the limit for this trial; False where it had the whole GPU."""
        if self._limit in (0.0, 1.0):
            return False
        self._limit = min(1.0, 2 * self._limit)
        self._hold()
        return True

    def taken(self) -> float | None:
        """Return the most of the GPU's memory that this trial took, 0..1; None without a GPU."""
        if not self.share:
            return None
        whole = torch.cuda.get_device_properties(self.device).total_memory
        return (torch.cuda.max_memory_reserved() + _CONTEXT_BYTES) / whole

    def _hold(self) -> None:
        torch.cuda.set_per_process_memory_fraction(self._limit)
