"""The base that ships with the package."""

from __future__ import annotations

from pathlib import Path

from safetensors import safe_open

from paretint.amplify import shipped_weights
from paretint.amplify.network import ResidualUNet, load_weights

SHIPPED = Path(__file__).parents[2] / "platform/paretint/amplify/bases/rdm-small.safetensors"


def test_shipped_base_is_small_loads_and_says_what_it_was_trained_on() -> None:
    assert shipped_weights() == SHIPPED
    assert SHIPPED.stat().st_size <= 8_000_000
    assert isinstance(load_weights(SHIPPED), ResidualUNet)
    with safe_open(SHIPPED, "pt") as file:
        assert file.metadata()["data"] == "procedural faces, random styles"
