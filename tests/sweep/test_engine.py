"""Whole sweeps on real Ray, of trials that take about a second each."""

from __future__ import annotations

import platform
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import optuna
import psutil
import pytest
import yaml
from filelock import FileLock
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from PIL import Image
from rich.console import Console

from paretint import UserError
from paretint.config import Experiment, Objective, column_names, load_experiment
from paretint.device.timing import OF_PREDICTIONS
from paretint.export import coreml_available, coreml_unscored
from paretint.store import Ledger, Run, Store, kept_faces, read_heldout, summary
from paretint.sweep.engine import Ready, _check_judges, prepare, run_sweep
from paretint.sweep.space import suggest
from paretint.sweep.study import open_study

pytestmark = pytest.mark.slow

Row = dict[str, Any]
Sweep = Callable[..., Run]
TitleOf = Callable[[psutil.Process], str]
RECIPES = {
    "t0000": (3, 15, 4),
    "t0001": (3, 5, 4),
    "t0002": (1, 15, 48),
    "t0003": (2, 0, 8),
}
COMPLETE = ["t0000", "t0001", "t0003"]
EMPTY = {"reason", "gate.why", "cost.saved_s"} | {
    name for name in column_names(("ort-cpu",)) if name.endswith(OF_PREDICTIONS)
}
HAS_COREML = coreml_available() is None
RUNS_COREML = coreml_unscored() is None


def rows_of(run: Run) -> dict[str, Row]:
    """The ledger's rows by trial; each trial has one."""
    rows = Ledger(run).trials().to_dicts()
    by_name = {row["trial"]: row for row in rows}
    assert len(by_name) == len(rows)
    return by_name


def study_of(run: Run) -> optuna.Study:
    """The run's study, as Optuna itself opens it."""
    storage = JournalStorage(JournalFileBackend(str(run.journal)))
    return optuna.load_study(study_name=run.experiment.name, storage=storage)


def recipe_of(row: Row) -> tuple[int, int, int]:
    return row["param.pairs"], row["param.amplified"], row["param.width"]


def artifacts(store: Store, *kinds: str) -> dict[Path, int]:
    """The files of these kinds of artifacts, and when each was made."""
    return {
        path: path.stat().st_mtime_ns for kind in kinds for path in store.root.glob(f"{kind}/*/*")
    }


def quiet() -> Console:
    return Console(file=StringIO())


# A whole sweep


def test_every_trial_has_one_row_with_every_column(finished: Run) -> None:
    table = Ledger(finished).trials()
    absent = {name for name in column_names() if "lpips" in name}
    if not RUNS_COREML:
        absent |= {name for name in column_names() if name.startswith("quality.coreml.")}
    absent |= set() if HAS_COREML else {"size.coreml_bytes", "structure.coreml"}
    absent |= {name for name in column_names() if name.startswith("param.amplifier.")}
    absent |= {"cost.gpu_share", "cost.train_gpu_s"}  # of students on real GPUs
    absent |= {"speed.npu_share", "speed.ort-cpu.npu_share"}  # the host's CPU has no other unit
    assert set(table.columns) == set(column_names(("ort-cpu",))) - absent
    rows = rows_of(finished)
    assert {name: recipe_of(row) for name, row in rows.items()} == RECIPES
    for name in COMPLETE:
        empty = {column for column, value in rows[name].items() if value is None}
        keys = set()
        if rows[name]["param.amplified"] == 0:
            keys = {"amplify.rejected", "amplifier_key", "amplified_key"}
        assert (rows[name]["state"], empty) == ("complete", EMPTY | keys)


def test_every_rung_is_scored_and_the_last_one_is_the_trials_score(finished: Run) -> None:
    rungs = {(row["trial"], row["rung"]): row for row in Ledger(finished).rungs().to_dicts()}
    assert sorted(rungs) == [(name, rung) for name in COMPLETE for rung in (2, 6)]
    for name, row in rows_of(finished).items():
        if name in COMPLETE:
            assert rungs[name, 6]["quality.psnr"] == row["quality.psnr"]
            assert rungs[name, 2]["quality.psnr"] != row["quality.psnr"]


