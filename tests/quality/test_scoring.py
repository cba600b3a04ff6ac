from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from paretint.config import is_column
from paretint.faces import STYLES, Pairs, render_pairs
from paretint.quality import bootstrap, psnr, score, score_faces

TORCH_HOME = Path(__file__).parents[3] / "shared" / "data" / "torch_home"


@pytest.fixture(scope="module")
def heldout() -> Pairs:
    return render_pairs(STYLES["rose"].vector(), 12, 32, seed=0)


def test_every_score_is_a_column_with_its_interval(heldout: Pairs) -> None:
    scores = score(heldout.before, heldout, with_lpips=False)
    assert list(scores) == [
        f"quality.{name}{end}"
        for name in ("psnr", "psnr_gain", "ssim")
        for end in ("", "_lo", "_hi")
    ]
    assert all(is_column(name) for name in scores)
    assert all(type(value) is float for value in scores.values())


def test_a_score_is_the_mean_over_faces(heldout: Pairs) -> None:
    by_face = score_faces(heldout.before, heldout, with_lpips=False)
    assert by_face["quality.psnr"].tolist() == psnr(heldout.before, heldout.after).tolist()
    scores = score(heldout.before, heldout, with_lpips=False)
    assert {name: values.mean() for name, values in by_face.items()} == {
        name: scores[name] for name in by_face
    }


def test_the_unchanged_photo_gains_nothing(heldout: Pairs) -> None:
    scores = score(heldout.before, heldout, with_lpips=False)
    assert [scores[f"quality.psnr_gain{end}"] for end in ("", "_lo", "_hi")] == [0, 0, 0]
    reached = psnr(heldout.before, heldout.after)
    interval = [scores[f"quality.psnr{end}"] for end in ("", "_lo", "_hi")]
    assert interval == list(bootstrap(reached))
    assert interval[0] == pytest.approx(reached.mean())


def test_gain_is_counted_face_by_face(heldout: Pairs) -> None:
    """One face in error more, each: gains are alike where PSNRs are not, so they are surer."""
    error = heldout.after.double() - heldout.before.double()
    made_up = (heldout.before + (error / 2).round()).clamp(0, 255).byte()
    scores = score(made_up, heldout, with_lpips=False)
    assert scores["quality.psnr_gain"] == pytest.approx(20 * np.log10(2), abs=0.2)
    width, gains_width = (
        scores[f"quality.{name}_hi"] - scores[f"quality.{name}_lo"]
        for name in ("psnr", "psnr_gain")
    )
    assert gains_width < 0.1 * width


def test_the_real_after_is_the_best_there_is(heldout: Pairs) -> None:
    best = score(heldout.after, heldout, with_lpips=False)
    unchanged = score(heldout.before, heldout, with_lpips=False)
    assert best["quality.ssim"] == pytest.approx(1)
    assert all(best[name] > value for name, value in unchanged.items())


def test_lpips_is_scored_where_it_can_be(heldout: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    if not TORCH_HOME.is_dir():
        pytest.skip(f"needs SqueezeNet's weights in {TORCH_HOME}")
    monkeypatch.setenv("TORCH_HOME", str(TORCH_HOME))
    scores = score(heldout.before, heldout, with_lpips=True)
    assert list(scores)[-3:] == [f"quality.lpips{end}" for end in ("", "_lo", "_hi")]
    assert 0 < scores["quality.lpips_lo"] < scores["quality.lpips"] < scores["quality.lpips_hi"]
