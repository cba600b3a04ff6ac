"""What a Core ML package computes, apart from the values of its weights."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from paretint.errors import UserError
from paretint.export.coreml import LOG, coreml_available
from paretint.export.tracing import quiet_log
from paretint.store import digest, key

_SPEC = Path("Data", "com.apple.CoreML", "model.mlmodel")


def coreml_structure(package: Path) -> str:
    """The digest of an `.mlpackage`'s operators, attributes, connections and shapes.

    Two packages that differ by their weights or their metadata alone have the same one, and so
    share a measured speed. Raises `UserError` where it is none of ML programs.
    """
    spec = _spec(package)
    for function in spec.mlProgram.functions.values():
        for block in function.block_specializations.values():
            _forget_weights(block)
    spec.description.ClearField("metadata")
    content: bytes = spec.SerializeToString(deterministic=True)
    return key("coreml-structure", 1, spec=digest(content))


def _spec(package: Path) -> Any:
    reason = coreml_available()
    if reason:
        raise UserError(f"{package.name}: {reason}")
    with quiet_log(*LOG):
        proto = importlib.import_module("coremltools.proto")
    spec = proto.Model_pb2.Model()
    try:
        spec.ParseFromString((package / _SPEC).read_bytes())
    except (OSError, ValueError, _decode_error()):
        raise UserError(f"{package}: is no Core ML package that can be read") from None
    if spec.WhichOneof("Type") != "mlProgram":
        raise UserError(f"{package}: is no ML program; export it as a package for iOS 16 or later")
    return spec


def _decode_error() -> type[Exception]:
    error: type[Exception] = importlib.import_module("google.protobuf.message").DecodeError
    return error


def _forget_weights(block: Any) -> None:
    for operation in block.operations:
        for value in operation.attributes.values():
            _forget(value)
        for argument in operation.inputs.values():
            for binding in argument.arguments:
                if binding.WhichOneof("binding") == "value":
                    _forget(binding.value)
        for inner in operation.blocks:
            _forget_weights(inner)


def _forget(value: Any) -> None:
    """Drop a value that lies in the file of weights, or is a float; its shape stays."""
    if value.WhichOneof("value") == "blobFileValue" or _is_float(value):
        for kind in ("blobFileValue", "immediateValue"):
            value.ClearField(kind)


def _is_float(value: Any) -> bool:
    if value.type.WhichOneof("type") != "tensorType":
        return False
    mil = importlib.import_module("coremltools.proto").MIL_pb2
    name: str = mil.DataType.Name(value.type.tensorType.dataType)
    return name.startswith(("FLOAT", "BFLOAT"))
