"""What commands print alike: lines of text, tables, bars, and what was skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console, JustifyMethod
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended."""

Tell = Callable[[int, int], None]
"""Told of progress: how much is done, and of how much."""

_NAMED_SKIPS = 5
_WIDEST = 10_000
"""Characters in a line of a table, more than any has."""


def say(text: str, style: str = "") -> None:
    """Print text as it is: not cut, and nothing in it taken for markup."""
    Console().print(Text(text), style=style, soft_wrap=True)


def say_table(table: Table) -> None:
    """Print a table as wide as it is: a terminal may break its lines, but nothing is cut."""
    console = Console()
    room = console.options.update(width=_WIDEST)
    table.width = console.measure(table, options=room).maximum
    console.print(table, crop=False)


def say_skipped(skipped: Sequence[str], console: Console) -> None:
    """Print how many photos were skipped, and name the first; nothing where there are none."""
    if skipped:
        count = "1 photo is" if len(skipped) == 1 else f"{len(skipped)} photos are"
        console.print(Text(f"{count} skipped:"), style="yellow")
        for line in skipped[:_NAMED_SKIPS]:
            console.print(Text(f"  {line}"), soft_wrap=True)
        if len(skipped) > _NAMED_SKIPS:
            console.print(Text(f"  and {len(skipped) - _NAMED_SKIPS} more"))


def row_table(heads: Sequence[str], rows: Iterable[Sequence[str]], texts: Sequence[str]) -> Table:
    """Return rows of text as a table: columns headed by `texts` to the left, numbers to the right.

    Only the first column, the name, is folded where a line is too short.
    """
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for place, head in enumerate(heads):
        justify: JustifyMethod = "left" if head in texts else "right"
        table.add_column(head, justify=justify, overflow="fold", no_wrap=place > 0)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def bars(console: Console) -> Progress:
    """Return bars that say how much is done and how long the rest takes, gone at their end.

    Where the output is no terminal, there are none.
    """
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(elapsed_when_finished=False),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@contextmanager
def bar(console: Console, name: str) -> Iterator[Tell]:
    """Show one bar; yield what is to be told how many are done, and of how many."""
    with bars(console) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
