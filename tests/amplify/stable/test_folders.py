from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from paretint import UserError
from paretint.amplify import base_of
from paretint.config import StableDiffusion


@pytest.fixture
def copied(pipeline: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pipeline, tmp_path / "sd"))


def said(settings: StableDiffusion, **changes: str) -> str:
    with pytest.raises(UserError) as raised:
        base_of(settings.model_copy(update=changes))
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_a_folder_without_a_part_names_the_file(stable: StableDiffusion, copied: Path) -> None:
    (copied / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    assert said(stable, weights=str(copied)) == (
        f"amplifier.weights: {copied} has no vae/diffusion_pytorch_model.safetensors; a folder in"
        " the layout of Stable Diffusion 1.5, with safetensors weights, is wanted"
    )
    assert said(stable, weights=str(copied / "none")).startswith(
        f"amplifier.weights: {copied}/none has no scheduler/scheduler_config.json;"
    )
    assert said(stable, image_encoder=str(copied)) == (
        f"amplifier.image_encoder: {copied} has no config.json; a folder of a CLIP vision model"
        " with its projection is wanted"
    )


@pytest.mark.parametrize(
    ("part", "changes", "told"),
    [
        ("unet", {"in_channels": 9}, "holds a UNet2DConditionModel of 9 channels"),
        ("unet", {"addition_embed_type": "text_time"}, "no text-to-image model in the layout"),
        ("unet", {"_class_name": "FluxTransformer2DModel"}, "holds a FluxTransformer2DModel of 4"),
        ("vae", {"latent_channels": 16}, "no text-to-image model in the layout"),
        ("vae", {"_class_name": "AutoencoderTiny"}, "no text-to-image model in the layout"),
    ],
)
def test_another_layout_is_told_from_its_configuration(
    stable: StableDiffusion, copied: Path, part: str, changes: dict[str, object], told: str
) -> None:
    config = copied / part / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | changes))
    assert told in said(stable, weights=str(copied))


def test_a_configuration_that_is_none_is_named(stable: StableDiffusion, copied: Path) -> None:
    config = copied / "unet" / "config.json"
    config.write_text("{")
    assert said(stable, weights=str(copied)).startswith(f"{config}: is no JSON")
    config.write_text("[]")
    assert "holds a model of None channels" in said(stable, weights=str(copied))


def test_what_the_hub_does_not_give_is_told(
    stable: StableDiffusion, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    for named in ("org/absent", "org/absent/models/image_encoder"):
        told = said(stable, weights=named)
        assert told.startswith(f"amplifier.weights: {named} is no folder here, and the hub does")


def test_the_hub_cache_serves_an_id_and_its_subfolder(
    stable: StableDiffusion,
    pipeline: Path,
    encoder: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for name, folder, subfolder in (("sd", pipeline, "."), ("clip", encoder, "models/eye")):
        repository = tmp_path / f"models--org--{name}"
        shutil.copytree(folder, repository / "snapshots" / "abc" / subfolder)
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text("abc")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    from_hub = stable.model_copy(
        update={"weights": "org/sd", "image_encoder": "org/clip/models/eye"}
    )
    assert base_of(from_hub).fit_words() == base_of(stable).fit_words()


def test_other_weights_make_another_amplifier(stable: StableDiffusion, copied: Path) -> None:
    moved = stable.model_copy(update={"weights": str(copied)})
    assert base_of(moved).fit_words() == base_of(stable).fit_words()
    weights = copied / "unet" / "diffusion_pytorch_model.safetensors"
    changed = bytearray(weights.read_bytes())
    changed[-1] ^= 1
    weights.write_bytes(changed)
    assert base_of(moved).fit_words() != base_of(stable).fit_words()


def test_without_its_packages_the_base_says_what_to_install(
    stable: StableDiffusion, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in [name for name in sys.modules if name.startswith("paretint.amplify.stable")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "peft", None)
    assert said(stable) == (
        "amplifier.base stable-diffusion needs peft: pip install 'paretint[stable-diffusion]'"
    )
