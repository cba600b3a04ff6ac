from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from paretint import UserError
from paretint.faces import to_float
from paretint.regions import ARCHITECTURES, CLASSES, FPLIIF, FaceParser
from paretint.regions.classes import to_regions
from paretint.regions.network import pixel_centres

Make = Callable[..., FaceParser]

BASE = Path("platform/paretint/amplify/bases/rdm-small.safetensors")

PEAK = """
import resource, sys, torch
from paretint.regions import ARCHITECTURES, FPLIIF, FaceParser
torch.manual_seed(0)
photo = torch.randint(256, (1, 3, 256, 256), dtype=torch.uint8)
regions = FaceParser(FPLIIF(ARCHITECTURES["full"])).regions(photo, 2048)
assert regions.shape == (1, 2048, 2048)
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
"""


@pytest.fixture
def parser(make_parser: Make) -> FaceParser:
    return make_parser()


@pytest.fixture
def file(parser: FaceParser, tmp_path: Path) -> Path:
    parser.save(tmp_path / "parser.safetensors")
    return tmp_path / "parser.safetensors"


@pytest.fixture
def photos() -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(256, (3, 3, 16, 16), generator=generator, dtype=torch.uint8)


def told(file: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    with safe_open(file, "pt") as opened:
        return opened.metadata(), {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118


def complaint(file: Path) -> str:
    with pytest.raises(UserError) as caught:
        FaceParser.load(file)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{file}: ")


# Maps


def probabilities(parser: FaceParser, photo: Tensor, size: int) -> Tensor:
    """What the network says of every pixel, all at once."""
    with torch.inference_mode():
        features = parser.network.encode(to_float(photo))
        return parser.network.query(features, pixel_centres(size, 0, size)[None]).softmax(dim=1)


@pytest.mark.parametrize("size", [9, 300])
def test_a_map_drawn_in_parts_is_the_map_drawn_at_once(
    parser: FaceParser, photos: Tensor, size: int
) -> None:
    values, labels = probabilities(parser, photos[:1], size)[0].topk(2, dim=0)
    drawn = parser.classes(photos[:1], size)[0]
    close = values[0] - values[1] < 1e-4
    assert ((drawn == labels[0]) | close).all()
    assert close.float().mean() < 0.05
    assert len(drawn.unique()) > 3


def test_regions_are_chosen_by_the_sums_of_their_classes(
    parser: FaceParser, photos: Tensor
) -> None:
    expected = to_regions(probabilities(parser, photos[:1], 24))
    assert (parser.regions(photos[:1], 24) == expected).float().mean() > 0.99


def test_maps_of_many_photos_are_those_of_each(parser: FaceParser, photos: Tensor) -> None:
    for draw in (parser.classes, parser.regions):
        maps = draw(photos, 20)
        assert (maps.dtype, maps.shape) == (torch.uint8, (3, 20, 20))
        for photo, drawn in zip(photos, maps, strict=True):
            assert draw(photo[None], 20)[0].equal(drawn)
    assert not maps[0].equal(maps[1])


def test_no_photos_have_no_maps(parser: FaceParser, photos: Tensor) -> None:
    assert parser.regions(photos[:0], 20).shape == (0, 20, 20)


def test_maps_can_be_used_in_training(parser: FaceParser, photos: Tensor) -> None:
    regions = parser.regions(photos, 16)
    weights = torch.ones(9, requires_grad=True)
    weights[regions.long()].sum().backward()
    assert weights.grad is not None
    assert weights.grad.sum() == regions.numel()


def test_a_photo_of_another_size_is_resized(parser: FaceParser, photos: Tensor) -> None:
    doubled = photos.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    same = parser.classes(doubled, 16) == parser.classes(photos, 16)
    assert same.float().mean() > 0.8


@pytest.mark.slow
def test_a_map_of_2048_by_the_full_parser_takes_less_than_2_gb() -> None:
    command = [sys.executable, "-c", PEAK]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 2e9


# The file


def test_a_loaded_parser_is_the_saved_one(parser: FaceParser, file: Path, photos: Tensor) -> None:
    loaded = FaceParser.load(file)
    assert loaded.network.architecture == parser.network.architecture
    assert loaded.side == 16
    assert loaded.key == parser.key
    assert loaded.classes(photos, 20).equal(parser.classes(photos, 20))


def test_saving_in_its_place_leaves_the_same_parser_and_nothing_else(file: Path) -> None:
    key = FaceParser.load(file).key
    FaceParser.load(file).save(file)
    assert FaceParser.load(file).key == key
    assert list(file.parent.iterdir()) == [file]


def test_the_key_tells_parsers_of_other_weights_or_measures_apart(make_parser: Make) -> None:
    parsers = [make_parser(), make_parser(seed=1), make_parser(side=32)]
    assert len({parser.key for parser in parsers}) == 3
    assert make_parser().key == parsers[0].key


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    said = complaint(tmp_path / "parser.safetensors")
    assert said == "no such file; `paretint regions train` writes one"


@pytest.mark.parametrize("data", [b"", b"text", b"\x00" * 64])
def test_a_file_of_something_else(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "model.onnx").write_bytes(data)
    said = complaint(tmp_path / "model.onnx")
    assert said == "is no safetensors file; `paretint regions train` writes one"


def test_a_file_cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    assert complaint(file).startswith("is no safetensors file; ")


def test_a_folder(tmp_path: Path) -> None:
    assert complaint(tmp_path).startswith("is no safetensors file; ")


def test_weights_that_tell_nothing_of_themselves(file: Path) -> None:
    save_file(told(file)[1], file)
    assert complaint(file) == "holds no face parser; `paretint regions train` writes one"


def test_an_amplifier_s_base() -> None:
    assert complaint(Path(__file__).parents[2] / BASE).startswith("holds no face parser; ")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "rdm"),
        ("classes", json.dumps(CLASSES[:18])),
        ("classes", "[broken"),
        ("architecture", "{broken"),
        ("architecture", "[4, 4]"),
        ("architecture", '{"width": 4}'),
        ("architecture", '{"width": "wide", "blocks": [1, 1, 1], "hidden": 8, "side": 16}'),
        ("architecture", '{"width": 4, "blocks": [1, 1], "hidden": 8, "side": 16}'),
    ],
)
def test_metadata_that_describe_no_parser(file: Path, key: str, value: str) -> None:
    metadata, weights = told(file)
    save_file(weights, file, metadata | {key: value})
    assert complaint(file) == "holds no face parser; `paretint regions train` writes one"


