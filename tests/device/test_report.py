from __future__ import annotations

from rich.console import Console

from paretint.device import (
    SizeRow,
    Timing,
    TimingRow,
    size_rows,
    size_table,
    timing_rows,
    timing_table,
)
from paretint.export import FileSizes

TIMING = Timing(
    "ort-cpu", 487.804, 2.05, 2.5, 12.3456, 2.2, 0.0666, 3.14, 1.019, 1.0, 1.05, "measured:ort-cpu"
)
ROW = TimingRow(
    model="winner/model.onnx",
    fps="487.8",
    p50="2.05",
    p90="2.50",
    p99="12.35",
    burst="2.20",
    cv="6.7%",
    load="3.1",
    relative="1.02 ±0.03",
)
SIZES = FileSizes(params=2_251_027, macs=36_553_506_816, onnx_bytes=9_023_418, coreml_bytes=None)
SIZE_ROW = SizeRow("model.onnx", "2,251,027", "36,553,506,816", "9,023,418", "-")


def test_rows_keep_the_order() -> None:
    other = "models/t0001/model.onnx"
    rows = timing_rows([("winner/model.onnx", TIMING), (other, TIMING)])
    assert rows == [ROW, ROW._replace(model=other)]


def test_no_rows() -> None:
    assert timing_rows([]) == []


def test_sizes_are_whole_numbers_and_what_is_not_known_is_a_dash() -> None:
    small = FileSizes(params=0, macs=None, onnx_bytes=999, coreml_bytes=1000)
    assert size_rows([("model.onnx", SIZES), ("b", small)]) == [
        SIZE_ROW,
        SizeRow("b", "0", "-", "999", "1,000"),
    ]


def test_table_shows_every_size() -> None:
    console = Console(width=80)
    row = SIZE_ROW._replace(model="a-name-of-20-letters", coreml="4,645,147")
    with console.capture() as captured:
        console.print(size_table([row]))
    assert all(figure in captured.get() for figure in row)


def test_table_shows_every_figure() -> None:
    console = Console(width=80)
    row = ROW._replace(model="model.onnx", fps="12345.6", cv="192.4%")
    with console.capture() as captured:
        console.print(timing_table([row], "measured:ort-cpu"))
    assert all(figure in captured.get() for figure in (*row, "measured:ort-cpu"))


def test_a_name_that_is_too_long_is_folded_and_markup_in_it_is_text() -> None:
    console = Console(width=80)
    name = "[red]" + "a-long-name-of-a-model" * 3
    with console.capture() as captured:
        console.print(timing_table([ROW._replace(model=name)], ""))
    assert "".join(line.split(" ")[0] for line in captured.get().splitlines()[3:]) == name
