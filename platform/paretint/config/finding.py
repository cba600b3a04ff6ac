"""Names of experiments, search spaces and dashboard pages, and where their files lie."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import paretint
from paretint.config.hints import did_you_mean
from paretint.errors import UserError

Kind = Literal["experiments", "search_spaces", "dashboards"]

_SUFFIXES = {"experiments": ".yaml", "search_spaces": ".yaml", "dashboards": ".py"}
_ONE = {"experiments": "experiment", "search_spaces": "search space", "dashboards": "dashboard"}


def folders(kind: Kind) -> list[Path]:
    """The folders that exist, in the order of search: the working directory's, the installed."""
    engine = Path(paretint.__file__).resolve().parent
    shipped = engine / "shipped" / kind
    installed = shipped if shipped.is_dir() else engine.parents[1] / kind
    mine = Path.cwd() / kind
    return [folder for folder in dict.fromkeys((mine, installed)) if folder.is_dir()]


def names(kind: Kind) -> list[str]:
    """Every name that can be found, sorted."""
    found = [p for folder in folders(kind) for p in folder.glob(f"[!.]*{_SUFFIXES[kind]}")]
    return sorted({p.stem for p in found if p.is_file() and not _is_cluster(p)})


def find(kind: Kind, name: str | Path) -> Path:
    """The file at the path `name`, else the one of that name in the first of `folders`.

    Raises `UserError` with the nearest names where there is none.
    """
    path = _find(kind, name)
    if _is_cluster(path):
        raise UserError(f"{path}: is a cluster, and no {_ONE[kind]}; start it with: ray up {path}")
    return path


def _find(kind: Kind, name: str | Path) -> Path:
    path = Path(name)
    if path.is_file():
        return path
    file = path.name if path.suffix == _SUFFIXES[kind] else f"{path.name}{_SUFFIXES[kind]}"
    if path.name == str(name):
        for folder in folders(kind):
            if (folder / file).is_file():
                return folder / file
    elif path.suffix:
        raise UserError(f"{name}: there is no such file")
    raise UserError(f"there is no {_ONE[kind]} {str(name)!r}{did_you_mean(str(name), names(kind))}")


def _is_cluster(path: Path) -> bool:
    """Whether a file is for Ray's cluster launcher: one such lies beside the experiments."""
    return path.suffix == ".yaml" and b"\ncluster_name:" in b"\n" + path.read_bytes()
