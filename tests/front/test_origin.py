from __future__ import annotations

import polars as pl
import pytest

from paretint.front import mixed_provenance, provenance, provenances

ROWS = pl.DataFrame(
    {
        "trial": ["t0000", "t0001", "t0002", "t0003", "t0004"],
        "speed.fps": [90.0, 80.0, None, 70.0, 60.0],
        "speed.provenance": ["measured:ort-cpu", None, "measured:ort-cpu", "", "proxy:macs"],
        "speed.phone.fps": [30.0, None, 20.0, None, 10.0],
        "speed.phone.provenance": ["measured:ort-cpu", None, "measured:phone", None, None],
    }
)


@pytest.mark.parametrize(
    ("columns", "counts"),
    [
        (["quality.psnr"], {}),
        (["speed.none.fps"], {}),
        (["speed.fps"], {"measured:ort-cpu": 1, "proxy:macs": 1, "unstated": 2}),
        (["speed.phone.fps"], {"measured:ort-cpu": 1, "measured:phone": 1, "unstated": 1}),
        (
            ["quality.psnr", "speed.fps", "speed.phone.fps"],  # of t0000 both, and alike
            {"measured:ort-cpu": 1, "measured:phone": 1, "proxy:macs": 1, "unstated": 3},
        ),
    ],
)
def test_rows_are_counted_by_where_their_speeds_come_from(
    columns: list[str], counts: dict[str, int]
) -> None:
    assert provenances(ROWS, columns) == counts
    assert list(provenances(ROWS, columns)) == sorted(counts)


def test_a_column_that_no_row_has_tells_nothing() -> None:
    bare = ROWS.select("trial", "speed.fps")
    assert provenances(bare, ["speed.fps", "speed.phone.fps"]) == {"unstated": 4}
    assert provenances(bare.clear(), ["speed.fps"]) == {}


def test_rows_by_rows_and_columns_agree() -> None:
    for column in ("speed.fps", "speed.phone.fps"):
        found = [provenance(row, column) for row in ROWS.to_dicts()]
        counts = {name: found.count(name) for name in found if name is not None}
        assert provenances(ROWS, [column]) == counts


def test_speeds_of_one_provenance_need_no_warning() -> None:
    assert mixed_provenance({}) == mixed_provenance({"measured:ort-cpu": 3}) == ()
    assert mixed_provenance(provenances(ROWS, ["speed.fps"])) == (
        "speeds of unlike provenance are compared: measured:ort-cpu (1), proxy:macs (1),"
        " unstated (2)",
    )
