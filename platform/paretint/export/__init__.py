"""From a network to the files that ship: ONNX, Core ML, and whether they are true to it."""

from paretint.export.applying import ImageModel, apply_all, apply_to, make_up
from paretint.export.coreml import coreml_available, export_coreml, load_coremltools
from paretint.export.coreml_runtime import CoremlModel, coreml_unscored
from paretint.export.coreml_structure import coreml_structure
from paretint.export.gate import Gate, gate
from paretint.export.onnx_file import export_onnx
from paretint.export.operators import Operator, operators
from paretint.export.parity import ParityError, check_parity
from paretint.export.parser_file import Probabilities, export_parser
from paretint.export.runtime import OnnxModel
from paretint.export.signature import STUDENT, Signature, student_signature
from paretint.export.sizes import FileSizes, Sizes, bytes_on_disk, parameters, sizes
from paretint.export.structure import structure

__all__ = [
    "STUDENT",
    "CoremlModel",
    "FileSizes",
    "Gate",
    "ImageModel",
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
    "coreml_unscored",
    "export_coreml",
    "export_onnx",
    "export_parser",
    "gate",
    "load_coremltools",
    "make_up",
    "operators",
    "parameters",
    "sizes",
    "structure",
    "student_signature",
]
