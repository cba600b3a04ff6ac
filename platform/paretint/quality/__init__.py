"""Quality: how close a candidate comes to real afters of faces it has never met."""

from paretint.compat import mend_torchvision

mend_torchvision()  # before anything below imports lpips

from paretint.quality.interval import Interval, bootstrap
from paretint.quality.measures import psnr, ssim
from paretint.quality.perceptual import lpips_distance, lpips_missing, perceptual_loss
from paretint.quality.scoring import mean_scores, score, score_faces

__all__ = [
    "Interval",
    "bootstrap",
    "lpips_distance",
    "lpips_missing",
    "mean_scores",
    "perceptual_loss",
    "psnr",
    "score",
    "score_faces",
    "ssim",
]
