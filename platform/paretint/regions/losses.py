"""Edge-aware cross-entropy: what a parser is trained by (FP-LIIF, section 3.2)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad

EDGE_WEIGHT = 1.0
"""Lambda, the weight of the cross-entropy on edges beside that of all pixels."""

_SOBEL = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])


def edges(labels: Tensor) -> Tensor:
    """Return where a label map changes, bool [N, S, S], from ids [N, S, S], by a Sobel filter."""
    kernels = torch.stack([_SOBEL, _SOBEL.T])[:, None].to(labels.device)
    framed = pad(labels[:, None].float(), (1, 1, 1, 1), mode="replicate")
    return conv2d(framed, kernels).abs().amax(dim=1) > 1e-3


def cross_entropy(logits: Tensor, allowed: Tensor) -> Tensor:
    """Return the cross-entropy at each point, float32 [N, P], of logits [N, 19, P].

    allowed: bool [N, P, 19], the classes that each point may be: the probability that counts is
    their sum. A point that may be any class costs nothing.
    """
    log_probability = logits.float().log_softmax(dim=1)
    ruled_out = ~allowed.transpose(1, 2)
    return -log_probability.masked_fill(ruled_out, -torch.inf).logsumexp(dim=1)


def choose_points(edges: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Return pixels of maps, int64 [N, count]: half from all, then half from their edges.

    edges: bool [N, S, S]. The decoder answers at any point, so a few thousand pixels of a photo
    stand for all of them at a fraction of the work. A map without edges is drawn from all over.
    """
    half = count // 2
    anywhere = torch.randint(edges[0].numel(), (len(edges), count - half), generator=generator)
    weights = edges.flatten(1).float().clamp(min=1e-12)
    on_edges = torch.multinomial(weights, half, replacement=True, generator=generator)
    return torch.cat([anywhere, on_edges], dim=1)


def edge_aware_loss(logits: Tensor, allowed: Tensor) -> Tensor:
    """Return the mean cross-entropy over all pixels plus `EDGE_WEIGHT` times that over edges.

    logits: [N, 19, P] at the points of `choose_points`; allowed: bool [N, P, 19].
    """
    anywhere, on_edges = cross_entropy(logits, allowed).tensor_split(2, dim=1)
    return anywhere.mean() + EDGE_WEIGHT * on_edges.mean()
