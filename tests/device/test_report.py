from __future__ import annotations

from rich.console import Console

from paretint.device import Timing, TimingRow, timing_rows, timing_table

TIMING = Timing("ort-cpu", 487.804, 2.05, 2.5, 12.3456, 0.0666, 3.14, 1.019, "measured:ort-cpu")
ROW = TimingRow(
    model="winner/model.onnx",
    fps="487.8",
    p50="2.05",
    p90="2.50",
    p99="12.35",
    cv="6.7%",
    load="3.1",
    relative="1.02",
    provenance="measured:ort-cpu",
)


def test_rows_keep_the_order() -> None:
    other = "models/t0001/model.onnx"
    rows = timing_rows([("winner/model.onnx", TIMING), (other, TIMING)])
    assert rows == [ROW, ROW._replace(model=other)]


def test_no_rows() -> None:
    assert timing_rows([]) == []


def test_table_shows_every_figure() -> None:
    console = Console(width=80)
    row = ROW._replace(model="model.onnx", fps="12345.6", cv="192.4%")
    with console.capture() as captured:
        console.print(timing_table([row]))
    assert all(figure in captured.get() for figure in row)


def test_a_name_that_is_too_long_is_folded_and_markup_in_it_is_text() -> None:
    console = Console(width=80)
    name = "[red]" + "a-long-name-of-a-model" * 3
    with console.capture() as captured:
        console.print(timing_table([ROW._replace(model=name)]))
    assert "".join(line.split(" ")[0] for line in captured.get().splitlines()[3:]) == name
