"""`rdm-small`: the pixel-space residual diffusion network, and its weights on disk."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers.models.unets.unet_2d import UNet2DModel
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from paretint.amplify.style_code import CODE
from paretint.amplify.weights import check_weights
from paretint.regions import CHANNELS

FOLD = 2
"""Photos are folded 2x2 into channels: convolutions run at half size, no pixel is lost."""

MULTIPLE = 8 * FOLD
"""A photo's sides must be multiples of this."""

_WIDTHS = (32, 64, 96)
_EMBEDDING = 4 * _WIDTHS[0]


class ResidualUNet(nn.Module):
    """Predicts the noise's velocity in a makeup residual, given the photo, its regions, the style.

    1.7M parameters. The style code is embedded and added to the timestep's embedding, so that one
    network holds every style and fine-tuning starts from the right one.
    """

    def __init__(self) -> None:
        super().__init__()
        folded = FOLD * FOLD
        self.unet = UNet2DModel(
            in_channels=folded * (3 + 3 + CHANNELS),
            out_channels=folded * 3,
            block_out_channels=_WIDTHS,
            down_block_types=("DownBlock2D",) * len(_WIDTHS),
            up_block_types=("UpBlock2D",) * len(_WIDTHS),
            layers_per_block=1,
            norm_num_groups=8,
            add_attention=False,
            class_embed_type="identity",
        )
        # A tenth faster so, drawing or fine-tuning.
        self.unet.to(memory_format=torch.channels_last)
        self.style = nn.Sequential(
            nn.Linear(CODE, _EMBEDDING), nn.SiLU(), nn.Linear(_EMBEDDING, _EMBEDDING)
        )

    def forward(
        self, noisy: Tensor, time: Tensor, photo: Tensor, masks: Tensor, code: Tensor
    ) -> Tensor:
        """Return the velocity, float32 [N, 3, S, S].

        noisy: residuals with noise, [N, 3, S, S]; time: int64 [N], 0..999; photo: [N, 3, S, S] in
        [0, 1]; masks: [N, 9, S, S], all zero where regions are unknown; code: [N, CODE].
        """
        seen = torch.cat([noisy, photo * 2 - 1, masks], dim=1)
        folded = self.unet(pixel_unshuffle(seen, FOLD), time, class_labels=self.style(code)).sample
        return pixel_shuffle(folded, FOLD)


def save_weights(network: ResidualUNet, path: Path, metadata: dict[str, str]) -> None:
    """Write the weights as half floats: a base of 1.7M parameters takes 3.4 MB."""
    halves = {name: value.half().contiguous() for name, value in network.state_dict().items()}
    save_file(halves, path, metadata)


def load_weights(path: Path) -> ResidualUNet:
    """Return the network with the weights of `path`, in float32.

    Raises UserError where the file is absent or holds another network.
    """
    check_weights(path)
    network = ResidualUNet()
    network.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    return network.eval()
