"""Sets of amplified pairs, copied out of a store that one worker has filled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import yaml

from paretint import UserError
from paretint.amplify import AmplifierWorker, AmplifyJob, check_set_folder, write_set

COUNT = 10


@pytest.fixture
def made(job: AmplifyJob) -> AmplifyJob:
    worker = AmplifierWorker()
    worker.fit(job, lambda _what, _done, _of: None)
    for part in range(3):
        worker.make_part(job, part)
    return job


@pytest.fixture
def sheet(made: AmplifyJob) -> Path:
    return AmplifierWorker().draw_sheet(made)


def indices(out: Path) -> list[int]:
    return pl.read_parquet(out / "part-*.parquet")["index"].to_list()


def test_a_set_has_as_many_images_as_were_asked_for_and_says_what_made_them(
    made: AmplifyJob, sheet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "deep" / "set"
    write_set(made, COUNT, sheet, out)
    assert indices(out) == list(range(COUNT))
    card = yaml.safe_load((out / "amplified.yaml").read_text())
    assert card["amplified_key"] == made.amplified_key
    assert (card["images"], card["source_pairs"]) == (COUNT, list(made.source.names))
    assert card["amplifier"]["steps"] == made.settings.steps
    assert (out / "contact_sheet.png").read_bytes() == sheet.read_bytes()


def test_the_same_set_may_grow_and_shrink(made: AmplifyJob, sheet: Path, tmp_path: Path) -> None:
    for count in (5, COUNT, 3):
        write_set(made, count, sheet, tmp_path / "set")
        assert indices(tmp_path / "set") == list(range(count))


def test_a_part_that_was_cut_off_is_copied_again(
    made: AmplifyJob, sheet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "set"
    write_set(made, COUNT, sheet, out)
    (out / "part-00001.parquet").write_bytes(b"PAR1")
    write_set(made, COUNT, sheet, out)
    assert indices(out) == list(range(COUNT))


@pytest.mark.parametrize("card", [None, b"", b"[1]", b"amplified_key: other", b"{", b"\xff"])
def test_a_folder_that_holds_something_else_is_left_alone(
    job: AmplifyJob, tmp_path: Path, card: bytes | None
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "thesis.txt").write_text("chapter 1")
    if card is not None:
        (tmp_path / "set" / "amplified.yaml").write_bytes(card)
    with pytest.raises(UserError, match=r"set: holds something else; name another folder"):
        check_set_folder(tmp_path / "set", job)


def test_the_set_of_other_settings_and_a_file_are_left_alone(
    made: AmplifyJob, sheet: Path, tmp_path: Path
) -> None:
    write_set(made, 4, sheet, tmp_path / "set")
    check_set_folder(tmp_path / "set", made)
    with pytest.raises(UserError, match="holds something else"):
        check_set_folder(tmp_path / "set", replace(made, seed=1))
    with pytest.raises(UserError, match="is a file; name a folder with --out"):
        check_set_folder(tmp_path / "set" / "amplified.yaml", made)


def test_an_empty_folder_will_do(job: AmplifyJob, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    check_set_folder(tmp_path / "set", job)


def test_the_sheet_shows_the_very_images_that_were_kept(
    made: AmplifyJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is drawn again for the sheet comes out as the part holds it."""
    import torch

    from paretint.amplify import workers
    from paretint.faces import to_bytes

    seen = []
    draw = workers.sheet_rows

    def spy(faces, residuals, after):  # type: ignore[no-untyped-def]
        seen.append((residuals.after(1.0, 0.8), after))
        return draw(faces, residuals, after)

    monkeypatch.setattr(workers, "sheet_rows", spy)
    AmplifierWorker().draw_sheet(made)
    ((again, after),) = seen
    assert torch.equal(to_bytes(again), after)
