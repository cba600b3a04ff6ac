from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from paretint.regions import ARCHITECTURES, CLASSES, FPLIIF, Architecture
from paretint.regions.network import pixel_centres

TINY = Architecture(width=4, blocks=(1, 1, 1), hidden=8, side=16)


@pytest.fixture
def network() -> FPLIIF:
    torch.manual_seed(0)
    return FPLIIF(TINY)


@pytest.fixture
def photos() -> Tensor:
    return torch.rand(2, 3, 16, 16, generator=torch.Generator().manual_seed(1))


def parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_full_has_as_many_parameters_as_the_paper_s() -> None:
    full = FPLIIF(ARCHITECTURES["full"])
    assert parameters(full) == 2_251_027
    assert parameters(full.encoder) == 1_851_072
    assert parameters(full.neighbourhood) == 164_160
    assert parameters(full.decoder) == 235_795


def test_lite_has_less_than_a_quarter_of_them() -> None:
    assert parameters(FPLIIF(ARCHITECTURES["lite"])) < 2_251_027 / 4


@torch.inference_mode()
def test_features_are_at_a_quarter_and_one_for_the_whole(network: FPLIIF, photos: Tensor) -> None:
    features = network.encode(photos)
    assert features.local.shape == (2, 4, 4, 4)
    assert features.whole.shape == (2, 4)


@torch.inference_mode()
@pytest.mark.parametrize("size", [5, 16, 24])
def test_forward_is_the_query_at_the_centres_of_all_pixels(
    network: FPLIIF, photos: Tensor, size: int
) -> None:
    logits = network(photos, size)
    points = pixel_centres(size, 0, size).expand(2, -1, -1, -1)
    assert logits.shape == (2, len(CLASSES), size, size)
    torch.testing.assert_close(logits, network.query(network.encode(photos), points))


@torch.inference_mode()
def test_without_a_size_the_map_has_the_photo_s(network: FPLIIF, photos: Tensor) -> None:
    assert network(photos).equal(network(photos, 16))


@torch.inference_mode()
def test_a_finer_map_says_the_same_at_the_same_points(network: FPLIIF, photos: Tensor) -> None:
    finer = network(photos, 3 * 16)
    torch.testing.assert_close(finer[..., 1::3, 1::3], network(photos))


@torch.inference_mode()
def test_a_photo_s_map_does_not_depend_on_its_neighbours_in_the_batch(
    network: FPLIIF, photos: Tensor
) -> None:
    network.train()
    for photo, logits in zip(photos, network(photos), strict=True):
        torch.testing.assert_close(network(photo[None])[0], logits)


@torch.inference_mode()
def test_where_a_point_lies_counts(network: FPLIIF) -> None:
    flat = torch.full((1, 3, 16, 16), 0.5)
    corners = torch.tensor([[[[-0.9, -0.9], [0.9, -0.9], [-0.9, 0.9]]]])
    logits = network.query(network.encode(flat), corners)[0, :, 0]
    for first, second in ((0, 1), (0, 2), (1, 2)):
        assert (logits[:, first] - logits[:, second]).abs().max() > 1e-3


@torch.inference_mode()
def test_points_go_from_left_to_right_and_from_top_to_bottom(network: FPLIIF) -> None:
    ramp = torch.linspace(0, 1, 16).expand(1, 3, 16, 16)
    features = network.encode(ramp)
    points = pixel_centres(4, 0, 4)[None]  # the features' own pixels
    near = torch.nn.functional.grid_sample(features.local, points, align_corners=False)
    torch.testing.assert_close(near, features.local)


def test_pixel_centres_of_two_pixels() -> None:
    assert pixel_centres(2, 0, 2).tolist() == [
        [[-0.5, -0.5], [0.5, -0.5]],
        [[-0.5, 0.5], [0.5, 0.5]],
    ]


@given(st.integers(1, 64), st.data())
def test_some_rows_are_a_part_of_all(size: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, size - 1))
    stop = data.draw(st.integers(start + 1, size))
    assert pixel_centres(size, start, stop).equal(pixel_centres(size, 0, size)[start:stop])


@given(st.integers(1, 64))
def test_centres_lie_inside_and_mirror_each_other(size: int) -> None:
    centres = pixel_centres(size, 0, size)
    assert centres.dtype == torch.float32
    assert centres.abs().max() < 1
    torch.testing.assert_close(centres.flip(0, 1), -centres)
    assert centres[..., 0].equal(centres[..., 1].T)


@given(st.integers(1, 32), st.sampled_from([3, 5, 7]))
def test_the_centres_of_a_coarser_map_are_among_a_finer_one_s(size: int, times: int) -> None:
    finer = pixel_centres(size * times, 0, size * times)
    middles = finer[times // 2 :: times, times // 2 :: times]
    torch.testing.assert_close(middles, pixel_centres(size, 0, size))
