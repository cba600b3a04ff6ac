"""The data amplifier: from a few source pairs, residual diffusion makes thousands."""

from paretint.compat import mend_torchvision

mend_torchvision()  # before anything below imports diffusers

from paretint.amplify.choice import base_of
from paretint.amplify.contact_sheet import SheetRow, draw_sheet
from paretint.amplify.drawing import Drawn, draw
from paretint.amplify.gate import Gate
from paretint.amplify.interface import Amplifier, Base
from paretint.amplify.job import AmplifyJob
from paretint.amplify.mapped import open_amplified
from paretint.amplify.mixing import Share, mixed
from paretint.amplify.parts import cut_part, part_path, rejected_share
from paretint.amplify.residual import Residuals, detail_residual, makeup_residual
from paretint.amplify.set_folder import check_set_folder, write_set
from paretint.amplify.sharing import amplify, contact_sheet, taken_apart
from paretint.amplify.weights import shipped_weights
from paretint.amplify.work import Note, Work, this_worker, unnoted
from paretint.amplify.workers import AmplifierWorker, Tell, start_workers

__all__ = [
    "Amplifier",
    "AmplifierWorker",
    "AmplifyJob",
    "Base",
    "Drawn",
    "Gate",
    "Note",
    "Residuals",
    "Share",
    "SheetRow",
    "Tell",
    "Work",
    "amplify",
    "base_of",
    "check_set_folder",
    "contact_sheet",
    "cut_part",
    "detail_residual",
    "draw",
    "draw_sheet",
    "makeup_residual",
    "mixed",
    "open_amplified",
    "part_path",
    "rejected_share",
    "shipped_weights",
    "start_workers",
    "taken_apart",
    "this_worker",
    "unnoted",
    "write_set",
]
