"""What this machine has of all that Paretint can use, and what is lost without the rest."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import Literal, NamedTuple

from rich import box
from rich.table import Column, Table
from rich.text import Text

from paretint.errors import UserError

State = Literal["good", "absent", "broken"]

STABLE_DIFFUSION = ("transformers", "peft")
"""What the base of that name needs beside the rest."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Check(NamedTuple):
    """One part: its name, whether it is there, and what that means.

    An absent part costs a column or a picture; without a broken one no sweep runs.
    """

    part: str
    state: State
    detail: str


def check_all(store_url: str | None) -> list[Check]:
    """Check every part of this machine that a sweep, a report or a test can use."""
    return [
        Check("python", "good", f"{platform.python_version()} on {platform.platform()}"),
        _library("ray"),
        _library("torch"),
        _broken_if("diffusers and torchvision", _diffusion),
        _broken_if("amplifier bases", _bases),
        _stable_diffusion(),
        _broken_if("onnxruntime", _onnxruntime),
        _coreml(),
        _lpips(),
        _gpu(),
        _browser(),
        _broken_if("store", lambda: _store(store_url)),
    ]


def draw_checks(checks: list[Check]) -> Table:
    """Draw the checks as a table for the terminal."""
    colours: dict[State, str] = {"good": "green", "absent": "yellow", "broken": "red"}
    table = Table("part", "state", Column("detail", overflow="fold"), box=box.SIMPLE_HEAD)
    for check in checks:
        table.add_row(check.part, Text(check.state, style=colours[check.state]), Text(check.detail))
    return table


def _library(name: str) -> Check:
    return Check(name, "good", metadata.version(name))


def _broken_if(part: str, probe: Callable[[], str]) -> Check:
    """Report what a probe finds; a part whose own check fails is broken, with its reason."""
    try:
        return Check(part, "good", probe())
    except (ImportError, RuntimeError, OSError, UserError) as error:
        return Check(part, "broken", str(error).splitlines()[0])


def _diffusion() -> str:
    import_module("paretint.amplify.diffusion")  # its package mends torchvision; it loads diffusers
    import_module("torchvision")
    return f"{metadata.version('diffusers')} and {metadata.version('torchvision')}"


def _bases() -> str:
    from paretint.amplify import shipped_weights

    path = shipped_weights()
    if not path.is_file():
        raise UserError(f"{path} is missing; reinstall paretint")
    return str(path)


def _stable_diffusion() -> Check:
    missing = [name for name in STABLE_DIFFUSION if find_spec(name) is None]
    if missing:
        lacks = f"{' and '.join(missing)} cannot be imported; pip install"
        return Check("stable-diffusion", "absent", f"{lacks} 'paretint[stable-diffusion]'")
    versions = [f"{name} {metadata.version(name)}" for name in STABLE_DIFFUSION]
    return Check("stable-diffusion", "good", ", ".join(versions))


def _onnxruntime() -> str:
    import onnxruntime

    return f"{onnxruntime.__version__}, {', '.join(onnxruntime.get_available_providers())}"


def _coreml() -> Check:
    from paretint.export import coreml_available

    reason = coreml_available()
    if reason is not None:
        return Check("coremltools", "absent", f"{reason}; no .mlpackage is written")
    return _broken_if("coremltools", _coremltools)


def _coremltools() -> str:
    from paretint.export import load_coremltools

    load_coremltools()
    return metadata.version("coremltools")


def _lpips() -> Check:
    from paretint.quality import lpips_missing

    reason = lpips_missing()
    if reason is not None:
        return Check("lpips", "absent", f"{reason}; quality.lpips stays empty")
    return Check("lpips", "good", metadata.version("lpips"))


def _gpu() -> Check:
    import torch

    if torch.cuda.is_available():
        return Check("gpu", "good", torch.cuda.get_device_name())
    return Check("gpu", "absent", "amplification runs on the cores")


def _browser() -> Check:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        return Check("browser", "absent", "the browser tests are skipped; install chromium")
    return Check("browser", "good", found)


def _store(url: str | None) -> str:
    from paretint.store import Store

    store = Store.at(url)
    cache = "" if store.shared is None else f", with a cache in {store.root}"
    free = shutil.disk_usage(store.root).free / 1e9
    return f"{store}{cache}, {free:.0f} GB free"
