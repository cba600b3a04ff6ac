from __future__ import annotations

from pathlib import Path

import pytest

from paretint.config.paths import names_file, shareable


@pytest.mark.parametrize(
    ("key", "value", "file"),
    [
        ("faces.before", "photos/before", True),
        ("faces.style", "plum", False),
        ("amplifier.weights", "/models/sd", True),
        ("amplifier.weights", "mine/base.safetensors", True),
        ("amplifier.image_encoder", "h94/IP-Adapter/models/image_encoder", False),
        ("amplifier.weights", None, False),
        ("amplifier.steps", 3, False),
    ],
)
def test_a_file_is_told_from_an_id_and_from_what_is_neither(
    key: str, value: object, file: bool
) -> None:
    assert names_file(key, value) is file


def test_what_is_there_is_no_id(tmp_path: Path) -> None:
    (tmp_path / "org" / "name").mkdir(parents=True)
    assert names_file("amplifier.weights", "org/name", tmp_path)
    assert not names_file("amplifier.weights", "org/other", tmp_path)


def test_of_a_path_others_may_see_its_last_name() -> None:
    assert shareable("amplifier.weights", "/home/alice/secret/a.safetensors") == "a.safetensors"
    assert shareable("amplifier.weights", "org/name") == "org/name"
    assert shareable("width", 16) == 16
