"""From a network to the files that ship: ONNX, Core ML, and whether they are true to it."""

from paretint.export.applying import apply_all, apply_to
from paretint.export.coreml import coreml_available, export_coreml
from paretint.export.coreml_structure import coreml_structure
from paretint.export.gate import Gate, gate
from paretint.export.onnx_file import export_onnx
from paretint.export.operators import Operator, operators
from paretint.export.parity import ParityError, check_parity
from paretint.export.parser_file import Probabilities, export_parser
from paretint.export.runtime import OnnxModel, make_up
from paretint.export.signature import STUDENT, Signature
from paretint.export.sizes import FileSizes, Sizes, bytes_on_disk, parameters, sizes
from paretint.export.structure import structure

__all__ = [
    "STUDENT",
    "FileSizes",
    "Gate",
    "OnnxModel",
    "Operator",
    "ParityError",
    "Probabilities",
    "Signature",
    "Sizes",
    "apply_all",
    "apply_to",
    "bytes_on_disk",
    "check_parity",
    "coreml_available",
    "coreml_structure",
    "export_coreml",
    "export_onnx",
    "export_parser",
    "gate",
    "make_up",
    "operators",
    "parameters",
    "sizes",
    "structure",
]
