from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import paretint
from paretint import UserError
from paretint.config import Experiment
from paretint.store import Run


def test_a_run_is_opened_as_it_was_created(run: Run, experiment: Experiment) -> None:
    again = Run.open(run.folder)
    assert again == run
    assert again.experiment.model_copy(update={"versions": {}}) == experiment
    assert again.experiment.versions["paretint"] == paretint.__version__
    assert set(again.experiment.versions) > {"layout", "python", "torch", "ray", "optuna"}
    assert [path.name for path in run.folder.iterdir()] == ["experiment.yaml"]


def test_a_library_that_is_not_installed_has_no_version(
    tmp_path: Path, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paretint.store.run._LIBRARIES", ("torch", "no-such-library"))
    versions = Run.create(tmp_path / "run", experiment).experiment.versions
    assert list(versions) == ["layout", "paretint", "python", "torch"]


def test_where_things_lie(run: Run) -> None:
    inside = [run.trials_parquet, run.rungs_parquet, run.journal, run.log_jsonl, run.models("t1")]
    assert [str(path.relative_to(run.folder)) for path in inside] == [
        "trials.parquet",
        "rungs.parquet",
        "optuna.journal",
        "log.jsonl",
        "models/t1",
    ]


def test_a_run_that_exists(run: Run, experiment: Experiment) -> None:
    with pytest.raises(UserError) as raised:
        Run.create(run.folder, experiment)
    assert str(raised.value) == (
        f"the run {run.folder} exists; choose another folder with --out,"
        f" or go on with: paretint resume {run.folder}"
    )


def test_folders_that_are_no_run(tmp_path: Path, experiment: Experiment) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").touch()
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    for name in ("full", "file"):
        with pytest.raises(UserError, match="exists and is no run; choose another folder"):
            Run.create(tmp_path / name, experiment)
    with pytest.raises(UserError, match="cannot be made: File exists"):
        Run.create(tmp_path / "file" / "run", experiment)
    assert Run.create(tmp_path / "empty", experiment).experiment_yaml.is_file()


def test_what_cannot_be_opened(run: Run, tmp_path: Path) -> None:
    runs = run.folder.parent
    with pytest.raises(UserError, match=r"^there is no run '.*/quikc'; did you mean 'quick'\?$"):
        Run.open(runs / "quikc")
    (runs / "half").mkdir()
    with pytest.raises(UserError, match="half: is no run: it has no experiment"):
        Run.open(runs / "half")
    with pytest.raises(UserError, match=r"^there is no run '.*/none'$"):
        Run.open(tmp_path / "none")


def test_a_run_of_a_newer_layout(run: Run) -> None:
    text = run.experiment_yaml.read_text()
    assert "layout: '1'" in text
    newer = text.replace("layout: '1'", "layout: '2'").replace("paretint: 0.1.0", "paretint: 3.0.0")
    run.experiment_yaml.write_text(newer + "invented_later: true\n")
    with pytest.raises(UserError, match=r"quick: was written by paretint 3\.0\.0; upgrade"):
        Run.open(run.folder)


@pytest.mark.parametrize("text", ["", "versions: 3\n", "versions: {layout: new}\n", "- 1\n"])
def test_an_experiment_that_was_overwritten(run: Run, text: str) -> None:
    run.experiment_yaml.write_text(text)
    with pytest.raises(UserError, match=r"experiment\.yaml"):
        Run.open(run.folder)


def test_events_have_a_time_and_what_they_say(run: Run) -> None:
    assert run.events() == []
    run.log("trial", name="t0001", psnr=36.5, path=Path("x"), loss=float("nan"), text="a\nb")
    run.log("end")
    first, second = run.events()
    time = datetime.fromisoformat(first.pop("time"))
    assert time.tzinfo is not None
    assert datetime.now(UTC) - time < timedelta(hours=1)
    assert first == {
        "event": "trial",
        "name": "t0001",
        "psnr": 36.5,
        "path": "x",
        "loss": None,
        "text": "a\nb",
    }
    assert second["event"] == "end"


def test_a_line_cut_short_costs_nothing_but_itself(run: Run) -> None:
    run.log("one")
    with run.log_jsonl.open("ab") as file:
        file.write(b'{"time": "2026-01-01", "event": "tw\xc3')
    run.log("three")
    assert [event["event"] for event in run.events()] == ["one", "three"]


def test_lines_of_two_processes_never_mix(run: Run) -> None:
    code = f"""
from pathlib import Path
from paretint.store import Run
run = Run.open(Path({str(run.folder)!r}))
for n in range(200):
    run.log("tick", n=n, filler="x" * 500)
"""
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert sorted(event["n"] for event in run.events()) == sorted([*range(200)] * 2)
