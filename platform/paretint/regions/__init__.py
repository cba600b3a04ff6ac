"""Face regions: the parser that finds lips, eyes and skin, and the masks made of its maps."""

from paretint.compat import mend_torchvision

mend_torchvision()  # before anything below imports torchvision

from paretint.regions.artifact import ready_labelled, trained_parser
from paretint.regions.classes import CLASSES
from paretint.regions.dataset import (
    Opened,
    open_item,
    open_labelled,
    prepare_labelled,
    skipped_labels,
)
from paretint.regions.job import ParserJob, rendered, train_here
from paretint.regions.labelled import Labelled, split
from paretint.regions.layouts import Item, Layout, layout_of
from paretint.regions.masks import (
    CHANNELS,
    PARTS,
    around_eyes,
    changed,
    dilate,
    encode,
    of,
    partition,
    zones,
)
from paretint.regions.network import ARCHITECTURES, FPLIIF, Architecture
from paretint.regions.parser import FaceParser
from paretint.regions.report import score_rows, score_table
from paretint.regions.scoring import compare, f1_by_class, f1_by_region
from paretint.regions.training import ParserSchedule, ParserTraining, Sources

__all__ = [
    "ARCHITECTURES",
    "CHANNELS",
    "CLASSES",
    "FPLIIF",
    "PARTS",
    "Architecture",
    "FaceParser",
    "Item",
    "Labelled",
    "Layout",
    "Opened",
    "ParserJob",
    "ParserSchedule",
    "ParserTraining",
    "Sources",
    "around_eyes",
    "changed",
    "compare",
    "dilate",
    "encode",
    "f1_by_class",
    "f1_by_region",
    "layout_of",
    "of",
    "open_item",
    "open_labelled",
    "partition",
    "prepare_labelled",
    "ready_labelled",
    "rendered",
    "score_rows",
    "score_table",
    "skipped_labels",
    "split",
    "train_here",
    "trained_parser",
    "zones",
]
