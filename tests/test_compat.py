"""The remedy runs in processes of its own: what is declared to torch cannot be taken back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_lpips_and_diffusers_import_after_it() -> None:
    code = """
from paretint.compat import mend_torchvision
mend_torchvision()
import lpips
from diffusers import UNet2DModel
print(lpips.LPIPS.__name__, UNet2DModel.__name__)
"""
    assert python(code) == "LPIPS UNet2DModel"


def test_it_declares_what_is_missing_once() -> None:
    code = """
import torch
from paretint import compat
compat._extension_loads = lambda: False
library = compat.mend_torchvision()
assert compat.mend_torchvision() is library
print(*(torch._C._dispatch_has_kernel_for_dispatch_key(f"torchvision::{name}", "Meta")
        for name in ("nms", "qnms")))
"""
    assert python(code) == "False False"


def test_it_declares_nothing_where_the_extension_loads() -> None:
    code = """
from paretint import compat
compat._extension_loads = lambda: True
print(compat.mend_torchvision())
"""
    assert python(code) == "None"


def test_an_extension_that_is_absent_or_broken_does_not_load(tmp_path: Path) -> None:
    (tmp_path / "torchvision").mkdir()
    (tmp_path / "torchvision" / "__init__.py").touch()
    code = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(tmp_path)!r})
from paretint import compat
print(compat.extension_path("torchvision", "_C"), compat._extension_loads())
"""
    assert python(code) == "None False"
    (tmp_path / "torchvision" / "_C.so").write_bytes(b"no library")
    assert python(code) == f"{tmp_path}/torchvision/_C.so False"
