from __future__ import annotations

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import onnx
import pytest
import torch
import yaml
from safetensors.torch import load_file

from paretint.amplify import AmplifyJob
from paretint.config import Recipe, column_names, load_experiment
from paretint.errors import UserError
from paretint.export import OnnxModel, ParityError
from paretint.faces import prepare_faces
from paretint.store import Store
from paretint.student import TinyBeauty
from paretint.sweep.candidate import (
    amplified_pairs,
    amplify_job,
    finish,
    network_of,
    rung_score,
    speed_first,
    training,
)
from paretint.sweep.shipping import Bench

FILES = ["faces", "model.onnx", "recipe.yaml", "weights.safetensors"]


@pytest.fixture
def recipe(bench: Bench) -> Recipe:
    return bench.experiment.recipe({"pairs": 2, "amplified": 0, "width": 4})


def silent(_what: str, _done: int, _of: int) -> None:
    pass


def artifacts(store: Store, kind: str) -> dict[Path, int]:
    """The files of a kind of artifact, and when each was made."""
    return {path: path.stat().st_mtime_ns for path in store.root.glob(f"{kind}/*/*")}


def weights(network: TinyBeauty) -> torch.Tensor:
    return torch.cat([weight.flatten() for weight in network.state_dict().values()])


def test_the_seed_decides_the_untrained_weights(recipe: Recipe) -> None:
    first, again, other = (network_of(recipe, seed) for seed in (1, 1, 2))
    assert weights(first).equal(weights(again))
    assert not weights(first).equal(weights(other))


def test_recipes_share_an_amplifier_as_far_as_their_settings_agree(
    bench: Bench, recipe: Recipe
) -> None:
    def job(**knobs: int | str) -> AmplifyJob:
        return amplify_job(bench, recipe.model_copy(update={"amplifier": knobs}))

    plain, drawn, fitted = job(), job(steps=3), job(fine_tune_steps=1)
    assert (plain.settings.steps, drawn.settings.steps) == (1, 3)
    assert plain.amplifier_key == drawn.amplifier_key != fitted.amplifier_key
    assert len({each.amplified_key for each in (plain, drawn, fitted)}) == 3


def test_speed_first_knows_sizes_and_speeds_and_no_quality(bench: Bench, recipe: Recipe) -> None:
    row = speed_first(bench, recipe)
    known = column_names(bench.experiment.devices)
    told = ("size.", "gate.", "speed.", "structure.onnx")
    unknown = {"size.coreml_bytes", "speed.npu_share", "speed.ort-cpu.npu_share"}
    assert set(row) == {name for name in known if name.startswith(told)} - unknown
    assert (row["gate.warnings"], row["gate.coreml_share"], row["gate.why"]) == (0, 1, None)
    assert row["size.params"] == sum(w.numel() for w in network_of(recipe, 0).parameters())
    assert row["speed.fps"] == row["speed.ort-cpu.fps"] > 0


def test_an_architecture_is_exported_and_timed_once(
    bench: Bench, recipe: Recipe, tmp_path: Path
) -> None:
    bench = replace(bench, store=Store(tmp_path / "store"))
    row = speed_first(bench, recipe)
    made = [artifacts(bench.store, kind) for kind in ("architecture", "timing")]
    assert [len(files) for files in made] == [1, 1]
    other_data = recipe.model_copy(update={"pairs": 1, "amplified": 15})
    assert speed_first(bench, other_data) == row
    assert [artifacts(bench.store, kind) for kind in ("architecture", "timing")] == made


def test_without_amplification_nothing_is_made(bench: Bench, recipe: Recipe) -> None:
    assert amplified_pairs(bench, recipe, silent) == (
        None,
        {"cost.amplify_s": 0.0, "cost.gpu_s": 0.0},
    )


