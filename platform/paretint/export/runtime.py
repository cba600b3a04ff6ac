"""Running the exported file itself, as a product would."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as failures

from paretint.errors import UserError

_UNREADABLE = (
    failures.Fail,
    failures.InvalidArgument,
    failures.InvalidGraph,
    failures.InvalidProtobuf,
    failures.NotImplemented,
)


class OnnxModel:
    """An ONNX file in onnxruntime on the CPU, on one thread unless told otherwise.

    `shape` is the fixed shape of its one float input, `gives` that of its first output. Raises
    `UserError` where the file is missing, is no ONNX file, or has another kind or number of inputs.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._session = _open(path, threads)
        self._input, self.shape = _only_input(self._session, path)
        self.gives = tuple(self._session.get_outputs()[0].shape)

    def __call__(self, photo: NDArray[np.float32]) -> NDArray[np.float32]:
        """The first output for `photo`, a float32 array of `shape`."""
        outputs: list[NDArray[np.float32]] = self._session.run(None, {self._input: photo})
        return outputs[0]


def batch_of(photo: NDArray[np.uint8]) -> NDArray[np.float32]:
    """`photo` [3, H, W] of 0 to 255 as what a network takes: [1, 3, H, W] of 0 to 1."""
    return np.divide(photo[None], 255, dtype=np.float32)


def _open(path: Path, threads: int) -> onnxruntime.InferenceSession:
    if not path.is_file():
        raise UserError(f"{path}: no ONNX file here; give the path of one")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4  # what fails is raised too, and told in one line
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except _UNREADABLE as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path}: not an ONNX file that onnxruntime can run: {reason}") from error


def _only_input(session: onnxruntime.InferenceSession, path: Path) -> tuple[str, tuple[int, ...]]:
    inputs = session.get_inputs()
    if len(inputs) != 1:
        names = ", ".join(entry.name for entry in inputs) or "none"
        raise UserError(f"{path}: has {len(inputs)} inputs ({names}); export it with one")
    only = inputs[0]
    if not all(isinstance(side, int) for side in only.shape):
        raise UserError(
            f"{path}: input '{only.name}' has the dynamic shape {only.shape}; export it with "
            "fixed sides, dynamic ones leave a phone's accelerator"
        )
    if only.type != "tensor(float)":
        raise UserError(f"{path}: input '{only.name}' is {only.type}; export it with tensor(float)")
    return only.name, tuple(only.shape)
