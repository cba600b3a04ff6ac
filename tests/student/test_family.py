from __future__ import annotations

import pytest
import torch

from paretint.config.recipe import PUBLISHED
from paretint.student import Release, TinyBeauty, build_student


def test_the_published_network() -> None:
    assert isinstance(build_student({"network": "release", **PUBLISHED}), Release)


def test_the_compact_network_has_its_axes() -> None:
    axes = {"width": 8, "blocks": 1, "stem": 5, "decoder": "upsample-first", "norm": "batch",
            "convolution": "separable", "downscale": 2}  # fmt: skip
    torch.manual_seed(0)
    built = build_student({"network": "compact", **axes})
    torch.manual_seed(0)
    expected = TinyBeauty(**axes)
    photo = torch.rand(1, 3, 16, 16)
    assert built.eval()(photo).equal(expected.eval()(photo))


def test_what_is_out_of_range() -> None:
    with pytest.raises(ValueError, match="stem: 4 should be 3, 5 or 7"):
        build_student({"network": "compact", "width": 8, "stem": 4})
