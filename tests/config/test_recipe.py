from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint import UserError
from paretint.config import RECIPE, Recipe, load_experiment
from paretint.config.recipe import PUBLISHED, Parameter

POINT = {"pairs": 5, "amplified": 100, "width": 8, "lambda_makeup": 1}


@pytest.mark.usefixtures("here")
def test_what_the_space_leaves_out_is_filled_in() -> None:
    recipe = load_experiment("x").recipe(POINT)
    assert recipe == Recipe(
        pairs=5,
        amplified=100,
        network="compact",  # the student's
        width=8,
        blocks=3,  # a constant of the search space
        stem=3,
        decoder="convolve-first",
        norm="none",
        convolution="dense",
        downscale=1,
        resize="bilinear",
        input_size=64,  # that of the faces
        precision="fp32",
        coreml_precision="fp16",
        lambda_makeup=1.0,
        lambda_detail=0.8,  # the amplifier's
        learning_rate=2e-3,  # the student's
        weight_l1=1.0,
        weight_ssim=0.0,
        weight_perceptual=0.0,
        weight_eyeliner=0.5,
        ema=0.0,
        qat=0.0,
    )
    assert isinstance(recipe.lambda_makeup, float)


@pytest.mark.usefixtures("here")
def test_numbers_of_numpy_become_pythons() -> None:
    recipe = load_experiment("x").recipe({**POINT, "width": np.int64(8)})
    assert type(recipe.width) is int


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({**POINT, "widht": 8}, "unknown parameter 'widht'; did you mean 'width'?"),
        ({**POINT, "width": 49}, "parameter 'width': 49 should be between 4 and 48"),
        ({**POINT, "width": 8.0}, "parameter 'width': 8.0 should be a whole number"),
        ({**POINT, "pairs": True}, "parameter 'pairs': True should be a whole number"),
        ({"pairs": 5, "width": 8}, "parameter 'amplified': is missing"),
    ],
)
def test_no_recipe(params: dict[str, float], said: str) -> None:
    with pytest.raises(UserError) as raised:
        load_experiment("x").recipe(params)
    assert str(raised.value) == said


NUMBERS = sorted(name for name, parameter in RECIPE.items() if isinstance(parameter, Parameter))


@given(st.sampled_from(NUMBERS), st.integers(-10, 60) | st.floats(-1, 60))
def test_a_fault_is_a_value_outside_type_or_range(name: str, value: float) -> None:
    parameter = RECIPE[name]
    assert isinstance(parameter, Parameter)
    fits = parameter.low <= value <= parameter.high
    if parameter.type is int:
        fits = fits and isinstance(value, int) and value % parameter.multiple == 0
    assert (parameter.fault(value) is None) == fits


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("stem", 4, "should be 3, 5 or 7"),
        ("stem", 3.0, "should be 3, 5 or 7"),
        ("downscale", True, "should be 1, 2 or 4"),
        ("norm", "layer", "should be none, batch or instance"),
        ("norm", "batch", None),
        ("stem", np.int64(5), None),
        ("resize", "bicubic", "should be bilinear, sub-pixel or liif"),
    ],
)
def test_one_of_a_few(name: str, value: object, said: str | None) -> None:
    assert RECIPE[name].fault(value) == said


@pytest.mark.usefixtures("here")
def test_the_published_network_has_no_axes() -> None:
    recipe = load_experiment("x").recipe({**POINT, "network": "release", "learning_rate": 1e-4})
    assert (recipe.width, recipe.stem, recipe.norm, recipe.blocks) == (24, 7, "instance", 4)
    assert recipe.learning_rate == 1e-4
    assert recipe.architecture == {"network": "release", **PUBLISHED}


@pytest.mark.usefixtures("here")
def test_an_implicit_function_has_nothing_to_resize_at_the_full_size() -> None:
    asked = {**POINT, "resize": "liif"}
    recipes = [load_experiment("x").recipe({**asked, "downscale": scale}) for scale in (1, 2)]
    assert [recipe.resize for recipe in recipes] == ["bilinear", "liif"]


@pytest.mark.parametrize(
    ("value", "said"),
    [(32, None), (40, "should be a multiple of 16"), (16, "should be between 32 and 512")],
)
def test_sizes_that_a_network_can_halve(value: int, said: str | None) -> None:
    assert RECIPE["input_size"].fault(value) == said


@pytest.mark.usefixtures("here")
def test_the_input_is_the_point_s_the_student_s_or_the_faces() -> None:
    own = load_experiment("x", ["student.input_size=48"])
    assert [load_experiment("x").recipe(POINT).input_size, own.recipe(POINT).input_size] == [64, 48]
    assert own.recipe({**POINT, "network": "release", "input_size": 32}).input_size == 32


@pytest.mark.parametrize("value", [math.nan, math.inf, "1", None])
def test_no_number(value: object) -> None:
    assert all(parameter.fault(value) is not None for parameter in RECIPE.values())
