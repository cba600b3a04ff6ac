"""What a benchmark measured, kept beside what it takes to get it again."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[1] / "results"


def tell(name: str, result: Mapping[str, Any], save: bool, options: str = "") -> None:
    """Print a result as the last line, one of JSON; keep it where it is asked for."""
    if save:
        _keep(name, result, options)
    print(json.dumps(result))


def _keep(name: str, result: Mapping[str, Any], options: str) -> None:
    """Write `results/NAME.json`: commit, command with its options, cores, and the result."""
    git = ["git", "rev-parse", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    command = " ".join(["scripts/bench", name, *options.split(), "--save"])
    known = {"commit": commit, "command": command, "cores": os.cpu_count()}
    text = json.dumps(known | dict(result), indent=2) + "\n"
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
