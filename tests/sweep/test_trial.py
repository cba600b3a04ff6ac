"""A trial, taken through its life step by step as Ray Tune does."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import ray
import torch
from PIL import Image
from safetensors import SafetensorError

from paretint.amplify import start_workers
from paretint.config import Recipe, broken_rule, parse_rule
from paretint.faces import prepare_faces
from paretint.store import Run, Store
from paretint.student import Training
from paretint.sweep.shipping import Bench
from paretint.sweep.trial import Trial, architecture_text, new_row, reason_of

Row = dict[str, Any]
Begin = Callable[..., Trial]
POINT = {"pairs": 2, "amplified": 0, "width": 4}


@pytest.fixture
def begin(bench: Bench, board: Any) -> Begin:
    """Gives a trial at its start."""

    def begin(point: Row = POINT, **change: Any) -> Trial:
        trial = Trial.__new__(Trial)  # Tune's own constructor makes folders in the user's home
        trial._trial_info = None
        trial.setup(config(point), replace(bench, **change), board)
        return trial

    return begin


def config(point: Row, name: str = "t0000") -> Row:
    return {"trial": name, "point": point, "seed": 5}


def test_a_row_begins_with_its_recipe() -> None:
    params = {
        "pairs": 2,
        "amplified": 0,
        "network": "compact",
        "width": 4,
        "blocks": 1,
        "stem": 3,
        "decoder": "convolve-first",
        "norm": "none",
        "convolution": "dense",
        "downscale": 1,
        "resize": "bilinear",
        "input_size": 32,
        "precision": "fp32",
        "coreml_precision": "fp16",
        "lambda_makeup": 1.0,
        "lambda_detail": 0.8,
        "learning_rate": 1e-3,
        "weight_l1": 1.0,
        "weight_ssim": 0.2,
        "weight_perceptual": 0.0,
        "weight_eyeliner": 0.5,
        "ema": 0.99,
        "qat": 0.0,
    }
    assert new_row("t0003", Recipe(**params), seed=5) == {
        "trial": "t0003",
        "state": None,
        "reason": None,
        **{f"param.{name}": value for name, value in params.items()},
        "seed": 5,
    }


def test_the_first_rule_that_an_untrained_network_breaks() -> None:
    rules = tuple(map(parse_rule, ["quality.psnr >= 30", "speed.fps >= 60", "size.params < 5000"]))
    assert broken_rule(rules, {"speed.fps": 60.0, "size.params": 4999}) is None
    assert broken_rule(rules, {"speed.fps": 61.0, "size.params": 5000}) == (
        "size.params < 5000 does not hold: 5000"
    )
    assert broken_rule(rules, {"speed.fps": 45.5, "size.params": 5000}) == (
        "speed.fps >= 60 does not hold: 45.5"
    )
    assert broken_rule(rules, {"size.params": 10}) == "speed.fps >= 60 does not hold: None"


def test_a_reason_is_one_line_and_says_what_went_wrong_in_an_actor(
    cluster: None,  # noqa: ARG001
) -> None:
    @ray.remote
    def fail() -> None:
        raise FloatingPointError("the loss is nan\nand more")

    assert reason_of(ValueError("no\nnot so")) == "ValueError: no"
    with pytest.raises(FloatingPointError) as raised:
        ray.get(fail.remote())
    assert reason_of(raised.value) == "FloatingPointError: the loss is nan"


def test_each_step_is_a_rung_and_the_last_one_brings_the_row(begin: Begin, bench: Bench) -> None:
    trial = begin()
    first = trial.step()
    assert first["done"] is False
    assert (first["rung"]["trial"], first["rung"]["rung"]) == ("t0000", 2)
    assert first["rung"]["quality.psnr"] > 0
    last = trial.step()
    row = last["row"]
    assert last["done"] is True
    assert last["rung"]["rung"] == 6
    assert last["rung"]["quality.psnr"] == row["quality.psnr"]
    assert (row["trial"], row["state"], row["reason"]) == ("t0000", "complete", None)
    assert [row[f"param.{name}"] for name in POINT] == [2, 0, 4]
    assert row["worker"].endswith(f":{os.getpid()}")
    stages = [row[f"cost.{stage}_s"] for stage in ("speed", "amplify", "train", "ship")]
    assert stages[2] > 0
    assert sum(stages) <= row["time.ended"] - row["time.began"]
    assert (bench.run / "models" / "t0000" / "model.onnx").is_file()


def test_a_recipe_that_breaks_a_constraint_ends_before_any_training(
    begin: Begin, bench: Bench
) -> None:
    ended = begin(POINT | {"width": 48}).step()
    row = ended["row"]
    assert ended["done"] is True
    assert "rung" not in ended
    assert row["state"] == "infeasible"
    assert row["reason"] == f"size.params <= 10000 does not hold: {row['size.params']}"
    assert row["speed.fps"] > 0
    spent = [name for name in row if name.startswith(("quality.", "cost."))]
    assert spent == ["cost.speed_s", "cost.memory_bytes"]
    assert not (bench.run / "models").exists()


def test_a_network_that_is_not_for_phones_is_warned_of_and_can_be_ruled_out(
    begin: Begin, bench: Bench, board: Any
) -> None:
    rules = (parse_rule("gate.warnings <= 0"),)
    strict = bench.experiment.model_copy(update={"constraints": rules})
    point = POINT | {"norm": "instance"}
    row = begin(point, experiment=strict).step()["row"]
    assert (row["state"], row["reason"]) == ("infeasible", "gate.warnings <= 0 does not hold: 1")
    begin(point | {"pairs": 1}, experiment=strict).step()
    assert ray.get(board.warnings.remote()) == [
        "compact, width 4, blocks 1, stem 3, decoder convolve-first, norm instance,"
        f" convolution dense, downscale 1, resize bilinear, fp32: {row['gate.why']}"
    ]
    assert begin(experiment=strict).step()["done"] is False


def test_the_published_network_has_no_axes_to_tell(bench: Bench) -> None:
    recipe = bench.experiment.recipe(POINT | {"network": "release"})
    assert architecture_text(recipe) == "release, fp32"


def test_a_process_that_serves_another_trial_starts_it_afresh(begin: Begin) -> None:
    trial = begin()
    trial.step()
    assert trial.reset_config(config(POINT | {"width": 48}, "t0001"))
    assert trial.step()["row"]["state"] == "infeasible"
    assert trial.reset_config(config(POINT, "t0002"))
    assert trial.step()["rung"] == begin().step()["rung"] | {"trial": "t0002"}


def test_what_the_amplifiers_do_for_a_trial_is_logged_at_once_and_shown(
    begin: Begin, bench: Bench, tmp_path: Path
) -> None:
    workers, store = start_workers(1), Store(tmp_path / "store")
    faces = prepare_faces(bench.experiment.faces, bench.experiment.seed, store)
    point = POINT | {"amplified": 15}
    try:
        trial = begin(point, workers=workers, store=store, faces=faces)
        row = trial.step()["row"]
        trial.reset_config(config(point | {"amplified": 5}, "t0001"))
        trial.step()
    finally:
        for worker in workers:
            ray.kill(worker)
    run = Run.open(bench.run)
    fitted, *drawn = [event for event in run.events() if event["event"] == "amplify"]
    assert {event["trial"] for event in (fitted, *drawn)} == {"t0000"}
    assert (fitted["amplifier_key"], fitted["part"]) == (row["amplifier_key"], None)
    assert {event["amplified_key"] for event in drawn} == {row["amplified_key"]}
    assert [(event["part"], event["images"]) for event in drawn] == [(0, 10), (1, 10)]
    (sheet,) = (bench.run / "amplified").iterdir()
    assert sheet == run.contact_sheet(row["amplified_key"])
    with Image.open(sheet) as picture:
        assert picture.size == (8 * 32, 2 * 32)


def test_what_goes_wrong_is_the_row_s_reason_and_its_traceback_is_logged(
    begin: Begin, bench: Bench
) -> None:
    ended = begin(faces=bench.run / "absent").step()
    assert ended["done"] is True
    assert ended["row"]["state"] == "failed"
    assert ended["row"]["reason"].startswith("FileNotFoundError: No such file or directory")
    assert ended["row"]["speed.fps"] > 0
    (event,) = Run.open(bench.run).events()
    assert (event["event"], event["trial"]) == ("failure", "t0000")
    assert event["traceback"].startswith("Traceback")


@pytest.mark.parametrize(("more", "state"), [(True, None), (False, "failed")])
def test_a_student_that_has_too_little_of_the_gpu_begins_anew_with_more(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, more: bool, state: str | None
) -> None:
    """Where there is a GPU, `tests/sweep/test_card.py` has the memory itself."""
    full = [2, 1]
    advance = Training.advance

    def too_little(training: Training, *given: Any) -> None:
        advance(training, 1)
        if full and full.pop():
            raise torch.OutOfMemoryError("CUDA out of memory\nTried to allocate 2 GiB")
        advance(training, *given)

    expected = begin().step()["rung"]
    monkeypatch.setattr(Training, "advance", too_little)
    monkeypatch.setattr("paretint.sweep.card.Card.widen", lambda _: more)
    ended = begin().step()
    assert ended.get("rung") == (expected if more else None)
    assert ended["row"]["state"] == state
    assert (ended["row"]["reason"] == "OutOfMemoryError: CUDA out of memory") is not more


def test_a_disk_that_is_full_for_its_files_alone_fails_no_trial(
    begin: Begin, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is removed of files half-written leaves room for the log, and for a row."""

    def save_file(*_: object) -> None:
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr("paretint.sweep.shipping.save_file", save_file)
    trial = begin()
    assert "rung" in trial.step()
    assert trial.step() == {"full": str(bench.run), "done": False}
    assert "failure" not in [event["event"] for event in Run.open(bench.run).events()]