def test_every_complete_trial_has_its_files(finished: Run) -> None:
    folders = sorted((finished.folder / "models").iterdir())
    assert [folder.name for folder in folders] == COMPLETE
    models = ["model.mlpackage"] * HAS_COREML + ["model.onnx"]
    files = ["faces", *models, "recipe.yaml", "weights.safetensors"]
    for folder in folders:
        row = rows_of(finished)[folder.name]
        assert sorted(path.name for path in folder.iterdir()) == files
        recipe = yaml.safe_load((folder / "recipe.yaml").read_text())
        assert {f"param.{name}": value for name, value in recipe.items()}.items() <= row.items()
        assert (folder / "model.onnx").stat().st_size == row["size.onnx_bytes"]
        assert len(kept_faces(folder)) == 4


def test_every_complete_trial_has_its_scores_by_face(finished: Run) -> None:
    tables = {name: read_heldout(finished.folder, name) for name in rows_of(finished)}
    assert sorted(name for name, table in tables.items() if table is not None) == COMPLETE
    faces = {tuple(table["face"]) for table in tables.values() if table is not None}
    assert len(faces) == 1
    assert len(set(faces.pop())) == 8
    for name in COMPLETE:
        table, row = tables[name], rows_of(finished)[name]
        for score in ("quality.psnr", "quality.psnr_gain", "quality.ssim"):
            assert table[score].mean() == pytest.approx(row[score])


def test_the_run_folder_holds_what_the_design_says_and_no_more(finished: Run) -> None:
    shown = {path.name for path in finished.folder.iterdir() if not path.name.startswith(".")}
    assert shown - {"report.html"} == {
        "amplified",
        "experiment.yaml",
        "heldout",
        "log.jsonl",
        "models",
        "optuna.journal",
        "rungs.parquet",
        "trials.parquet",
    }
    assert not (finished.folder / ".tune").exists()
    events = Counter(event["event"] for event in finished.events())
    assert events == {"begun": 1, "trial": 4, "amplify": 3}


def test_each_part_is_logged_once_and_its_set_has_a_contact_sheet(finished: Run) -> None:
    done = [event for event in finished.events() if event["event"] == "amplify"]
    assert {event["part"]: event["images"] for event in done} == {None: 0, 0: 10, 1: 10}
    rows = rows_of(finished)
    assert rows["t0000"]["amplified_key"] == rows["t0001"]["amplified_key"]
    (sheet,) = (finished.folder / "amplified").iterdir()
    assert sheet == finished.contact_sheet(rows["t0000"]["amplified_key"])


def test_optuna_reopens_the_journal_with_the_ledgers_trials(finished: Run) -> None:
    trials = study_of(finished).trials
    rows = rows_of(finished)
    assert [trial.number for trial in trials] == [0, 1, 2, 3]
    for trial in trials:
        row = rows[f"t{trial.number:04d}"]
        point = tuple(trial.params[name] for name in ("pairs", "amplified", "width"))
        assert (trial.state.name, point) == ("COMPLETE", recipe_of(row))
        if row["state"] == "complete":
            assert trial.values == [row["quality.psnr"], row["speed.fps"]]


def test_an_infeasible_recipe_is_told_as_such_and_costs_no_training(
    finished: Run, store_of_finished: Store
) -> None:
    row = rows_of(finished)["t0002"]
    assert row["state"] == "infeasible"
    assert row["reason"] == f"size.params <= 10000 does not hold: {row['size.params']}"
    assert row["speed.fps"] > 0
    empty = ("quality.", "cost.amplify", "cost.train", "cost.gpu", "amplif")
    assert all(value is None for column, value in row.items() if column.startswith(empty))
    assert row["cost.saved_s"] > 0
    trials = study_of(finished).trials
    assert trials[2].constraints == {"size.params <= 10000": row["size.params"] - 10_000}
    assert 2 not in [trial.number for trial in study_of(finished).best_trials]
    built = {path.parent.name for path in artifacts(store_of_finished, "amplifier")}
    assert built == {rows_of(finished)["t0000"]["amplifier_key"]}  # none for its one pair


def test_a_smaller_count_is_part_of_a_larger_one(finished: Run, store_of_finished: Store) -> None:
    rows = rows_of(finished)
    assert rows["t0000"]["amplified_key"] == rows["t0001"]["amplified_key"]
    parts = [path.name for path in sorted(artifacts(store_of_finished, "amplified"))]
    assert parts == ["part-00000.parquet", "part-00001.parquet"]


