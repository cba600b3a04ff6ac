"""Whether speeds can be trusted, foreseen and bettered: `scripts/bench device [--save]`."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
import warnings
from pathlib import Path

# Before numpy is imported: the machine's disturbance, and the measurements, take one thread each.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

import torch
from devices.agreement import told, tried_twice
from devices.arithmetic import shares
from devices.family import Member, drawn, member, write
from devices.foresight import foresight
from keeping.result import tell

from paretint.store import Store

TRIES = 10
FAMILY = 46
WIDTHS = (8, 12, 16, 24, 32)

RELEASE = member(network="release")
TRIED = [member(width=24), member("int8", width=8)]
# Of another seed than the students by whose errors the features of the model were chosen.
FORESEEN = [RELEASE, member(network="release", size=128), *drawn(FAMILY, seed=1)]
STUDENTS = [
    RELEASE,
    *(member(width=width) for width in WIDTHS),
    *(member("int8", width=width) for width in (8, 16, 24)),
]


def measured(folder: Path) -> dict[str, object]:
    """Return every figure of the bench."""
    store = Store.at(str(folder / "store"))
    agreed = told(tried_twice(_files(TRIED, folder / "tried"), TRIES, store))
    print(json.dumps(agreed), flush=True)
    share = shares(STUDENTS, _files(STUDENTS, folder / "students"), folder)
    foreseen = foresight(FORESEEN, _files(FORESEEN, folder / "family"), store)
    return {
        **agreed,
        "predicted_error_pct": foreseen.error_pct,
        "predicted": foreseen._asdict(),
        "arithmetic_share": {one.student: one.share for one in share},
        "arithmetic": [one._asdict() for one in share],
    }


def _files(members: list[Member], folder: Path) -> list[Path]:
    folder.mkdir()
    return list(write(members, folder))


def main() -> None:
    """Measure; print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", action="store_true", help="write results/device.json too")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # of torch's exporter and onnxruntime's quantisation
    torch.set_num_threads(1)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = measured(Path(folder)) | {"seconds": round(time.monotonic() - start)}
    tell("device", result, chosen.save)


if __name__ == "__main__":
    main()
