"""What a file's graph alone says of phones, before anything is trained or timed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import onnx
from onnxruntime.tools.mobile_helpers.usability_checker import (
    PartitioningInfo,
    check_coreml_partitions,
    check_nnapi_partitions,
)

from paretint.export.phone_rules import broken

_COREML = "coreml_supported_mlprogram_ops.md"
_ABSENT = "absent-input"


@dataclass(frozen=True)
class Gate:
    """The static gate: what onnxruntime's mobile check and our rules say of an ONNX file.

    warnings: what would keep phones from running it fast, each in a few words, no line breaks.
    coreml_share, nnapi_share: the part, 0 to 1, of its operators that onnxruntime hands to Core ML
    and to Android's NNAPI; the rest falls back to the CPU.
    """

    warnings: tuple[str, ...]
    coreml_share: float
    nnapi_share: float

    @property
    def why(self) -> str | None:
        """The warnings in one line; None where there are none."""
        return "; ".join(self.warnings) or None

    def columns(self) -> dict[str, int | float | str | None]:
        """The ledger's `gate.*`."""
        return {
            "gate.warnings": len(self.warnings),
            "gate.coreml_share": self.coreml_share,
            "gate.nnapi_share": self.nnapi_share,
            "gate.why": self.why,
        }


def gate(path: Path) -> Gate:
    """Return the static gate of an ONNX file, which is read, not run."""
    model = onnx.shape_inference.infer_shapes(onnx.load(path))
    warnings = broken(model)
    _name_absent_inputs(model.graph)
    coreml = check_coreml_partitions(model, True, _COREML)
    nnapi = check_nnapi_partitions(model, True)
    verdicts = {part.suitability() for part in (coreml, nnapi)}
    if verdicts == {PartitioningInfo.TryWithEP.NO}:
        warnings.append(
            f"onnxruntime cuts it into {coreml.num_partitions} parts for Core ML and"
            f" {nnapi.num_partitions} for NNAPI, slower than the CPU alone"
        )
    return Gate(tuple(warnings), _share(coreml), _share(nnapi))


def _share(parts: PartitioningInfo) -> float:
    return float(parts.num_supported_nodes / max(1, parts.num_nodes))


def _name_absent_inputs(graph: onnx.GraphProto) -> None:
    """Give the inputs that operators leave out a name: the check takes "" for a dynamic shape."""
    graph.initializer.append(onnx.TensorProto(name=_ABSENT, data_type=1, dims=[0]))
    for node in graph.node:
        node.input[:] = [name or _ABSENT for name in node.input]