def test_the_same_seed_gives_the_same_recipes_and_qualities(
    finished: Run, sweep: Sweep, tmp_path: Path
) -> None:
    again = rows_of(sweep(tmp_path / "run", Store(tmp_path / "store")))
    assert {name: recipe_of(row) for name, row in again.items()} == RECIPES
    for name, row in rows_of(finished).items():
        assert again[name]["amplified_key"] == row["amplified_key"]
        if row["state"] == "complete":
            assert again[name]["quality.psnr"] == pytest.approx(row["quality.psnr"], abs=1e-3)


@pytest.mark.usefixtures("finished")
def test_a_cluster_that_goes_on_keeps_no_process_of_a_sweep(title_of: TitleOf) -> None:
    def kept() -> list[str]:
        titles = [title_of(child) for child in psutil.Process().children(recursive=True)]
        assert any("raylet" in title for title in titles)
        return [title for title in titles if "Amplifier" in title or "Board" in title]

    for _ in range(600):
        if not kept():
            break
        time.sleep(0.1)
    assert kept() == []


def test_a_recipe_whose_place_is_open_is_tried_again_after_all_have_ended(
    sweep: Sweep, store_of_finished: Store, tmp_path: Path
) -> None:
    """The two are alike but for their images, and run at once."""
    run = sweep(tmp_path / "run", store_of_finished, "budget={trials: 2, replicates: 1}")
    rows = rows_of(run)
    assert [rows[name]["seed"] for name in ("t0000", "t0001")] == [5, 5]
    assert rows["t0002"]["seed"] == 6
    assert recipe_of(rows["t0002"]) in (RECIPES["t0000"], RECIPES["t0001"])


# Trials that end badly, and runs that were ended


def test_a_trial_whose_process_dies_is_tried_again(
    sweep: Sweep, finished: Run, store_of_finished: Store, tmp_path: Path, title_of: TitleOf
) -> None:
    killed: list[int] = []

    def kill_one() -> None:
        """Kill the process of a trial that has a rung behind it, and hundreds of steps to go."""
        while not (tmp_path / "run" / "rungs.parquet").exists():
            time.sleep(0.05)
        while not killed:
            for process in psutil.Process().children(recursive=True):
                if ".train" in title_of(process):
                    killed.append(process.pid)
                    process.kill()

    killer = threading.Thread(target=kill_one, daemon=True)
    killer.start()
    settings = ["student.steps=600", "student.rungs=[2, 600]", "budget.concurrent=1"]
    run = sweep(tmp_path / "run", store_of_finished, *settings)
    assert len(killed) == 1
    rows = rows_of(run)
    assert {name: recipe_of(row) for name, row in rows.items()} == RECIPES
    states = {name: row["state"] for name, row in rows_of(finished).items()}
    assert {name: row["state"] for name, row in rows.items()} == states
    deaths = [event for event in run.events() if event["event"] == "death"]
    assert [death["trial"] for death in deaths] == ["t0000"]
    assert "The actor died unexpectedly" in deaths[0]["error"]
    assert [trial.state.name for trial in study_of(run).trials] == ["COMPLETE"] * 4


def test_a_trial_that_hangs_fails_when_its_time_is_over(
    sweep: Sweep, store_of_finished: Store, tmp_path: Path
) -> None:
    settings = ["student.steps=1000000", "student.rungs=[2, 1000000]", "budget.trials=1"]
    run = sweep(tmp_path / "run", store_of_finished, *settings, "budget.trial_seconds=10")
    (row,) = rows_of(run).values()
    assert (row["state"], row["reason"]) == (
        "failed", "it took longer than budget.trial_seconds, 10",
    )  # fmt: skip
    deaths = [event["error"] for event in run.events() if event["event"] == "death"]
    assert "advance" in deaths[-1]  # where its training was
    assert [trial.state.name for trial in study_of(run).trials] == ["FAIL"]


