"""TinyBeauty and its training."""

from paretint.student.blocks import fold_norms
from paretint.student.family import Student, build_student
from paretint.student.losses import Weights, eyeliner_loss, student_loss
from paretint.student.network import TinyBeauty
from paretint.student.release import Release, load_release
from paretint.student.resizing import made_up_at, squeezed
from paretint.student.training import PROCESSOR, Schedule, Training

__all__ = [
    "PROCESSOR",
    "Release",
    "Schedule",
    "Student",
    "TinyBeauty",
    "Training",
    "Weights",
    "build_student",
    "eyeliner_loss",
    "fold_norms",
    "load_release",
    "made_up_at",
    "squeezed",
    "student_loss",
]