@pytest.mark.parametrize("missing", ["kind", "classes", "architecture"])
def test_metadata_with_something_missing(file: Path, missing: str) -> None:
    metadata, weights = told(file)
    del metadata[missing]
    save_file(weights, file, metadata)
    assert complaint(file).startswith("holds no face parser; ")


@pytest.mark.parametrize(
    "other", [{"width": 8}, {"blocks": [1, 1, 2]}, {"hidden": 4}, {"width": -4}]
)
def test_weights_of_another_architecture(file: Path, other: dict[str, object]) -> None:
    metadata, weights = told(file)
    wrong = json.loads(metadata["architecture"]) | other
    save_file(weights, file, metadata | {"architecture": json.dumps(wrong)})
    assert complaint(file) == "its weights do not fit its architecture"


def test_a_weight_that_is_missing(file: Path) -> None:
    metadata, weights = told(file)
    del weights["decoder.0.bias"]
    save_file(weights, file, metadata)
    assert complaint(file) == "its weights do not fit its architecture"


def test_the_paper_s_architectures_come_back(tmp_path: Path) -> None:
    for name, architecture in ARCHITECTURES.items():
        FaceParser(FPLIIF(architecture)).save(tmp_path / name)
        assert FaceParser.load(tmp_path / name).network.architecture == architecture
