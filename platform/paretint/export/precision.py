"""Smaller numbers in an ONNX file: half floats, or 8-bit integers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.onnx_model import ONNXModel
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import convert_float_to_float16

from paretint.export.runtime import batch_of
from paretint.export.signature import INPUT


def in_precision(
    model: onnx.ModelProto, precision: str, calibration: NDArray[np.uint8] | None
) -> onnx.ModelProto:
    """Return a float32 model in the precision `fp32`, `fp16` or `int8`.

    Raises ValueError for `int8` without photos, uint8 [N, 3, S, S], to calibrate it on.
    """
    if precision == "fp32":
        return model
    if precision == "fp16":
        return to_half(model)
    if calibration is None:
        raise ValueError("8-bit integers need photos to be calibrated on")
    return to_int8(model, calibration)


def to_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model in half floats; what it takes and gives stays float32."""
    half = ONNXModel(convert_float_to_float16(model, keep_io_types=True))
    half.topological_sort()  # its casts are put last, which a valid file does not allow
    del half.model.graph.value_info[:]  # of the types before
    return onnx.shape_inference.infer_shapes(half.model)


def to_int8(model: onnx.ModelProto, photos: NDArray[np.uint8]) -> onnx.ModelProto:
    """Return the model with its convolutions in 8-bit integers, calibrated on photos.

    photos: uint8 [N, 3, S, S], N at least 1, like those it will be given. Weights are signed, with
    a scale for each channel, and of 7 bits: x86 without VNNI adds products in 16 bits, which
    overflow with 8 and cost 0.3 dB. Activations are unsigned, behind their ReLU where there is
    one: what x86 and phones compute fastest. All else, the last sum of photo and makeup above all,
    stays float32.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole, prepared, small = (Path(folder, name) for name in ("a.onnx", "b.onnx", "c.onnx"))
        onnx.save(model, whole)
        # Its optimiser is left out: onnxruntime does that when it loads the file, for its machine.
        quant_pre_process(whole, prepared, skip_optimization=True, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            small,
            _Photos(photos),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv", "Relu"],
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return onnx.load(small)


class _Photos(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime is not annotated
    """Photos one by one, as the calibration of onnxruntime reads them."""

    def __init__(self, photos: NDArray[np.uint8]) -> None:
        self._left: Iterator[NDArray[np.uint8]] = iter(photos)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        photo = next(self._left, None)
        return None if photo is None else {INPUT: batch_of(photo)}
