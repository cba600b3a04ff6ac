from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from safetensors.torch import save_file

from paretint.device import Candidate, candidates
from paretint.errors import UserError
from paretint.export import FileSizes, OnnxModel, bytes_on_disk, coreml_available
from paretint.regions import FaceParser
from paretint.store import Ledger, Run, Store
from paretint.student import TinyBeauty


@pytest.fixture
def parser_file(make_parser: Callable[..., FaceParser], tmp_path: Path) -> Path:
    make_parser().save(tmp_path / "parser.safetensors")
    return tmp_path / "parser.safetensors"


def write_models(run: Run, numbers: Iterable[int]) -> None:
    for number in numbers:
        folder = run.models(f"t{number:04}")
        folder.mkdir(parents=True)
        (folder / "model.onnx").touch()


def test_an_onnx_file_tells_its_parameters_and_bytes(
    student: Callable[..., Path], store: Store
) -> None:
    file = student(4)
    params = sum(parameter.numel() for parameter in TinyBeauty(4, 0).parameters())
    known = FileSizes(params, None, file.stat().st_size, None)
    assert candidates(file, None, store) == [Candidate("4-0.onnx", file, known)]


def test_a_parser_is_exported_at_its_photos_side(parser_file: Path, store: Store) -> None:
    (candidate,) = candidates(parser_file, None, store)
    package = candidate.onnx.with_name("model.mlpackage")
    coreml = None if coreml_available() else bytes_on_disk(package)
    assert candidate.name == "parser.safetensors"
    assert candidate.sizes == FileSizes(2_443, 235_040, candidate.onnx.stat().st_size, coreml)
    assert OnnxModel(candidate.onnx).shape == (1, 3, 16, 16)


def test_a_parser_is_exported_once_a_size(parser_file: Path, store: Store) -> None:
    (first,) = candidates(parser_file, 20, store)
    written = first.onnx.stat().st_mtime_ns
    assert candidates(parser_file, 20, store) == [first]
    assert first.onnx.stat().st_mtime_ns == written
    (other,) = candidates(parser_file, 24, store)
    assert other.onnx != first.onnx
    assert other.sizes.macs == 345_248


def test_a_run_has_its_complete_trials_with_the_ledger_s_sizes(run: Run, store: Store) -> None:
    Ledger(run).write_trial({"trial": "t0000", "state": "complete", "size.macs": 7})
    write_models(run, range(12))
    found = candidates(run.folder, None, store)
    assert [candidate.name for candidate in found] == [f"t{index:04}" for index in range(12)]
    assert found[0].sizes == FileSizes(None, 7, None, None)
    assert found[3] == Candidate(
        "t0003",
        run.models("t0003") / "model.onnx",
        FileSizes(143 * 8**2, None, 600 * 8**2, None),
    )


def test_a_run_that_has_lost_a_model_names_it(run: Run, store: Store) -> None:
    write_models(run, range(11))
    told = (
        r"models/t0011: model\.onnx missing; the dashboard's Front page has the command that runs"
    )
    with pytest.raises(UserError, match=told):
        candidates(run.folder, None, store)


def test_a_run_without_a_complete_trial(run: Run, store: Store) -> None:
    run.trials_parquet.unlink()
    with pytest.raises(UserError, match="has no complete trial to time yet"):
        candidates(run.folder, None, store)


def test_a_size_is_for_parsers(student: Callable[..., Path], store: Store) -> None:
    with pytest.raises(UserError, match=r"4-0\.onnx: has the size it was exported at; --size is"):
        candidates(student(4), 64, store)


@pytest.mark.parametrize("size", [0, 15, 1025])
def test_a_size_out_of_range(parser_file: Path, store: Store, size: int) -> None:
    with pytest.raises(UserError, match=f"--size {size}: give 16 to 1024"):
        candidates(parser_file, size, store)


def test_a_student_s_weights_are_no_parser(tmp_path: Path, store: Store) -> None:
    save_file(TinyBeauty(4, 0).state_dict(), tmp_path / "weights.safetensors")
    with pytest.raises(UserError, match=r"weights\.safetensors: holds no face parser"):
        candidates(tmp_path / "weights.safetensors", None, store)


def test_a_file_that_is_neither(tmp_path: Path, store: Store) -> None:
    (tmp_path / "notes.txt").write_text("not a model")
    with pytest.raises(UserError, match=r"notes\.txt: not an ONNX file that onnxruntime can run"):
        candidates(tmp_path / "notes.txt", None, store)
