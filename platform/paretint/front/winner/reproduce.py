"""The script that trains a picked trial anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from paretint.config import Experiment
from paretint.config.amplifier import with_knobs
from paretint.config.paths import names_file
from paretint.config.recipe import AMPLIFIER
from paretint.config.source import dump, dump_line

REPRODUCE = "reproduce.sh"

_SCRIPT = """\
#!/usr/bin/env bash
# {usage}
# Trains the model of this folder anew, in the run RUN (default reproduced), and holds its weights
# against the ones here. The same versions on the same kind of machine give the same weights.
# Made with {versions}.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
run="${{1:-reproduced}}"
{asked}scratch="$(mktemp -d)"
trap 'rm -r "$scratch"' EXIT
cat >"$scratch/{name}.yaml" <<'EXPERIMENT'
{experiment}EXPERIMENT

paretint run "$scratch/{name}.yaml" --out "$run"{settings}
if cmp -s "$run/models/t0000/weights.safetensors" "$here/weights.safetensors"; then
  echo "the weights are the same"
else
  echo "the weights differ; hold the scores in $run against card.md"
fi
"""


def script(experiment: Experiment, row: Mapping[str, Any]) -> str:
    """A shell script that runs a trial's recipe, by its row of the ledger, as its only trial.

    Where files of this machine went in, such as people's photos, it asks for their paths in
    variables of the environment and does not tell what they were.
    """
    told = _with_its_amplifier(experiment, _of_one_trial(experiment, row))
    asked = dict(_taken_paths(told))
    names = {key: key.replace(".", "_").upper() for key in asked}
    words = [*(f"{name}=PATH" for name in names.values()), f"./{REPRODUCE}", "[RUN]"]
    return _SCRIPT.format(
        usage=" ".join(words),
        versions=", ".join(f"{k} {v}" for k, v in experiment.versions.items() if k != "layout"),
        asked="".join(f': "${{{name}:?the path of {key}}}"\n' for key, name in names.items()),
        name=experiment.name,
        experiment=dump(told),
        settings="".join(f" \\\n  --set \"{key}='${name}'\"" for key, name in names.items()),
    )


def repeat_settings(experiment: Experiment, row: Mapping[str, Any]) -> list[str]:
    """What `paretint run` has to `--set` for an experiment to be one of its trials alone.

    row: the trial's, of the ledger.
    """
    told = _of_one_trial(experiment, row)
    changed = {"search_space": told["search_space"], "budget": told["budget"], "constraints": []}
    settings = [f"{key}={dump_line(value)}" for key, value in changed.items()]
    return [*settings, f"student.seed={told['student']['seed']}"]


def _of_one_trial(experiment: Experiment, row: Mapping[str, Any]) -> dict[str, Any]:
    """The experiment, as plain data, with the recipe for its whole search space."""
    told: dict[str, Any] = experiment.model_dump(
        mode="json", by_alias=True, exclude={"versions", "constraints"}
    )
    names = experiment.search_space.parameters
    point = {n: row[f"param.{n}"] for n in names if row.get(f"param.{n}") is not None}
    # Something has to vary, be it among one value.
    parameters = {**point, "pairs": {"choices": [point["pairs"]]}}
    told["search_space"] = {"sampler": "grid", "parameters": parameters}
    told["budget"] = {"trials": 1}
    told["student"]["seed"] = row.get("seed", experiment.seed) - experiment.seed
    return told


def _with_its_amplifier(experiment: Experiment, told: dict[str, Any]) -> dict[str, Any]:
    """An experiment of one trial whose amplifier has what the search space had of its settings."""
    params = dict(told["search_space"]["parameters"])
    varied = [name for name in params if name.startswith(AMPLIFIER)]
    knobs = {name.removeprefix(AMPLIFIER): params.pop(name) for name in varied}
    amplifier = with_knobs(experiment.amplifier, knobs).model_dump(mode="json")
    space = told["search_space"] | {"parameters": params}
    return told | {"amplifier": amplifier, "search_space": space}


def _taken_paths(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Take the paths of files out of the experiment's sections; yield their keys with them."""
    for section, entries in told.items():
        if isinstance(entries, dict):
            for key, value in list(entries.items()):
                if names_file(f"{section}.{key}", value):
                    yield f"{section}.{key}", entries.pop(key)