def test_a_run_left_open_is_finished_with_every_trial_told_once(
    finished: Run, store_of_finished: Store, tmp_path: Path
) -> None:
    """One trial had ended without the study being told, another was cut off."""
    run = Run.create(tmp_path / "run", finished.experiment)
    study = open_study(run)
    for _ in range(2):
        suggest(study.ask(), run.experiment.search_space)
    Ledger(run).write_trial(rows_of(finished)["t0000"])
    half_written = run.models(".t0001-x1y2z3")
    half_written.mkdir(parents=True)
    made = artifacts(store_of_finished, "amplifier", "amplified", "timing", "architecture")

    ready = prepare(run.experiment, store_of_finished, quiet())
    outcome = run_sweep(Run.open(run.folder), ready, store_of_finished, quiet())
    assert (outcome.finished, outcome.left) == (4, 0)

    again = {name: recipe_of(row) for name, row in rows_of(run).items()}
    assert again == {
        "t0000": RECIPES["t0000"],
        "t0002": RECIPES["t0002"],
        "t0003": RECIPES["t0003"],
        "t0004": RECIPES["t0001"],
    }
    trials = study_of(run).trials
    states = ["COMPLETE", "FAIL", "COMPLETE", "COMPLETE", "COMPLETE"]
    assert [trial.state.name for trial in trials] == states
    assert trials[0].values[0] == rows_of(finished)["t0000"]["quality.psnr"]
    assert not half_written.exists()
    begun, *told = run.events()
    assert (begun["event"], begun["left"]) == ("begun", 3)
    assert sorted(event["trial"] for event in told) == ["t0002", "t0003", "t0004"]
    assert artifacts(store_of_finished, "amplifier", "amplified", "timing", "architecture") == made


def test_a_finished_run_has_nothing_left_to_do(finished: Run, store_of_finished: Store) -> None:
    before = finished.trials_parquet.stat().st_mtime_ns
    ready = Ready(Path("nowhere"), lpips=False, coreml=False)
    outcome = run_sweep(finished, ready, store_of_finished, quiet())
    assert (outcome.finished, outcome.left) == (4, 0)
    assert finished.trials_parquet.stat().st_mtime_ns == before


def test_status_says_what_ended_a_sweep_before_its_budget(
    finished: Run, store_of_finished: Store, tmp_path: Path
) -> None:
    shutil.copytree(finished.folder, tmp_path / "run")
    more = Run.open(tmp_path / "run").with_trials(5)
    run = Run(more.folder, changed(more.experiment, "budget", seconds=1e-9))
    ready = prepare(run.experiment, store_of_finished, quiet())
    outcome = run_sweep(run, ready, store_of_finished, quiet())
    assert (outcome.finished, outcome.left, outcome.ended) == (4, 0, "budget.seconds: 1e-09")
    assert summary(run).splitlines()[-1] == "  ended with 1 left: budget.seconds: 1e-09"


def test_two_processes_are_never_at_one_run(finished: Run, store_of_finished: Store) -> None:
    ready = Ready(Path("nowhere"), lpips=False, coreml=False)
    with (
        FileLock(finished.folder / ".sweep.lock"),
        pytest.raises(UserError, match="another process is at this run; follow it with"),
    ):
        run_sweep(finished, ready, store_of_finished, quiet())


# What is said before anything is begun


@pytest.fixture
def tiny(tiny_file: Path) -> Experiment:
    return load_experiment(tiny_file)


def changed(experiment: Experiment, room: str, **values: Any) -> Experiment:
    inner = getattr(experiment, room).model_copy(update=values)
    return experiment.model_copy(update={room: inner})


def test_what_is_absent_is_said_once(tiny: Experiment, store_of_finished: Store) -> None:
    console = Console(file=StringIO(), width=40)
    ready = prepare(tiny, store_of_finished, console)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert not ready.lpips
    assert ready.coreml == HAS_COREML
    assert said.count("quality.lpips stays empty: its backbone /dev/null/") == 1
    assert ("quality.coreml stays empty: " in said) == (not RUNS_COREML)
    assert len(said.splitlines()) == 1 + (not HAS_COREML) + (not RUNS_COREML)


def test_an_unknown_device(tiny: Experiment, store_of_finished: Store) -> None:
    wrong = tiny.model_copy(update={"devices": ("ort-cpi",)})
    with pytest.raises(UserError, match="unknown device 'ort-cpi'; did you mean 'ort-cpu'"):
        prepare(wrong, store_of_finished, quiet())


