"""The commands of `paretint device`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from paretint.store import Run, Store
from paretint.terminal import INTERRUPTED, say

app = typer.Typer(help="Measure on phones and other machines.", no_args_is_help=True)


@app.command("list")
def list_devices() -> None:
    """Show what can be measured from here, and what the others lack."""
    from paretint.device import availability

    found = availability()
    width = max(len(device.device) for device in found)
    for device in found:
        say(f"{device.device:{width}}  {device.detail}", style="" if device.there else "yellow")
    say(f"{'agent:NAME':{width}}  start one at a run: paretint device agent --run RUN --name NAME")


@app.command()
def agent(
    run: Annotated[str, typer.Option(metavar="URL", help="A run's folder: a path, or any URL.")],
    name: Annotated[str, typer.Option(help="The name in agent:NAME.")],
    device: Annotated[str, typer.Option(help="The device at hand to measure on.")] = "ort-cpu",
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is left.")] = False,
    store: Annotated[str | None, typer.Option(help="Where artifacts lie.")] = None,
) -> None:
    """Measure here what a run has no number for, and write it back; no port is opened."""
    from paretint.device import serve

    try:
        served = serve(run, name, device, Store.at(store), once, say)
    except KeyboardInterrupt:
        say("stopped; what is measured is in the run, and the same command goes on")
        raise typer.Exit(INTERRUPTED) from None
    say(f"{served.measured} measured")
    if served.failed:
        say(f"{served.failed} could not be measured, see above", style="yellow")
        raise typer.Exit(1)


@app.command("import")
def import_report(
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", help="Of Xcode, AI Hub, TFLite or ExecuTorch.")
    ],
    run: Annotated[Path, typer.Option(help="A run's folder.")],
    device: Annotated[str, typer.Option(help="The phone's name in columns, as iphone13.")],
    trial: Annotated[str | None, typer.Option(help="The trial whose model it is of.")] = None,
    model: Annotated[Path | None, typer.Option(help="The model's file, of any trial.")] = None,
) -> None:
    """Put the speed that another tool measured into a run, beside the device's name."""
    from paretint.device import import_report as put

    imported = put(Run.open(run), report, device, trial, model)
    known = ", ".join(
        f"{name} {value:.4g}" for name, value in imported.figures.items() if name != "provenance"
    )
    say(f"{', '.join(imported.trials)}: {known}")
    say(f"speed.{device}.*  {imported.figures['provenance']}")
