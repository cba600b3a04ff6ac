from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from paretint.config import Experiment, FolderFaces, load_experiment
from paretint.front import pick
from paretint.front.winner.folder import write_winner
from paretint.front.winner.reproduce import script
from paretint.store import Ledger, Run, Store

BIN = Path(sys.executable).parent


def of_photos(experiment: Experiment, folder: Path) -> Experiment:
    faces = FolderFaces(source="folders", before=folder / "b", after=folder / "a")
    return experiment.model_copy(update={"faces": faces})


def test_the_experiment_in_it_is_the_recipe_and_nothing_else(
    experiment: Experiment, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    text = script(experiment, rows[7]).partition("<<'EXPERIMENT'\n")[2].partition("EXPERIMENT\n")[0]
    (tmp_path / "one.yaml").write_text(text)
    one = load_experiment(tmp_path / "one.yaml")
    assert one.trials == 1
    params = {"pairs": 5, "amplified": 1000, "width": 16}
    assert one.recipe(params) == experiment.recipe(params)
    assert one.search_space.varying["pairs"].ends == (5,)
    assert (one.seed, one.faces, one.amplifier) == (7, experiment.faces, experiment.amplifier)


def test_paths_of_photos_are_asked_for_and_not_told(
    experiment: Experiment, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    text = script(of_photos(experiment, tmp_path), rows[7])
    assert str(tmp_path) not in text
    assert "# FACES_BEFORE=PATH FACES_AFTER=PATH ./reproduce.sh [RUN]" in text
    (tmp_path / "reproduce.sh").write_text(text)
    command = ["bash", tmp_path / "reproduce.sh"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "FACES_BEFORE: the path of faces.before" in done.stderr


def test_weights_that_the_search_chose_are_asked_for_and_all_else_of_its_amplifier_told(
    experiment: Experiment, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    weights = [str(tmp_path / f"{name}.safetensors") for name in "ab"]
    knobs = {"amplifier.weights": {"choices": weights}, "amplifier.steps": {"int": [1, 4]}}
    plain = experiment.model_dump(mode="json", by_alias=True)
    plain["search_space"]["parameters"] |= knobs
    row = rows[7] | {"param.amplifier.weights": weights[1], "param.amplifier.steps": 3}
    text = script(Experiment.model_validate(plain), row)
    assert str(tmp_path) not in text
    assert "# AMPLIFIER_WEIGHTS=PATH ./reproduce.sh [RUN]" in text
    yaml = text.partition("<<'EXPERIMENT'\n")[2].partition("EXPERIMENT\n")[0]
    (tmp_path / "one.yaml").write_text(yaml)
    one = load_experiment(tmp_path / "one.yaml", [f"amplifier.weights={weights[1]}"])
    params = {"weights": weights[1], "steps": 3}
    assert one.amplifier == experiment.amplifier.model_copy(update=params)
    assert not [name for name in one.search_space.parameters if name.startswith("amplifier.")]


def test_paths_reach_the_run_whatever_their_names(
    experiment: Experiment, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    """A command in paretint's place prints what it was given."""
    (tmp_path / "reproduce.sh").write_text(script(of_photos(experiment, tmp_path), rows[7]))
    (tmp_path / "paretint").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / "paretint").chmod(0o755)
    env = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "FACES_BEFORE": "/my photos/a b"}
    done = subprocess.run(
        ["bash", tmp_path / "reproduce.sh", "again"],
        env=env | {"FACES_AFTER": "/x"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    command, yaml, *rest, said = done.stdout.splitlines()
    assert (command, yaml.rpartition("/")[2]) == ("run", "made-up.yaml")
    settings = ["--set", "faces.before='/my photos/a b'", "--set", "faces.after='/x'"]
    assert rest == ["--out", "again", *settings]
    assert said == "the weights differ; hold the scores in again against card.md"


@pytest.mark.slow
def test_it_makes_the_same_weights(finished: Run, store_of_finished: Store, tmp_path: Path) -> None:
    choice = pick(Ledger(finished).trials(), [], "size.params")
    winner = write_winner(finished, choice, tmp_path / "winner", store_of_finished)
    env = os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "AMPLIFIER_WEIGHTS": str(finished.experiment.amplifier.weights),
        "PARETINT_STORE": str(tmp_path / "store"),
    }
    done = subprocess.run(
        [winner / "reproduce.sh"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "the weights are the same"
