from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from paretint.terminal import bar, say, say_skipped


def test_text_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    line = "[bold]photos/[1].png[/bold] :smile: " + "x" * 300
    say(line)
    assert capsys.readouterr().out == line + "\n"


def printed(skipped: list[str]) -> list[str]:
    console = Console(file=StringIO(), width=40)
    say_skipped(skipped, console)
    return console.file.getvalue().splitlines()


def test_the_first_five_that_are_skipped_are_named() -> None:
    lines = [f"photos/{number}.png: is no readable image ([Errno 5])" for number in range(7)]
    assert printed(lines) == [
        "7 photos are skipped:", *(f"  {line}" for line in lines[:5]), "  and 2 more",
    ]  # fmt: skip
    assert printed(lines[:5]) == ["5 photos are skipped:", *(f"  {line}" for line in lines[:5])]
    assert printed(["a.png: is gone"]) == ["1 photo is skipped:", "  a.png: is gone"]


def test_nothing_is_said_of_nothing_skipped() -> None:
    assert printed([]) == []


def test_a_bar_says_what_is_done_and_is_gone_at_its_end() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=80)
    with bar(console, "photos") as tell:
        tell(3, 7)
    shown = console.file.getvalue()
    assert "photos" in shown
    assert "3/7" in shown
    assert shown.endswith("\x1b[2K")  # the line is erased


def test_there_is_no_bar_where_there_is_no_terminal() -> None:
    console = Console(file=StringIO())
    with bar(console, "photos") as tell:
        tell(3, 7)
    assert console.file.getvalue() == ""
