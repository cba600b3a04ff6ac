"""The data amplifier: from a few source pairs, residual diffusion makes thousands."""

from paretint.compat import mend_torchvision

mend_torchvision()  # before anything below imports diffusers

from paretint.amplify.fitting import FittedAmplifier, fit
from paretint.amplify.job import AmplifyJob, base_path, known_bases
from paretint.amplify.network import load_weights
from paretint.amplify.parts import make_part, read_amplified
from paretint.amplify.workers import AmplifierWorker, Tell, amplify, start_workers

__all__ = [
    "AmplifierWorker",
    "AmplifyJob",
    "FittedAmplifier",
    "Tell",
    "amplify",
    "base_path",
    "fit",
    "known_bases",
    "load_weights",
    "make_part",
    "read_amplified",
    "start_workers",
]
