"""The data amplifier: from a few source pairs, residual diffusion makes thousands."""

from paretint.compat import mend_torchvision

mend_torchvision()  # before anything below imports diffusers
