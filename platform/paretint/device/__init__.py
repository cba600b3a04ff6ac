"""From a model file to a speed that can be trusted."""

from paretint.device.candidates import Candidate, candidates
from paretint.device.control import control_model
from paretint.device.latency import LatencyModel, Prediction, fit, work
from paretint.device.measure import measure
from paretint.device.phones import GateRow, gate_rows, gate_table
from paretint.device.predicting import (
    Filled,
    PredictionRow,
    fitted,
    predict_file,
    predict_run,
    prediction_rows,
    prediction_table,
)
from paretint.device.protocol import Settings, collect
from paretint.device.report import (
    SizeRow,
    TimingRow,
    size_rows,
    size_table,
    timing_rows,
    timing_table,
)
from paretint.device.runners import OrtCpu, Runner, known_devices, runner
from paretint.device.timing import Timing, summarise

__all__ = [
    "Candidate",
    "Filled",
    "GateRow",
    "LatencyModel",
    "OrtCpu",
    "Prediction",
    "PredictionRow",
    "Runner",
    "Settings",
    "SizeRow",
    "Timing",
    "TimingRow",
    "candidates",
    "collect",
    "control_model",
    "fit",
    "fitted",
    "gate_rows",
    "gate_table",
    "known_devices",
    "measure",
    "predict_file",
    "predict_run",
    "prediction_rows",
    "prediction_table",
    "runner",
    "size_rows",
    "size_table",
    "summarise",
    "timing_rows",
    "timing_table",
    "work",
]
