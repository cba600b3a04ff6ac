"""How much of the machine's arithmetic each student uses, and which operator holds it back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
from devices.family import Member
from onnx import TensorProto, helper, save
from profiling.kernels import kernel_times

from paretint.device import OrtCpu
from paretint.export import operators

SIDE = 1024
"""Of the square matrices whose product is the machine's peak."""

ROUNDS = 7
RUNS = 5
PROFILED = 20


class Share(NamedTuple):
    """Of one student: MACs a second over the peak's, and the operator that takes longest.

    share: 0 to 1, integers too against the peak of floats; operator, of_time: its kind, and the
    part of all operators' time that it takes.
    """

    student: str
    gmacs: float
    share: float
    operator: str
    of_time: float


def shares(members: Sequence[Member], files: Sequence[Path], folder: Path) -> list[Share]:
    """Time students and the matrix product in turn, on one thread; the median ratio of the rounds.

    All are timed by the thread's own running time, as `paretint bench` times on the host.
    """
    product = OrtCpu().load(_product(folder / "product.onnx"))
    found = []
    for one, file in zip(members, files, strict=True):
        infer = OrtCpu().load(file)
        macs = sum(operator.macs for operator in operators(file))
        rounds = [(macs / _seconds(infer), SIDE**3 / _seconds(product)) for _ in range(ROUNDS + 1)]
        share = median(rate / peak for rate, peak in rounds[1:])
        gmacs = median(rate for rate, _ in rounds[1:]) / 1e9
        operator, of_time = slowest(profile(file, folder))
        found.append(Share(one.name, round(gmacs, 2), round(share, 3), operator, round(of_time, 3)))
        print(found[-1], flush=True)
    return found


def profile(file: Path, folder: Path) -> Counter[str]:
    """Microseconds by kind of operator, over some runs, as onnxruntime counts them.

    A kind is onnxruntime's own, after it has joined what it can; convolutions by their kernel.
    """
    spent: Counter[str] = Counter()
    for args, us in kernel_times(file, folder, PROFILED):
        spent[_kind(args)] += us
    return spent


def slowest(spent: Counter[str]) -> tuple[str, float]:
    """Return the kind that takes longest, and its part of all."""
    ((kind, most),) = spent.most_common(1)
    return kind, most / spent.total()


def _kind(args: dict[str, object]) -> str:
    """A kind with the shape of what it gives, which tells one convolution from another."""
    given = args.get("output_type_shape")
    sides = next(iter(given[0].values())) if isinstance(given, list) and given else []
    return f"{args['op_name']} to {'x'.join(map(str, sides[1:]))}"


def _product(path: Path) -> Path:
    """Write the product of a square matrix with a constant one as an ONNX file."""
    weight = helper.make_tensor("weight", TensorProto.FLOAT, [SIDE, SIDE],
                                np.random.default_rng(0).random(SIDE**2, np.float32))  # fmt: skip
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [SIDE, SIDE])
        for name in ("given", "made")
    ]
    node = helper.make_node("MatMul", ["given", "weight"], ["made"])
    graph = helper.make_graph([node], "product", ends[:1], ends[1:], [weight])
    opset = helper.make_opsetid("", 18)
    save(helper.make_model(graph, opset_imports=[opset], ir_version=10), path)
    return path


def _seconds(infer: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.thread_time()
        infer()
        times.append(time.thread_time() - start)
    return median(times)
