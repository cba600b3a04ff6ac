from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from paretint import UserError
from paretint.store import Ledger, Run
from paretint.store.files import replace

ROWS = st.lists(
    st.fixed_dictionaries(
        {"trial": st.sampled_from(["t0", "t1", "t2"])},
        optional={
            "state": st.sampled_from(["complete", "failed"]),
            "quality.psnr": st.none() | st.integers(0, 9) | st.floats(0, 9),
            "size.params": st.none() | st.integers(-(2**63), 2**63 - 1),
            "mine": st.integers(0, 9),
        },
    ),
    min_size=1,
    max_size=8,
)


def test_nothing_yet(run: Run) -> None:
    ledger = Ledger(run)
    for table in (ledger.trials(), ledger.rungs()):
        assert table.schema == {"trial": pl.String, "state": pl.String}
        assert table.height == 0


def test_rows_types_and_new_columns(run: Run) -> None:
    ledger = Ledger(run)
    ledger.write_trial({"trial": "t0", "state": "failed", "quality.psnr": None, "mine": 1})
    ledger.write_trial({"trial": "t1", "quality.psnr": np.float32(36.5), "seed": np.int64(7)})
    expected = pl.DataFrame(
        {
            "trial": ["t0", "t1"],
            "state": ["failed", None],
            "quality.psnr": [None, 36.5],
            "mine": [1, None],
            "seed": [None, 7],
        }
    )
    assert_frame_equal(ledger.trials(), expected)
    assert_frame_equal(Ledger(Run.open(run.folder)).trials(), expected)


def test_cells_added_to_a_trial_leave_the_others_and_its_place(run: Run) -> None:
    ledger = Ledger(run)
    ledger.write_trial({"trial": "t0", "state": "complete", "quality.psnr": 36.5, "mine": 1})
    ledger.write_trial({"trial": "t1", "state": "complete"})
    ledger.add_to_trial("t0", {"mine": 2, "seed": 7})
    assert ledger.trials().rows() == [
        ("t0", "complete", 36.5, 2, 7),
        ("t1", "complete", None, None, None),
    ]


def test_a_repeated_trial_takes_its_old_place(run: Run) -> None:
    ledger = Ledger(run)
    for trial in ("t0", "t1", "t2"):
        ledger.write_trial({"trial": trial, "state": "failed", "reason": "killed"})
    ledger.write_trial({"trial": "t1", "state": "complete"})
    assert ledger.trials().rows() == [
        ("t0", "failed", "killed"),
        ("t1", "complete", None),
        ("t2", "failed", "killed"),
    ]


def test_a_rung_is_told_apart_by_trial_and_rung(run: Run) -> None:
    ledger = Ledger(run)
    for trial, rung, psnr in [("t0", 10, 30.0), ("t0", 20, 31.0), ("t1", 10, 32.0)]:
        ledger.write_rung({"trial": trial, "rung": rung, "quality.psnr": psnr})
    ledger.write_rung({"trial": "t0", "rung": 10, "quality.psnr": 33.0})
    assert ledger.rungs().rows() == [("t0", 10, 33.0), ("t0", 20, 31.0), ("t1", 10, 32.0)]
    assert ledger.trials().height == 0


@given(rows=ROWS)
def test_it_holds_the_last_row_of_each_trial(
    rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    ledger = Ledger(Run(tmp_path_factory.mktemp("run"), experiment=None))  # type: ignore[arg-type]
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        ledger.write_trial(row)
        last[row["trial"]] = row
    columns = dict.fromkeys(name for row in rows for name in row)
    written = ledger.trials().rows(named=True)
    assert written == [{name: row.get(name) for name in columns} for row in last.values()]


@pytest.mark.parametrize(
    ("row", "error", "said"),
    [
        ({"state": "failed"}, KeyError, "trial"),
        ({"trial": 3}, TypeError, "trial holds str, not 3"),
        ({"trial": "t1", "seed": 3.7}, TypeError, "seed holds int, not 3.7"),
        ({"trial": "t1", "seed": True}, TypeError, "seed holds int, not True"),
        ({"trial": "t1", "quality.psnr": "36"}, TypeError, "quality.psnr holds float, not '36'"),
    ],
)
def test_a_row_that_does_not_fit_changes_nothing(
    run: Run, row: dict[str, Any], error: type[Exception], said: str
) -> None:
    ledger = Ledger(run)
    ledger.write_trial({"trial": "t0", "state": "complete"})
    before = run.trials_parquet.read_bytes()
    with pytest.raises(error, match=said):
        ledger.write_trial(row)
    assert run.trials_parquet.read_bytes() == before


def test_a_table_that_is_none(run: Run) -> None:
    run.trials_parquet.write_bytes(b"PAR1 cut short")
    with pytest.raises(UserError, match=r"trials\.parquet: is no readable table: "):
        Ledger(run).trials()


def test_it_is_read_whole_while_it_is_written(run: Run) -> None:
    """A reader may meet a new table at any moment: it opens one file, once."""
    tables = [
        pl.DataFrame(
            {f"mine.{column}": [f"{row}" * 9 for row in range(rows)] for column in range(50)}
        )
        for rows in (1, 9, 3)
    ]
    read: list[pl.DataFrame] = []

    def write() -> None:
        for turn in range(600):
            replace(run.trials_parquet, tables[turn % 3].write_parquet)

    replace(run.trials_parquet, tables[0].write_parquet)
    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        read.append(Ledger(run).trials())
    writer.join()
    assert {table.height for table in read} <= {1, 3, 9}


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def write(partial: Path) -> None:
        partial.write_text("new, but")
        raise OSError("the wire is loose")

    with pytest.raises(OSError, match="the wire is loose"):
        replace(path, write)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    replace(path, lambda partial: partial.write_text("new"))
    assert path.read_text() == "new"
