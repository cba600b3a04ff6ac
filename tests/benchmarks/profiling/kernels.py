"""Where onnxruntime spends its time, by its own count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from paretint.export import OnnxModel


def kernel_times(file: Path, folder: Path, runs: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield each operator's facts and its microseconds, of every run, on one thread.

    The operators are onnxruntime's own, after it has joined what it can. folder: for its report.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_profiling = True
    options.profile_file_prefix = str(folder / "profile")
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    photo = np.random.default_rng(0).random(OnnxModel(file).shape, dtype=np.float32)
    for _ in range(runs):
        session.run(None, {session.get_inputs()[0].name: photo})
    for event in json.loads(Path(session.end_profiling()).read_text()):
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            yield event["args"], event["dur"]
