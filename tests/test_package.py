"""What holds for the package as a whole: its folders, its layers, and what it hides from nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = {"dashboards": ".py", "experiments": ".yaml", "search_spaces": ".yaml"}


def python(code: str, cwd: Path, *paths: Path) -> str:
    """What a fresh interpreter without the working directory's caches prints."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel was unpacked, as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_pythons_own_platform_is_not_hidden() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert python("import platform; print(platform.system())", ROOT) in ("Linux", "Darwin")


def test_importing_the_package_is_cheap(tmp_path: Path) -> None:
    code = "import paretint, sys; print({'torch', 'ray', 'polars', 'dash'} & set(sys.modules))"
    assert python(code, tmp_path) == "set()"


def test_the_wheel_carries_the_researchers_folders(wheel: Path) -> None:
    for folder, suffix in SHIPPED.items():
        here = {p.name for p in (ROOT / folder).glob(f"*{suffix}")}
        there = {p.name for p in (wheel / "paretint" / "shipped" / folder).glob(f"*{suffix}")}
        assert there == here != set()


def test_an_experiment_is_found_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    code = """
import paretint
from paretint.config import find, load_experiment
print(paretint.__file__)
print(find("experiments", "quickstart"))
print(load_experiment("quickstart").name)
"""
    package = wheel / "paretint"
    assert python(code, tmp_path, wheel).splitlines() == [
        str(package / "__init__.py"),
        str(package / "shipped" / "experiments" / "quickstart.yaml"),
        "quickstart",
    ]


def test_the_rooms_import_downwards_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
