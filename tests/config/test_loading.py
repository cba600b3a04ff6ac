from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paretint import UserError
from paretint.config import ProceduralFaces, Rule, load_experiment

Complaint = Callable[[str, str], str]
X = "experiments/x.yaml"


def space_file(here: Path) -> Path:
    """The search space of the experiment in a file of its own, which the experiment names."""
    text = (here / X).read_text()
    before, rest = text.split("search_space:\n")
    space, after = rest.split("objectives:\n")
    (here / X).write_text(f"{before}search_space: small\nobjectives:\n{after}")
    (here / "search_spaces").mkdir()
    file = here / "search_spaces" / "small.yaml"
    file.write_text("".join(f"{line[2:]}\n" for line in space.splitlines()))
    return file


@pytest.mark.usefixtures("here")
def test_what_is_left_out_has_its_default() -> None:
    experiment = load_experiment("x")
    assert experiment.faces == ProceduralFaces(
        source="procedural", style="rose", size=64, pairs=10, unlabelled=1000, heldout=200
    )
    assert experiment.amplifier.base == "rdm-small"
    assert experiment.amplifier.learning_rate == 1e-4
    assert experiment.student.blocks == 4
    assert experiment.constraints == (Rule("speed.fps", ">=", 60),)
    assert experiment.devices == ("ort-cpu",)
    assert experiment.budget.concurrent is None
    assert experiment.search_space.sampler == "random"


