from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint import UserError
from paretint.regions import CLASSES
from paretint.regions.tables import (
    CELEBAMASK_HQ,
    HELEN,
    LAPA,
    PARTS,
    Table,
    eyes_agree,
    mirrored,
    read_table,
)

LEFT, RIGHT, SKIN = (frozenset({name}) for name in ("left_eye", "right_eye", "skin"))
CLASS = st.sampled_from([name for name in CLASSES if name != "background"])


def complaint(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as raised:
        read_table(path)
    assert "\n" not in str(raised.value)
    return str(raised.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize("table", [CELEBAMASK_HQ, LAPA, HELEN], ids=lambda table: table.title)
def test_the_sets_of_a_data_set_hold_every_class_once(table: Table) -> None:
    assert sorted(name for names in table.sets() for name in names) == sorted(CLASSES)


def test_celebamask_hq_tells_all_classes_apart_in_the_order_of_its_parts() -> None:
    assert CELEBAMASK_HQ.sets() == tuple(frozenset({name}) for name in CLASSES)
    said = {"eye_g": "glasses", "u_lip": "upper_lip", "l_lip": "lower_lip", "ear_r": "earring",
            "neck_l": "necklace"}  # fmt: skip
    sides = {"l": "left", "r": "right"}
    for part, name in zip(PARTS, CLASSES[1:], strict=True):
        side, _, rest = part.partition("_")
        assert name == said.get(part, f"{sides.get(side, side)}_{rest}" if rest else part)


def test_what_a_coarse_table_does_not_name_is_its_background() -> None:
    worn = {"background", "glasses", "hat", "earring", "necklace", "neck", "cloth"}
    assert LAPA.sets()[:2] == (worn, {"skin", "left_ear", "right_ear"})
    assert HELEN.sets()[:2] == (worn | {"left_ear", "right_ear"}, {"skin"})


@pytest.mark.parametrize("table", [LAPA, HELEN], ids=lambda table: table.title)
def test_the_left_of_a_photo_is_the_person_s_right(table: Table) -> None:
    assert [set(names) for names in table.sets()[2:]] == [
        {"right_brow"}, {"left_brow"}, {"right_eye"}, {"left_eye"}, {"nose"}, {"upper_lip"},
        {"mouth"}, {"lower_lip"}, {"hair"},
    ]  # fmt: skip


def test_rows_are_the_places_of_the_ids() -> None:
    table = Table("mine", {200: SKIN, 0: frozenset({"background"}), 9: LEFT})
    assert table.rows(np.array([[200, 0], [9, 200]], np.uint8)).tolist() == [[2, 0], [1, 2]]
    assert table.sets()[1:] == (LEFT, SKIN)


@given(st.dictionaries(st.integers(0, 255), CLASS, min_size=1), st.data())
def test_a_pixel_s_row_is_its_id_s_class(named: dict[int, str], data: st.DataObject) -> None:
    table = Table("any", {index: frozenset({name}) for index, name in named.items()})
    ids = data.draw(st.lists(st.sampled_from(sorted(named)), min_size=1))
    rows = table.rows(np.array([ids], np.uint8))[0]
    assert [table.sets()[row] for row in rows] == [{named[index]} for index in ids]


def test_the_smallest_unknown_id_is_named() -> None:
    with pytest.raises(KeyError, match=r"^11$"):
        LAPA.rows(np.array([[0, 13, 11]], np.uint8))


def test_exchanging_sides_changes_only_what_has_one() -> None:
    assert mirrored((LEFT, SKIN, frozenset({"left_ear", "right_ear"}))) == (
        RIGHT, SKIN, {"left_ear", "right_ear"},
    )  # fmt: skip
    assert mirrored(mirrored(LAPA.sets())) == LAPA.sets()


@pytest.mark.parametrize(
    ("row", "agree"), [([2, 2, 0, 1], 1), ([1, 0, 2], -1), ([1, 1], 0), ([0, 2], 0), ([1, 2, 1], 0)]
)
def test_a_person_s_left_eye_lies_on_the_right(row: list[int], agree: int) -> None:
    rows = np.array([[0] * len(row), row], np.uint8)
    assert eyes_agree((SKIN, LEFT, RIGHT), rows) == agree
    assert eyes_agree((SKIN, RIGHT, LEFT), rows) == -agree


def test_a_table_without_eyes_has_no_sides() -> None:
    everything = Table("hair only", {0: frozenset({"background"}), 1: frozenset({"hair"})})
    assert eyes_agree(everything.sets(), np.array([[0, 1]], np.uint8)) == 0


def test_labels_json(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_text('{"0": "background", "255": "skin", "7": "skin"}', encoding="utf-8")
    assert read_table(path).classes == {0: {"background"}, 255: SKIN, 7: SKIN}


@pytest.mark.parametrize("text", ["", "{", '{"0": ', "\udcff"])
def test_a_file_that_is_no_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UserError) as raised:
        read_table(path)
    assert str(raised.value).startswith(f"{path}: is no readable JSON (")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("text", ["[]", "{}", "3", "null", '["skin"]'])
def test_json_of_another_kind(tmp_path: Path, text: str) -> None:
    assert complaint(tmp_path / "labels.json", text) == (
        'is no object of ids and names, such as {"1": "skin"}'
    )


@pytest.mark.parametrize("index", ["256", "-1", "1.0", "01", "skin", ""])
def test_an_id_that_is_none(tmp_path: Path, index: str) -> None:
    assert complaint(tmp_path / "labels.json", f'{{"{index}": "skin"}}') == (
        f"{index!r} is no id; ids are whole numbers from 0 to 255"
    )


def test_an_unknown_name_comes_with_the_nearest(tmp_path: Path) -> None:
    assert complaint(tmp_path / "labels.json", '{"3": "upper lips"}') == (
        "3: no class 'upper lips'; did you mean 'upper_lip'?"
    )


@pytest.mark.parametrize("name", ["4", "null", '["skin"]', '{"a": 1}'])
def test_a_name_that_is_no_text(tmp_path: Path, name: str) -> None:
    assert complaint(tmp_path / "labels.json", f'{{"3": {name}}}').startswith("3: no class ")
