from __future__ import annotations

import pytest

from paretint.config import did_you_mean


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("amplifer", ["student", "amplifier"], "; did you mean 'amplifier'?"),
        ("stps", ["steps", "step"], "; did you mean 'steps' or 'step'?"),
        ("zzz", ["b", "a", "b"], "; known: a, b"),
        ("zzz", [], ""),
    ],
)
def test_hint(name: str, known: list[str], hint: str) -> None:
    assert did_you_mean(name, known) == hint
