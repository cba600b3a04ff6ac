from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

import pytest
from rich.console import Console

from paretint.amplify import shipped_weights
from paretint.doctor import BROWSERS, Check, check_all, draw_checks

PARTS = [
    "python",
    "ray",
    "torch",
    "diffusers and torchvision",
    "amplifier bases",
    "stable-diffusion",
    "onnxruntime",
    "coremltools",
    "lpips",
    "gpu",
    "browser",
    "store",
]


@pytest.fixture
def nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without programs, weights or Core ML tools."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", "/dev/null")
    monkeypatch.setitem(sys.modules, "coremltools", None)


def checked(store: Path | str) -> dict[str, Check]:
    return {check.part: check for check in check_all(str(store))}


def test_every_part_is_checked_once(tmp_path: Path) -> None:
    assert [check.part for check in check_all(str(tmp_path))] == PARTS


def test_what_every_sweep_needs_is_good_here(tmp_path: Path) -> None:
    checks = checked(tmp_path)
    assert {part for part in PARTS if checks[part].state == "broken"} == set()
    assert checks["ray"].detail == metadata.version("ray")
    assert checks["amplifier bases"].detail == str(shipped_weights())
    assert "CPUExecutionProvider" in checks["onnxruntime"].detail
    assert checks["store"].detail.startswith(f"{tmp_path}, ")


@pytest.mark.usefixtures("nothing_else")
def test_what_is_absent_costs_a_column_or_a_picture(tmp_path: Path) -> None:
    checks = checked(tmp_path)
    for part, cost in [
        ("coremltools", "no .mlpackage is written"),
        ("lpips", "quality.lpips stays empty"),
        ("browser", "the browser tests are skipped"),
    ]:
        assert checks[part].state == "absent"
        assert cost in checks[part].detail
        assert "\n" not in checks[part].detail
    assert all(check.state != "broken" for check in checks.values())


@pytest.mark.parametrize("name", BROWSERS)
def test_a_browser_is_found_by_each_of_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert checked(tmp_path)["browser"] == Check("browser", "good", str(tmp_path / name))


@pytest.mark.parametrize("url", ["s3://bucket", "{file}/store"])
def test_a_store_that_cannot_be_used_is_broken(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").touch()
    check = checked(url.format(file=tmp_path / "file"))["store"]
    assert check.state == "broken"
    assert check.detail.startswith("--store ")


def test_the_table_says_every_word_of_a_check_and_takes_none_for_markup() -> None:
    checks = [
        Check("one", "good", "1.0"),
        Check("two", "broken", "[red] gone"),
        Check("x", "absent", ""),
    ]
    console = Console(width=60)
    with console.capture() as captured:
        console.print(draw_checks(checks))
    for check in checks:
        assert all(word in captured.get() for word in check)


def test_a_long_path_is_folded_and_not_cut() -> None:
    path = "/a/folder" * 12
    console = Console(width=60)
    with console.capture() as captured:
        console.print(draw_checks([Check("store", "good", path)]))
    assert path in "".join(captured.get().split())
