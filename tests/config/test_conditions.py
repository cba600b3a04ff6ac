from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from paretint import UserError
from paretint.config import SearchSpace, load_experiment

PARAMETERS: dict[str, Any] = {
    "pairs": 5,
    "amplified": 100,
    "blocks": {"choices": [2, 4], "when": {"width": [8, 16]}},
    "stem": {"choices": [3, 5], "when": {"network": "compact"}},
    "width": {"choices": [8, 16, 32], "when": {"network": "compact"}},
    "network": {"choices": ["compact", "release"]},
}


def space(**changes: Any) -> SearchSpace:
    return SearchSpace.model_validate({"sampler": "grid", "parameters": PARAMETERS | changes})


def test_a_parameter_comes_after_those_it_depends_on() -> None:
    order = list(space().varying)
    assert order.index("network") < order.index("width") < order.index("blocks")
    assert order.index("network") < order.index("stem")


def test_without_conditions_parameters_stay_as_they_were_written() -> None:
    plain = {name: {"choices": [4, 8]} for name in ("width", "pairs", "amplified")}
    assert list(SearchSpace.model_validate({"parameters": plain}).varying) == list(plain)


def test_a_grid_has_each_point_once_and_nothing_that_is_not_there() -> None:
    points = list(space().points())
    wide = [{"network": "compact", "width": 32, "stem": stem} for stem in (3, 5)]
    narrow = [
        {"network": "compact", "width": width, "stem": stem, "blocks": blocks}
        for width in (8, 16)
        for stem in (3, 5)
        for blocks in (2, 4)
    ]
    assert len(points) == 11
    for point in [{"network": "release"}, *wide, *narrow]:
        assert point in points
    assert space().trials_within(1000) == 11


def test_a_condition_on_a_constant() -> None:
    told = space(width=8, blocks={"choices": [2, 4], "when": {"width": 8}}).points()
    assert sorted((p["network"], p.get("stem"), p["blocks"]) for p in told) == [
        ("compact", 3, 2),
        ("compact", 3, 4),
        ("compact", 5, 2),
        ("compact", 5, 4),
        ("release", None, 2),
        ("release", None, 4),
    ]


def test_what_is_written_is_read_again() -> None:
    told = space().model_dump(mode="json", by_alias=True)
    assert "when" not in told["parameters"]["network"]
    assert SearchSpace.model_validate(told) == space()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stem": {"choices": [3], "when": {"netwrok": "x"}}}, "'netwrok' is no parameter of the"),
        ({"stem": {"choices": [3], "when": {"norm": "batch"}}}, "'norm' is no parameter of the"),
        ({"stem": {"choices": [3], "when": {"network": "x"}}}, "network is never 'x'"),
        ({"stem": {"choices": [3], "when": {"pairs": 4}}}, "pairs is never 4"),
        ({"stem": {"choices": [3], "when": {"network": []}}}, "at least 1 item"),
        (
            {"network": {"choices": ["compact", "release"], "when": {"blocks": 2}}},
            "conditions form a circle: ",
        ),
        ({"pairs": {"choices": [2], "when": {"network": "compact"}}}, "every recipe needs pairs"),
        ({"width": {"choices": [8, 16], "when": {"network": "release"}}}, "needs width"),
    ],
)
def test_conditions_that_cannot_be(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        space(**changes)


def test_a_point_to_try_first_has_nothing_that_is_not_there() -> None:
    first = [{"network": "release", "stem": 3}]
    with pytest.raises(ValidationError, match="stem is not there where network is 'release'"):
        SearchSpace.model_validate({"parameters": PARAMETERS, "first": first})


@pytest.mark.usefixtures("experiment")
def test_a_circle_names_the_file_and_the_line(tmp_path: Path) -> None:
    file = tmp_path / "made-up.yaml"
    circle = "when: {stem: 3}}\n    stem: {choices: [3, 5], when: {pairs: 2}}"
    text = file.read_text().replace("[2, 5, 10]}", f"[2, 5, 10], {circle}")
    file.write_text(text)
    with pytest.raises(UserError, match=rf"{file}:\d+: search_space"):
        load_experiment(str(file))
