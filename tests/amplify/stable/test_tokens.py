from __future__ import annotations

from pathlib import Path

import torch
from transformers import CLIPVisionModelWithProjection

from paretint.amplify.stable.tokens import COUNT, Tokens, exemplar, features


def test_the_published_projection_has_25_million_parameters() -> None:
    with torch.device("meta"):
        tokens = Tokens(features=1024, width=768)
    assert sum(each.numel() for each in tokens.parameters()) == 1024 * 24576 + 24576 + 2 * 768


def test_a_face_and_a_style_share_one_projection() -> None:
    torch.manual_seed(0)
    tokens = Tokens(features=5, width=4)
    face, style = torch.randn(2, 3, 5)
    condition = tokens(face, style)
    assert condition.shape == (3, 2 * COUNT, 4)
    swapped = tokens(style, face)
    assert torch.equal(condition[:, :COUNT], swapped[:, COUNT:])
    assert torch.equal(condition[:, COUNT:], swapped[:, :COUNT])


def test_an_exemplar_shows_makeup_and_nothing_else() -> None:
    after = torch.rand(1, 3, 2, 2)
    makeup = torch.tensor([[[[0.0, 0.2], [1.0, 2.0]]]])
    shown = exemplar(after, makeup)
    assert shown[0, :, 0, 0].tolist() == [0.5, 0.5, 0.5]
    assert torch.equal(shown[..., 1:, :], after[..., 1:, :])
    assert torch.equal(shown[..., 0, 1], after[..., 0, 1])


def test_features_do_not_depend_on_the_photos_size_much_nor_on_the_batch(encoder: Path) -> None:
    model = CLIPVisionModelWithProjection.from_pretrained(encoder).eval()
    smooth = torch.linspace(0, 1, 16).repeat(2, 3, 16, 1)
    smooth[1] = 1 - smooth[1]
    seen = features(model, smooth)
    large = torch.nn.functional.interpolate(smooth, (64, 64), mode="bicubic").clamp(0, 1)
    assert seen.shape == (2, 12)
    assert torch.allclose(features(model, large), seen, atol=0.05)
    assert torch.allclose(features(model, smooth[1:]), seen[1:], atol=1e-6)
    assert not torch.allclose(seen[0], seen[1], atol=0.05)