def test_what_is_dumped_loads_to_the_same(here: Path) -> None:
    experiment = load_experiment("x", ["seed=9", "search_space.parameters.width={choices: [8]}"])
    (here / "again.yaml").write_text(experiment.dump(), encoding="utf-8")
    again = load_experiment("again.yaml")
    assert again == experiment
    assert again.dump() == experiment.dump()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("amplifier:", "amplifer:", f"{X}:7: unknown key 'amplifer'; did you mean 'amplifier'?"),
        ("  rungs:", "  rugns:", f"{X}:10: student: unknown key 'rugns'; did you mean 'rungs'?"),
        ("  steps: 300\n", "", f"{X}:8: student: the key 'steps' is missing"),
        (
            "  size: 64",
            "  size: 624",
            f"{X}:6: faces.size: 624 should be less than or equal to 512",
        ),
        ("  size: 64", "  size: 72", f"{X}:6: faces.size: 72 should be a multiple of 16"),
        ("  size: 64", "  size: true", f"{X}:6: faces.size: true should be a valid integer"),
        ("  size: 64", "  pairs: 9", f"{X}:6: faces.pairs is 9, but the search space needs 10"),
        ("  style: rose", "  style:", f"{X}:5: faces.style: nothing should be a valid string"),
        (
            "source: procedural",
            "source: rendered",
            f"{X}:3: faces: this should be keys with the source: procedural, or folders",
        ),
        (
            "trials: 4",
            "trials: 0",
            f"{X}:29: budget.trials: 0 should be greater than or equal to 1",
        ),
        (
            "blocks: 3",
            "depth: 3",
            f"{X}:20: search_space: unknown parameter 'depth'; did you mean 'width'?",
        ),
        (
            "blocks: 3",
            "blocks: 7",
            f"{X}:20: search_space: blocks: 7 should be between 0 and 6",
        ),
        (
            "[2, 5, 10]",
            "[2, five]",
            f"{X}:16: search_space: pairs: 'five' should be a whole number",
        ),
        (
            "    amplified: {choices: [0, 100]}\n",
            "",
            f"{X}:15: search_space: the parameter 'amplified' is missing",
        ),
        (
            "{choices: [0, 100]}",
            "[0, 100]",
            f"{X}:17: search_space.parameters.amplified: this should be a number,"
            " {choices: [...]}, {int: [low, high]} or {float: [low, high]}",
        ),
        (
            "[4, 48], step: 4",
            "[4]",
            f"{X}:18: search_space.parameters.width.int: value 2 is missing",
        ),
        (
            "sampler: random",
            "sampler: grid",
            f"{X}:14: search_space: a grid needs choices for 'lambda_makeup', not a range",
        ),
        (
            "pairs: 5, width: 8",
            "pairs: 5, width: 9",
            f"{X}:22: search_space: width 9 is not among its values",
        ),
        (
            "pairs: 5, width: 8",
            "pairs: 5, blocks: 3",
            f"{X}:22: search_space: 'blocks' is no parameter that varies;"
            " known: amplified, lambda_makeup, pairs, width",
        ),
        (
            "quality.psnr",
            "quality.pnsr_gain",
            f"{X}:24: objectives.0.column: 'quality.pnsr_gain' is no column;"
            " did you mean 'quality.psnr_gain'",
        ),
        ("quality.psnr", "state", f"{X}:24: objectives.0.column: 'state' is text"),
        (
            "quality.psnr, goal: maximize, reference: 20",
            "speed.fps, goal: maximize, reference: 0",
            f"{X}:23: 'speed.fps' is given 2 times",
        ),
        (
            "column: speed.fps",
            "column: speed.iphone13.fps",
            f"{X}:25: 'speed.iphone13.fps': 'iphone13' is none of the devices (ort-cpu)",
        ),
        (
            "  - speed.fps >= 60",
            "  - speed.fps => 60",
            f"{X}:27: constraints.0: 'speed.fps => 60' is no rule",
        ),
        (
            "  - speed.fps >= 60",
            "  - speed.pixel.fps >= 60",
            f"{X}:27: 'speed.pixel.fps': 'pixel' is none of the devices (ort-cpu)",
        ),
        (
            "rungs: [100, 300]",
            "rungs: [100, 200]",
            f"{X}:10: student: the last rung must be the 300 steps of training",
        ),
        (
            "rungs: [100, 300]",
            "rungs: [0, 300]",
            f"{X}:10: student: rungs must ascend from above 0",
        ),
        (
            "learning_rate: 2e-3",
            "learning_rate: .nan",
            f"{X}:12: student.learning_rate: nan should be a finite number",
        ),
        ("name: quick", "name: ../quick", f"{X}:1: name: '../quick' should match pattern"),
        ("seed: 3", "seed: 3\nseed: 4", f"{X}:3: key 'seed' was already given on line 2"),
        ("seed: 3", "seed: [", f"{X}:"),
        (
            "  trials: 4",
            "  trials: 0\n  concurrent: 0",
            f"{X}:29: budget.trials: 0 should be greater than or equal to 1 (and 1 more)",
        ),
    ],
)
def test_bad_input_is_one_line(complaint: Complaint, old: str, new: str, said: str) -> None:
    assert complaint(old, new).startswith(said)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("override", "said"),
    [
        (
            "amplifier.stepz=3",
            "--set amplifier.stepz=3: amplifier: unknown key 'stepz'; did you mean 'steps'?",
        ),
        (
            "amplifer.steps=3",
            "--set amplifer.steps=3: unknown key 'amplifer'; did you mean 'amplifier'?",
        ),
        ("faces.size=40", "--set faces.size=40: faces.size: 40 should be a multiple of 16"),
        (
            "student.input_size=80",
            "--set student.input_size=80: input_size 80 is above faces.size, 64",
        ),
        (
            "search_space.parameters.input_size={int: [32, 96], step: 16}",
            "--set search_space.parameters.input_size={int: [32, 96], step: 16}: input_size 96 is",
        ),
        (
            "search_space.parameters.input_size={int: [32, 64]}",
            "--set search_space.parameters.input_size={int: [32, 64]}: search_space: input_size:"
            " 33 should be a multiple of 16",
        ),
        ("budget=", "--set budget=: budget: nothing should be keys and values"),
        ("objectives=[]", "--set objectives=[]: objectives: this should have at least 2 items"),
        (
            "search_space=none-such",
            "--set search_space=none-such: there is no search space 'none-such'",
        ),
        (
            "search_space.first.0.width=9",
            "--set search_space.first.0.width=9: search_space: width 9 is not among its values",
        ),
    ],
)
def test_an_override_is_named_in_its_error(override: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        load_experiment("x", [override])
    assert str(raised.value).startswith(said)


def test_a_search_space_by_name(here: Path) -> None:
    inline = load_experiment("x")
    space_file(here)
    assert load_experiment("x") == inline
    assert load_experiment("x", ["search_space.sampler=tpe"]).search_space.sampler == "tpe"


def test_a_search_space_is_named_in_its_own_errors(here: Path) -> None:
    file = space_file(here)
    file.write_text(file.read_text().replace("width:", "widht:"))
    with pytest.raises(UserError, match=r"^search_spaces/small\.yaml:5: search_space: unknown"):
        load_experiment("x")
    file.write_text("")
    with pytest.raises(UserError, match=r"^search_spaces/small\.yaml: search_space: nothing"):
        load_experiment("x")


def test_a_search_space_beside_the_experiment(here: Path) -> None:
    file = space_file(here)
    file.rename(here / "experiments" / "mine.yaml")
    text = (here / X).read_text()
    (here / X).write_text(text.replace("search_space: small", "search_space: ./mine.yaml"))
    assert load_experiment("x").search_space.sampler == "random"


@pytest.mark.parametrize(("text", "line"), [("", ""), ("- 1\n- 2\n", ":1"), ("just text", ":1")])
def test_a_file_without_keys(here: Path, text: str, line: str) -> None:
    (here / X).write_text(text)
    with pytest.raises(UserError, match=rf"^{X}{line}: an experiment is keys and values"):
        load_experiment("x")


@pytest.mark.usefixtures("here")
def test_a_file_outside_the_working_directory_is_named_in_full(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text((tmp_path / X).read_text() + "colour: red\n")
    (tmp_path / "inner").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "inner")
        with pytest.raises(UserError) as raised:
            load_experiment(outside)
    assert str(raised.value).startswith(f"{outside}:30: unknown key 'colour'")
