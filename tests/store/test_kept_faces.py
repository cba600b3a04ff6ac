from __future__ import annotations

from pathlib import Path

from paretint.store import FACES, KeptFace, kept_faces


def test_faces_are_found_by_number_in_their_order(tmp_path: Path) -> None:
    (tmp_path / FACES).mkdir()
    for name in (
        "10-before.webp",
        "2-before.webp",
        "2-after.webp",
        "x-before.webp",
        "3-after.webp",
    ):
        (tmp_path / FACES / name).touch()
    assert kept_faces(tmp_path) == [KeptFace.numbered(2), KeptFace.numbered(10)]
    assert KeptFace.numbered(2) == ("2-before.webp", "2-made-up.webp", "2-after.webp")


def test_a_folder_of_an_earlier_version_has_none(tmp_path: Path) -> None:
    assert kept_faces(tmp_path) == []
