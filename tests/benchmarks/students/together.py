"""Whether several small students train faster in one call of `torch.func` than one by one."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from statistics import median

import torch
from torch import Tensor
from torch.func import functional_call, stack_module_state
from torch.nn.utils import convert_conv2d_weight_memory_format

from paretint.student import TinyBeauty

BATCH, BLOCKS = 16, 4


def together_over_alone(size: int, width: int, students: int, rounds: int) -> float:
    """Return how many times as many steps a second students make together as one by one.

    A step is forward and backward of a batch; each student has its own weights and its own batch.
    Seconds are the thread's own, which other work on the
    machine does not lengthen.
    """
    alone, at_once = step_alone(size, width), _together(size, width, students)
    alone(), at_once()
    ratios = [students * _seconds(alone) / _seconds(at_once) for _ in range(rounds)]
    return round(median(ratios), 3)


def step_alone(size: int, width: int) -> Callable[[], object]:
    """Return forward and backward of one student and one batch, as `Training` runs them."""
    network = TinyBeauty(width, BLOCKS)
    convert_conv2d_weight_memory_format(network, torch.channels_last)
    photos = torch.rand(BATCH, 3, size, size).contiguous(memory_format=torch.channels_last)
    weights = list(network.parameters())
    return lambda: torch.autograd.grad(network(photos).square().mean(), weights)


def _together(size: int, width: int, students: int) -> Callable[[], object]:
    networks = [TinyBeauty(width, BLOCKS) for _ in range(students)]
    weights, buffers = stack_module_state(networks)
    skeleton = copy.deepcopy(networks[0]).to("meta")
    photos = torch.rand(students, BATCH, 3, size, size)

    def call(one_weights: dict[str, Tensor], one_buffers: dict[str, Tensor], one: Tensor) -> Tensor:
        made_up: Tensor = functional_call(skeleton, (one_weights, one_buffers), (one,))
        return made_up

    every = torch.vmap(call)
    values = list(weights.values())

    def step() -> object:
        losses = every(weights, buffers, photos).square().mean((1, 2, 3, 4))
        return torch.autograd.grad(losses.sum(), values)

    return step


def _seconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start
