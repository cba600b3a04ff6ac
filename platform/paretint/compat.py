"""Keeps torchvision importable where its own extension does not fit the installed torch."""

from __future__ import annotations

import functools
import importlib.machinery
import importlib.util

import torch

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


@functools.cache
def mend_torchvision() -> torch.library.Library | None:
    """Declare the two operators torchvision's import asks for; call before lpips or diffusers.

    Package indexes pair a CPU build of torch with a CUDA build of torchvision, whose extension
    then cannot be loaded: its import dies on a missing ``torchvision::nms``, and takes lpips and
    diffusers along, though neither calls that operator. Where the extension loads, nothing is
    declared and None is returned. The library is kept by the cache: PyTorch forgets the
    declarations of one that is collected.
    """
    if _extension_loads():
        return None
    library = torch.library.Library("torchvision", "DEF")
    for schema in _SCHEMAS:
        library.define(schema)
    return library


def _extension_loads() -> bool:
    path = extension_path("torchvision", "_C")
    if path is None:
        return False
    try:
        torch.ops.load_library(path)
    except OSError:
        return False
    return True


def extension_path(package_name: str, name: str) -> str | None:
    """Return the file of a package's extension module, which is not loaded; None without one."""
    package = importlib.util.find_spec(package_name)
    if package is None or not package.submodule_search_locations:
        return None
    loader = (
        importlib.machinery.ExtensionFileLoader,
        importlib.machinery.EXTENSION_SUFFIXES,
    )
    folder = package.submodule_search_locations[0]
    extension = importlib.machinery.FileFinder(folder, loader).find_spec(name)
    return extension.origin if extension else None
