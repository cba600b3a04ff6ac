from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paretint.errors import UserError
from paretint.front.winner.sums import SUMS, check_sums, checksums

FILES = {"card.md": b"a card", "model.mlpackage/Data/w.bin": b"core ml", "model.onnx": b"onnx"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / SUMS).write_text(checksums(tmp_path))
    return tmp_path


def test_files_as_they_were_written_are_counted(folder: Path) -> None:
    assert check_sums(folder) == 3


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", [0, -1])
def test_a_changed_byte_is_told_with_its_file(folder: Path, name: str, place: int) -> None:
    content = bytearray((folder / name).read_bytes())
    content[place] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(UserError, match=f"{name}: was changed"):
        check_sums(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(UserError, match=f"{name}: is missing; SHA256SUMS names it"):
        check_sums(folder)


def test_a_file_more_is_told(folder: Path) -> None:
    (folder / "model.mlpackage" / "virus").touch()
    with pytest.raises(UserError, match=r"virus: was added; SHA256SUMS does not name it"):
        check_sums(folder)


def test_no_sums_are_told(folder: Path) -> None:
    (folder / SUMS).unlink()
    with pytest.raises(UserError, match=r"is no winner: it has no SHA256SUMS"):
        check_sums(folder)


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_no_bit_of_the_sums_can_change(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("winner")
    (folder / "card.md").write_bytes(b"a card")
    content = bytearray(checksums(folder).encode())
    content[place % len(content)] ^= 1 << bit
    (folder / SUMS).write_bytes(content)
    with pytest.raises(UserError) as caught:
        check_sums(folder)
    assert "\n" not in str(caught.value)


def test_lines_in_another_order_are_told(folder: Path) -> None:
    lines = (folder / SUMS).read_text().splitlines(keepends=True)
    (folder / SUMS).write_text("".join(reversed(lines)))
    with pytest.raises(UserError, match=r"SHA256SUMS: was changed: its lines are not in order"):
        check_sums(folder)