def test_training_is_the_recipes(bench: Bench, recipe: Recipe) -> None:
    first, again = (training(bench, recipe, None, seed=5) for _ in range(2))
    slower = training(bench, recipe.model_copy(update={"learning_rate": 1e-6}), None, seed=5)
    fewer = training(bench, recipe.model_copy(update={"pairs": 1}), None, seed=5)
    for one in (first, again, slower, fewer):
        assert weights(one.network).equal(weights(network_of(recipe, bench.experiment.seed)))
        one.advance(2)
    assert weights(first.network).equal(weights(again.network))
    assert not weights(first.network).equal(weights(slower.network))
    assert not weights(first.network).equal(weights(fewer.network))


def test_the_parts_of_the_loss_and_the_average_are_the_recipes(
    bench: Bench, recipe: Recipe
) -> None:
    def learned(**changes: float) -> torch.Tensor:
        one = training(bench, recipe.model_copy(update=changes), None, seed=5)
        one.advance(3)
        return weights(one.network)

    plain = learned()
    changes = {"weight_l1": 2.0, "weight_ssim": 1.0, "weight_eyeliner": 0.0, "ema": 0.5}
    assert not any(learned(**{name: value}).equal(plain) for name, value in changes.items())


def test_integers_are_met_in_training_where_the_file_is_of_integers(
    bench: Bench, recipe: Recipe
) -> None:
    def learned(precision: str, qat: float) -> torch.Tensor:
        changes = {"precision": precision, "qat": qat}
        one = training(bench, recipe.model_copy(update=changes), None, seed=5)
        one.advance(2)
        return weights(one.network)

    assert learned("fp16", 1.0).equal(learned("fp32", 0.0))
    assert not learned("int8", 1.0).equal(learned("int8", 0.0))


def test_finish_writes_a_folder_that_holds_what_it_scored(bench: Bench, recipe: Recipe) -> None:
    network = network_of(recipe, seed=0)
    row = finish(bench, "t0000", recipe, network)
    folder = bench.run / "models" / "t0000"
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert yaml.safe_load((folder / "recipe.yaml").read_text()) == recipe.params()
    assert row["size.onnx_bytes"] == (folder / "model.onnx").stat().st_size
    saved = TinyBeauty(recipe.width, recipe.blocks)
    saved.load_state_dict(load_file(folder / "weights.safetensors"))
    assert weights(saved).equal(weights(network))
    assert row["speed.fps"] > 0
    assert row["quality.psnr"] == pytest.approx(
        rung_score(bench, recipe, network)["quality.psnr"], 1e-3
    )


def test_a_student_of_a_smaller_input_is_scored_at_the_photo_s_size(
    bench: Bench, tiny_file: Path
) -> None:
    experiment = load_experiment(tiny_file, ["faces.size=64", "student.input_size=32"])
    faces = prepare_faces(experiment.faces, experiment.seed, bench.store)
    bench = replace(bench, experiment=experiment, faces=faces)
    recipe = experiment.recipe({"pairs": 2, "amplified": 0, "width": 4, "precision": "int8"})
    trained = training(bench, recipe, None, seed=5)
    trained.advance(2)
    row = finish(bench, "t0000", recipe, trained.network)
    assert OnnxModel(bench.run / "models" / "t0000" / "model.onnx").shape == (1, 3, 32, 32)
    assert row["quality.psnr"] == pytest.approx(
        rung_score(bench, recipe, trained.network)["quality.psnr"], abs=0.02
    )
    whole = speed_first(bench, recipe.model_copy(update={"input_size": 64}))
    assert whole["size.macs"] == 4 * speed_first(bench, recipe)["size.macs"]


def test_files_tell_style_and_licence(bench: Bench, recipe: Recipe) -> None:
    bench = replace(bench, experiment=bench.experiment.model_copy(update={"licence": "MIT"}))
    finish(bench, "t0000", recipe, network_of(recipe, seed=0))
    model = onnx.load(bench.run / "models" / "t0000" / "model.onnx")
    told = {entry.key: entry.value for entry in model.metadata_props}
    assert (told["style"], told["licence"]) == ("rose", "MIT")
    assert json.loads(told["recipe"]) == recipe.params()