def test_an_objective_that_was_not_measured_fails_the_trial(begin: Begin, bench: Bench) -> None:
    """Told as complete, it would be lost to the study without a word."""
    text = (bench.run / "experiment.yaml").read_text()
    (bench.run / "experiment.yaml").write_text(
        text.replace("column: quality.psnr", "column: quality.lpips").replace(
            "goal: maximize", "goal: minimize", 1
        )
    )
    trial = begin()
    trial.step()
    row = trial.step()["row"]
    assert (row["state"], row["reason"]) == ("failed", "the objective quality.lpips is None")
    assert row["quality.psnr"] > 0


def test_a_phone_that_vanishes_fails_the_trial_that_needs_it_and_no_other(
    begin: Begin, bench: Bench, phone: Any, tmp_path: Path
) -> None:
    """The phone is a double, see `PhoneDouble`."""
    experiment = bench.experiment.model_copy(update={"devices": ("android",)})
    trial = begin(experiment=experiment, store=Store(tmp_path / "store"))
    assert trial.step()["done"] is False
    phone.plug()
    row = trial.step()["row"]
    assert (row["state"], row["speed.android.fps"]) == ("complete", 1000.0)
    assert row["speed.provenance"] == "measured:android"

    phone.plug("R5CT123 device")
    phone.vanish_after(3)
    trial.reset_config(config(POINT | {"width": 8}, "t0001"))
    row = trial.step()["row"]
    assert (row["state"], row["reason"]) == (
        "failed",
        "UserError: android: the phone R5CT123 vanished while it was measured; plug it in and try"
        " again",
    )
    trial.reset_config(config(POINT | {"width": 8}, "t0002"))
    row = trial.step()["row"]
    assert row["reason"].startswith("UserError: android: no phone is connected; plug one in")
    assert (bench.run / "models" / "t0000" / "model.onnx").is_file()