@pytest.mark.skipif(platform.system() == "Darwin", reason="this is a Mac")
def test_a_device_that_is_not_here(tiny: Experiment, store_of_finished: Store) -> None:
    elsewhere = tiny.model_copy(update={"devices": ("ort-cpu", "coreml")})
    with pytest.raises(UserError, match="coreml: Core ML runs on a Mac only; start there"):
        prepare(elsewhere, store_of_finished, quiet())


def test_weights_that_are_none(tiny: Experiment, store_of_finished: Store, tmp_path: Path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"not weights")
    for weights in ("nowhere", str(tmp_path / "x.safetensors")):
        with pytest.raises(UserError, match=f"^{weights}: no amplifier base can be read"):
            prepare(changed(tiny, "amplifier", weights=weights), store_of_finished, quiet())


def test_an_objective_that_cannot_be_measured_here(
    tiny_file: Path, store_of_finished: Store
) -> None:
    objectives = [
        "objectives=[{column: quality.lpips, goal: minimize, reference: 1}, "
        "{column: speed.fps, goal: maximize, reference: 0}]"
    ]
    rules = ["constraints=['quality.lpips_hi <= 0.2']"]
    if not RUNS_COREML:
        package = load_experiment(tiny_file, ["constraints=['quality.coreml.psnr >= 30']"])
        with pytest.raises(UserError, match=r"^quality.coreml is an .*, but Core ML runs on"):
            prepare(package, store_of_finished, quiet())
    for overrides in (objectives, rules):
        experiment = load_experiment(tiny_file, overrides)
        with pytest.raises(UserError, match=r"^quality.lpips is an objective or .* its backbone"):
            prepare(experiment, store_of_finished, quiet())


def test_a_packages_score_that_cannot_be_computed_here(tiny: Experiment) -> None:
    judge = Objective(column="quality.coreml.lpips", goal="minimize", reference=1.0)
    judged = tiny.model_copy(update={"objectives": (*tiny.objectives, judge)})
    _check_judges(judged, {"quality.lpips": None, "quality.coreml": None})
    with pytest.raises(UserError, match=r"^quality.lpips is an objective .*, but it is away"):
        _check_judges(judged, {"quality.lpips": "it is away", "quality.coreml": None})


@pytest.mark.parametrize(
    "override",
    ["student.weight_perceptual=0.1", "search_space.parameters.weight_perceptual={float: [0, 1]}"],
)
def test_a_loss_that_cannot_be_computed_here(
    tiny_file: Path, store_of_finished: Store, override: str
) -> None:
    experiment = load_experiment(tiny_file, [override])
    with pytest.raises(UserError, match=r"^weight_perceptual is above 0, but its backbone"):
        prepare(experiment, store_of_finished, quiet())


def photos(folder: Path, count: int) -> None:
    """Write `count` plain photos of different colours."""
    folder.mkdir()
    for number in range(count):
        Image.new("RGB", (40, 40), (20 * number, 255 - 20 * number, 90)).save(
            folder / f"{number}.png"
        )


def test_more_pairs_than_the_folders_have(
    tiny_file: Path, store_of_finished: Store, tmp_path: Path
) -> None:
    for name in ("before", "after"):
        photos(tmp_path / name, 4)
    faces = f"{{source: folders, before: {tmp_path}/before, after: {tmp_path}/after, heldout: 2}}"
    experiment = load_experiment(tiny_file, [f"faces={faces}"])
    with pytest.raises(UserError, match="pairs goes up to 3, but only 2 source pairs are there"):
        prepare(experiment, store_of_finished, quiet())


def test_photos_that_are_skipped_are_counted_and_the_first_are_named(
    tiny_file: Path, store_of_finished: Store, tmp_path: Path
) -> None:
    for name, count in (("before", 12), ("after", 5)):
        photos(tmp_path / name, count)
    faces = f"{{source: folders, before: {tmp_path}/before, after: {tmp_path}/after, heldout: 2}}"
    console = Console(file=StringIO(), width=40)
    prepare(load_experiment(tiny_file, [f"faces={faces}"]), store_of_finished, console)
    said = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    said = said[said.index("7 photos are skipped:") :]
    assert said[1] == f"  {tmp_path}/before/10.png: has no photo of its name in the other folder"
    assert said[6] == "  and 2 more"