def test_files_tell_no_path_of_this_machine(bench: Bench, recipe: Recipe) -> None:
    own = recipe.model_copy(update={"amplifier": {"weights": "/home/alice/secret/a.safetensors"}})
    finish(bench, "t0000", own, network_of(own, seed=0))
    folder = bench.run / "models" / "t0000"
    told = yaml.safe_load((folder / "recipe.yaml").read_text())
    assert told["amplifier.weights"] == "a.safetensors"
    assert not any(b"alice" in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_what_an_untrained_network_was_timed_at_holds_for_the_trained_one(
    bench: Bench, recipe: Recipe
) -> None:
    timed = speed_first(bench, recipe)
    away = replace(bench, experiment=bench.experiment.model_copy(update={"devices": ("gone",)}))
    row = finish(away, "t0000", recipe, network_of(recipe, seed=0), timed)
    assert row["structure.onnx"] == timed["structure.onnx"]
    assert row["speed.ort-cpu.fps"] == timed["speed.ort-cpu.fps"]
    other = recipe.model_copy(update={"width": 8})
    with pytest.raises(UserError, match="unknown device 'gone'"):
        finish(away, "t0001", other, network_of(other, seed=0), timed)


def test_packages_are_timed_first_where_a_device_may_run_them(
    bench: Bench, recipe: Recipe, tmp_path: Path
) -> None:
    bench = replace(bench, store=Store(tmp_path / "store"), coreml=True)
    told = speed_first(bench, recipe)
    assert "structure.coreml" not in told
    asking = bench.experiment.model_copy(update={"devices": ("agent:iphone13",)})
    with pytest.raises(UserError, match="no agent named iphone13 is at this run; start one with"):
        speed_first(replace(bench, experiment=asking), recipe)
    packages = list(bench.store.root.glob("architecture/*/model.mlpackage"))
    assert len(packages) == 1


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_what_is_scored_is_the_file_in_its_precision(
    bench: Bench, recipe: Recipe, precision: str
) -> None:
    torch.manual_seed(0)
    network = network_of(recipe, seed=0)
    torch.nn.init.normal_(network.out.weight, std=0.1)
    small = recipe.model_copy(update={"precision": precision})
    first = speed_first(bench, small)
    rows = [finish(bench, "t0000", each, network) for each in (recipe, small)]
    assert rows[1]["size.onnx_bytes"] != rows[0]["size.onnx_bytes"]
    assert rows[1]["quality.psnr"] != rows[0]["quality.psnr"]
    assert rows[1]["quality.psnr"] == pytest.approx(rows[0]["quality.psnr"], abs=0.5)
    assert rows[1]["speed.fps"] == first["speed.fps"]


def test_models_are_for_everyone_who_may_read_the_run(bench: Bench, recipe: Recipe) -> None:
    finish(bench, "t0000", recipe, network_of(recipe, seed=0))
    folder = bench.run / "models" / "t0000"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert modes == {name: 0o755 if name == "faces" else 0o644 for name in FILES}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / "faces").iterdir()} == {0o644}


def test_what_an_ended_run_left_is_replaced(bench: Bench, recipe: Recipe) -> None:
    left = bench.run / "models" / "t0000"
    left.mkdir(parents=True)
    (left / "half.onnx").touch()
    finish(bench, "t0000", recipe, network_of(recipe, seed=0))
    assert sorted(path.name for path in left.iterdir()) == FILES


def broken_weights(_bench: Bench, network: TinyBeauty) -> Bench:
    with torch.no_grad():
        next(network.parameters()).fill_(torch.nan)
    return _bench


def absent_faces(bench: Bench, _network: TinyBeauty) -> Bench:
    return replace(bench, faces=bench.run / "absent")


@pytest.mark.parametrize(
    ("breaking", "error"), [(broken_weights, ParityError), (absent_faces, FileNotFoundError)]
)
def test_finish_that_fails_leaves_no_folder(
    bench: Bench,
    recipe: Recipe,
    breaking: Callable[[Bench, TinyBeauty], Bench],
    error: type[Exception],
) -> None:
    network = network_of(recipe, seed=0)
    with pytest.raises(error):
        finish(breaking(bench, network), "t0000", recipe, network)
    assert list((bench.run / "models").iterdir()) == []
