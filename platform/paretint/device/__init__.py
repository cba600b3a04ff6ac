"""From a model file to a speed that can be trusted."""

from paretint.device.agent import Agent
from paretint.device.candidates import Candidate, candidates
from paretint.device.control import control_model
from paretint.device.histogram import Histogram, draw_histogram, histogram
from paretint.device.imports import Imported, import_report
from paretint.device.interface import Measured, structures
from paretint.device.latency import LatencyModel, Prediction, fit, work
from paretint.device.measure import measure, measured, timing
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
from paretint.device.runners import (
    Availability,
    OrtCpu,
    Runner,
    availability,
    known_devices,
    runner,
    runs_coreml,
)
from paretint.device.serving import Served, serve
from paretint.device.timing import Timing, summarise

__all__ = [
    "Agent",
    "Availability",
    "Candidate",
    "Filled",
    "GateRow",
    "Histogram",
    "Imported",
    "LatencyModel",
    "Measured",
    "OrtCpu",
    "Prediction",
    "PredictionRow",
    "Runner",
    "Served",
    "Settings",
    "SizeRow",
    "Timing",
    "TimingRow",
    "availability",
    "candidates",
    "collect",
    "control_model",
    "draw_histogram",
    "fit",
    "fitted",
    "gate_rows",
    "gate_table",
    "histogram",
    "import_report",
    "known_devices",
    "measure",
    "measured",
    "predict_file",
    "predict_run",
    "prediction_rows",
    "prediction_table",
    "runner",
    "runs_coreml",
    "serve",
    "size_rows",
    "size_table",
    "structures",
    "summarise",
    "timing",
    "timing_rows",
    "timing_table",
    "work",
]
