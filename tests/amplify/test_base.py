"""The base that ships with the package."""

from __future__ import annotations

from pathlib import Path

import pytest
from safetensors import safe_open

from paretint import UserError
from paretint.amplify import base_path, known_bases
from paretint.amplify.network import ResidualUNet, load_weights

SHIPPED = Path(__file__).parents[2] / "platform/paretint/amplify/bases/rdm-small.safetensors"


def test_shipped_base_is_small_loads_and_says_what_it_was_trained_on() -> None:
    assert SHIPPED.is_file()
    assert SHIPPED.stat().st_size <= 8_000_000
    assert base_path("rdm-small") == SHIPPED
    assert isinstance(load_weights(SHIPPED), ResidualUNet)
    with safe_open(SHIPPED, "pt") as file:
        assert file.metadata()["data"] == "procedural faces, random styles"


def test_shipped_base_is_offered_for_a_misspelt_name() -> None:
    assert "rdm-small" in known_bases()
    with pytest.raises(UserError, match=r"'rdm-smal' is no base .* did you mean 'rdm-small'"):
        base_path("rdm-smal")
