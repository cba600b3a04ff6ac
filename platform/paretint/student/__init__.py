"""TinyBeauty and its training."""

from paretint.student.network import TinyBeauty

__all__ = ["TinyBeauty"]
