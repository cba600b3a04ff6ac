from __future__ import annotations

from pathlib import Path

import pytest

import paretint
from paretint import UserError
from paretint.config import find, folders, names

CHECKOUT = Path(paretint.__file__).parents[2]


def test_the_working_directory_comes_before_the_installed(here: Path) -> None:
    (here / "search_spaces").mkdir()
    assert folders("search_spaces")[0] == here / "search_spaces"
    assert folders("experiments")[1:] == [
        folder for folder in [CHECKOUT / "experiments"] if folder.is_dir()
    ]
    assert find("experiments", "x") == here / "experiments" / "x.yaml"
    assert find("experiments", "x.yaml") == here / "experiments" / "x.yaml"


def test_a_path_is_taken_as_it_is(here: Path) -> None:
    (here / "elsewhere.yaml").touch()
    assert find("experiments", "elsewhere.yaml") == Path("elsewhere.yaml")
    assert find("experiments", here / "experiments" / "x.yaml").name == "x.yaml"


def test_a_folder_of_the_name_is_no_file(here: Path) -> None:
    (here / "x").mkdir()
    assert find("experiments", "x") == here / "experiments" / "x.yaml"


def test_pages_are_python_files(here: Path) -> None:
    (here / "dashboards").mkdir()
    (here / "dashboards" / "mine.py").touch()
    assert find("dashboards", "mine") == here / "dashboards" / "mine.py"
    assert "mine" in names("dashboards")
    assert "x" in names("experiments")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("experiments/y.yaml", "experiments/y.yaml: there is no such file"),
        ("../x", "there is no experiment '../x'"),
        ("quikstartt-none", "there is no experiment 'quikstartt-none'"),
    ],
)
def test_what_is_not_there(name: str, said: str) -> None:
    with pytest.raises(UserError) as raised:
        find("experiments", name)
    assert str(raised.value).startswith(said)


def test_near_names_are_told(here: Path) -> None:
    (here / "experiments" / "long_name.yaml").touch()
    with pytest.raises(UserError, match="did you mean 'long_name'"):
        find("experiments", "lnog_name")


def test_what_an_editor_left_is_no_name(here: Path) -> None:
    (here / "experiments" / ".#mine.yaml").symlink_to("me@here.1234")
    (here / "experiments" / "gone.yaml").symlink_to("nowhere.yaml")
    assert {"gone", ".#mine"}.isdisjoint(names("experiments"))
    with pytest.raises(UserError, match="there is no experiment 'gone'"):
        find("experiments", "gone")


def test_a_cluster_beside_the_experiments_is_none(here: Path) -> None:
    cluster = here / "experiments" / "mine.yaml"
    cluster.write_text("# Two machines.\ncluster_name: mine\n")
    assert "mine" not in names("experiments")
    for name in ("mine", cluster):
        with pytest.raises(UserError, match="is a cluster, and no experiment; start it with"):
            find("experiments", name)
    cluster.write_text("name: mine  # of a cluster_name:\n")
    assert "mine" in names("experiments")
    assert find("experiments", "mine") == cluster


def test_the_shipped_experiments_are_all_but_the_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {path.stem for path in (CHECKOUT / "experiments").glob("*.yaml")}
    assert files - set(names("experiments")) == {"cluster"}
