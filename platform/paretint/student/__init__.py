"""TinyBeauty and its training."""

from paretint.student.losses import eyeliner_loss, student_loss
from paretint.student.network import TinyBeauty
from paretint.student.training import Schedule, Training

__all__ = ["Schedule", "TinyBeauty", "Training", "eyeliner_loss", "student_loss"]
