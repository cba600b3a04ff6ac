"""Amplifiers of either base, and their settings as parameters of a search."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from paretint import UserError
from paretint.config import (
    Adapter,
    Amplifier,
    Experiment,
    RdmSmall,
    StableDiffusion,
    column,
    load_experiment,
)
from paretint.config.amplifier import KNOBS, with_knobs

BASIC = {"fine_tune_steps": 10, "learning_rate": 1e-4, "batch": 2}
SMALL = RdmSmall(**BASIC)
LARGE = StableDiffusion(base="stable-diffusion", **BASIC, guidance=4.0)

YAML = """\
name: knobs
faces: {source: procedural, style: rose}
amplifier: {fine_tune_steps: 10, learning_rate: 1.0e-4, batch: 2, steps: 3}
student: {steps: 4, rungs: [4], batch: 2, learning_rate: 1.0e-3}
search_space:
  parameters:
    pairs: 5
    amplified: 100
    width: {choices: [8, 16]}
    KNOB
objectives:
  - {column: quality.psnr, goal: maximize, reference: 5.0}
  - {column: speed.fps, goal: maximize, reference: 0.0}
budget: {trials: 4}
"""


def loaded(folder: Path, *knobs: str) -> Experiment:
    file = folder / "knobs.yaml"
    file.write_text(YAML.replace("KNOB", "\n    ".join(knobs)))
    return load_experiment(file)


def test_the_published_amplifiers_settings_are_the_defaults() -> None:
    assert (LARGE.steps, LARGE.noising, LARGE.inversion) == (3, 0.3, "ddim")
    assert StableDiffusion(base="stable-diffusion", **BASIC).guidance == 2.5
    assert LARGE.adapter == Adapter(kind="lora", rank=4)
    assert (LARGE.lambda_makeup, LARGE.lambda_detail) == (1.0, 0.8)


def test_more_steps_than_noise_levels_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"noising 0.01 has 10 levels, fewer than steps"):
        StableDiffusion(base="stable-diffusion", **BASIC, noising=0.01, steps=11)


def test_regions_may_be_one_text() -> None:
    assert RdmSmall(**BASIC, regions="lips+eyes").regions == ("lips", "eyes")
    with pytest.raises(ValidationError, match="'face', 'lips' or 'eyes'"):
        RdmSmall(**BASIC, regions="lips+hair")


def test_every_setting_but_the_recipes_own_is_a_knob_and_a_column() -> None:
    for model in (RdmSmall, StableDiffusion):
        for name in set(model.model_fields) - {"lambda_makeup", "lambda_detail"}:
            assert [knob for knob in KNOBS if knob == name or knob.startswith(f"{name}.")]
    assert column("param.amplifier.adapter.rank").kind == "integer"
    assert column("param.amplifier.learning_rate").kind == "number"
    assert column("param.amplifier.inversion").kind == "text"
    assert "lambda_makeup" not in KNOBS


def test_knobs_replace_settings_however_deep() -> None:
    assert with_knobs(SMALL, {"steps": 7}) == SMALL.model_copy(update={"steps": 7})
    turned = with_knobs(LARGE, {"adapter.rank": 8, "inversion": "sdedit"})
    assert isinstance(turned, StableDiffusion)
    assert (turned.adapter, turned.inversion) == (Adapter(rank=8), "sdedit")
    without = SMALL.model_copy(update={"gate": None})
    gate = with_knobs(without, {"gate.outside": 0.5}).gate
    assert gate is not None
    assert gate.outside == 0.5


def test_another_base_keeps_what_every_base_has_and_leaves_the_rest() -> None:
    small = with_knobs(LARGE, {"base": "rdm-small", "guidance": 2.0})
    assert small == RdmSmall(**LARGE.model_dump(include=set(Amplifier.model_fields)))
    large = with_knobs(SMALL, {"base": "stable-diffusion", "guidance": 2.0})
    assert isinstance(large, StableDiffusion)
    assert (large.guidance, large.steps) == (2.0, SMALL.steps)


def test_a_recipe_carries_its_knobs_to_the_amplifier_and_the_ledger(tmp_path: Path) -> None:
    experiment = loaded(
        tmp_path, "amplifier.steps: {int: [1, 4]}", "amplifier.regions: {choices: [lips, eyes]}"
    )
    recipe = experiment.recipe({"width": 8, "amplifier.steps": 2, "amplifier.regions": "lips"})
    assert recipe.params()["amplifier.steps"] == 2
    amplifier = experiment.amplifier_of(recipe)
    assert (amplifier.steps, amplifier.regions) == (2, ("lips",))
    assert experiment.amplifier.steps == 3


def test_lambdas_of_a_recipe_are_the_amplifiers(tmp_path: Path) -> None:
    experiment = loaded(tmp_path, "lambda_makeup: {float: [0.5, 1.5]}")
    recipe = experiment.recipe({"width": 8, "lambda_makeup": 0.5})
    assert experiment.amplifier_of(recipe).lambda_makeup == 0.5


def test_a_base_that_varies_lets_the_others_settings_vary(tmp_path: Path) -> None:
    experiment = loaded(
        tmp_path,
        "amplifier.base: {choices: [rdm-small, stable-diffusion]}",
        "amplifier.guidance: {float: [1.0, 5.0]}",
    )
    point = {"width": 8, "amplifier.base": "rdm-small", "amplifier.guidance": 2.0}
    assert isinstance(experiment.amplifier_of(experiment.recipe(point)), RdmSmall)
    point["amplifier.base"] = "stable-diffusion"
    large = experiment.amplifier_of(experiment.recipe(point))
    assert isinstance(large, StableDiffusion)
    assert large.guidance == 2.0


@pytest.mark.parametrize(
    ("knob", "said"),
    [
        ("amplifier.steps: {int: [0, 4]}", "amplifier.steps: 0 does not serve: Input should be"),
        ("amplifier.guidance: 2.0", "amplifier.guidance: rdm-small has no such setting"),
        ("amplifier.base: {choices: [rdm-small, flux]}", "amplifier.base: 'flux' does not serve"),
        ("amplifier.regions: {choices: [lips, ears]}", "amplifier.regions: 'ears' does not serve"),
        ("amplifier.stepz: 2", "unknown parameter 'amplifier.stepz'; did you mean 'amplifier.st"),
        ("amplifier.lambda_makeup: 1.0", "unknown parameter 'amplifier.lambda_makeup'"),
    ],
)
def test_a_knob_that_cannot_be_turned_is_one_line(tmp_path: Path, knob: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        loaded(tmp_path, knob)
    assert said in str(raised.value)
    assert "knobs.yaml:" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_experiment_of_the_large_base_survives_its_dump(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_text(
        YAML.replace("steps: 3}", "base: stable-diffusion, adapter: {rank: 8}}").replace(
            "KNOB", "amplifier.adapter.kind: {choices: [lora, full]}"
        )
    )
    first = load_experiment(file)
    assert isinstance(first.amplifier, StableDiffusion)
    file.write_text(first.dump())
    assert load_experiment(file) == first


def test_weights_are_a_path_where_they_look_like_one_and_else_an_id(tmp_path: Path) -> None:
    def weights(text: str) -> str | None:
        return loaded_with(tmp_path, f"base: stable-diffusion, weights: {text}").amplifier.weights

    (tmp_path / "models" / "sd").mkdir(parents=True)
    assert weights("org/name") == "org/name"
    assert weights("org/name-1.5/unet") == "org/name-1.5/unet"
    assert weights("models/sd") == str(tmp_path / "models" / "sd")
    assert weights("./org/name") == str(tmp_path / "org" / "name")
    assert weights("sd") == str(tmp_path / "sd")
    assert weights("/models/sd") == "/models/sd"


def test_weights_that_vary_are_paths_too_wherever_they_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    loaded(
        tmp_path,
        "amplifier.weights: {choices: [mine.safetensors, other.safetensors]}",
        "lambda_makeup: {float: [0.5, 1.5], when: {amplifier.weights: mine.safetensors}}",
    )
    first = "search_space.first=[{amplifier.weights: other.safetensors}]"
    experiment = load_experiment("knobs.yaml", [first])
    mine, other = (str(tmp_path / f"{name}.safetensors") for name in ("mine", "other"))
    space = experiment.search_space
    assert space.varying["amplifier.weights"].ends == (mine, other)
    assert space.varying["lambda_makeup"].when == {"amplifier.weights": (mine,)}
    assert space.first == ({"amplifier.weights": other},)


def test_one_weights_for_all_recipes_are_a_path_too(tmp_path: Path) -> None:
    experiment = loaded(tmp_path, "amplifier.weights: mine.safetensors")
    found = experiment.search_space.constants["amplifier.weights"]
    assert found == str(tmp_path / "mine.safetensors")


def loaded_with(folder: Path, settings: str) -> Experiment:
    file = folder / "with.yaml"
    file.write_text(YAML.replace("steps: 3}", settings + "}").replace("    KNOB\n", ""))
    return load_experiment(file)
