"""The command line: one thin command a verb."""

from __future__ import annotations

import errno
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from paretint import cli_amplify, cli_device, cli_models, cli_pick, cli_regions
from paretint.config import Experiment, load_experiment, untrained
from paretint.errors import UserError
from paretint.store import Ledger, Run, Store, summary
from paretint.terminal import INTERRUPTED, say, say_table

_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)

app = typer.Typer(
    name="paretint",
    help="Finds the tiny makeup model worth shipping.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_regions.app, name="regions")
app.add_typer(cli_device.app, name="device")

RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder.")]
StoreUrl = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="PATH|URL",
        help="Where artifacts lie; default $PARETINT_STORE, ~/.cache/paretint",
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT", help="A Ray cluster's head node, or auto; default this machine."
    ),
]
Dashboards = Annotated[
    Path | None, typer.Option(metavar="DIR", help="A folder of more pages, a .py file each.")
]
Trials = Annotated[int | None, typer.Option(min=1, help="Trials in all, for budget.trials.")]


@app.command()
def run(
    experiment: Annotated[str, typer.Argument(help="An experiment's name, or its YAML file.")],
    out: Annotated[Path | None, typer.Option(help="The run's folder; default runs/NAME.")] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Override a key, e.g. faces.style=plum."),
    ] = None,
    warm_start: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="An earlier run to learn from; its best go first."),
    ] = None,
    trials: Trials = None,
    store: StoreUrl = None,
    address: Address = None,
) -> None:
    """Run an experiment's sweep, and show its front."""
    changes = list(overrides or [])
    if trials is not None:
        changes.append(f"budget.trials={trials}")
    chosen = load_experiment(experiment, changes)
    folder = out or Path("runs", chosen.name)
    Run.check_free(folder)
    earlier = None if warm_start is None else _to_learn_from(warm_start)
    _sweep(lambda: Run.create(folder, chosen, earlier), chosen, store, address)


@app.command()
def resume(
    run: RunFolder, trials: Trials = None, store: StoreUrl = None, address: Address = None
) -> None:
    """Finish a run that was stopped, or give it more trials."""
    opened = Run.open(run)
    if trials is not None:
        opened = opened.with_trials(trials)
    _sweep(lambda: opened, opened.experiment, store, address)


@app.command()
def status(run: RunFolder) -> None:
    """Show how far a run is, during it or after."""
    say(summary(Run.open(run)))


@app.command()
def front(run: RunFolder) -> None:
    """Show a run's front, and what amplification adds."""
    _show_front(Run.open(run))


app.command()(cli_pick.pick)
app.command()(cli_pick.verify)


@app.command()
def report(
    run: RunFolder,
    png: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a picture of each page there; needs a Chromium."),
    ] = None,
    dashboards: Dashboards = None,
) -> None:
    """Write a run's dashboard as one HTML file that needs no server, or as pictures."""
    from paretint.dashboard import pictures
    from paretint.dashboard import report as write

    opened = Run.open(run)
    for path in [write(opened, dashboards)] if png is None else pictures(opened, png, dashboards):
        say(str(path))


@app.command()
def dashboard(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of runs.")],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; if in use, the next free one.")] = 8050,
    dashboards: Dashboards = None,
) -> None:
    """Show runs in the browser, live while they go on."""
    from paretint.dashboard import serve

    serve(runs, host, port, dashboards=dashboards)


app.command()(cli_amplify.amplify)
app.command()(cli_amplify.mix)
app.command()(cli_models.bench)
app.command()(cli_models.predict)
app.command()(cli_models.apply)
app.command("import")(cli_models.import_checkpoint)


@app.command()
def doctor(store: StoreUrl = None) -> None:
    """Check what this machine has, and what each missing part costs."""
    from paretint.doctor import check_all, draw_checks

    checks = check_all(store)
    Console().print(draw_checks(checks))
    if any(check.state == "broken" for check in checks):
        raise typer.Exit(1)


def _sweep(
    make_run: Callable[[], Run],
    experiment: Experiment,
    store_url: str | None,
    address: str | None,
) -> None:
    console, store = Console(), Store.at(store_url)  # told before imports that take seconds

    from paretint.dashboard import report as write_report
    from paretint.sweep.cluster import check_address
    from paretint.sweep.engine import prepare, run_sweep

    check_address(address)
    ready = prepare(experiment, store, console)
    run = make_run()
    outcome = run_sweep(run, ready, store, console, address)
    say(f"{outcome.finished} trials in {run.folder}, {outcome.seconds:.0f} s\n")
    folder = shlex.quote(str(run.folder))
    if outcome.ended is not None:
        say(f"ended early: {outcome.ended}\n")
    if outcome.left:
        again = folder if store_url is None else f"{folder} --store {shlex.quote(store_url)}"
        say(f"{outcome.left} trials are left; go on with: paretint resume {again}")
        raise typer.Exit(INTERRUPTED)
    if "complete" not in Ledger(run).trials()["state"]:
        _say_nearest(run)
        say(f"no trial is complete; what became of each: paretint status {folder}")
        raise typer.Exit(1)
    _show_front(run)
    say(f"report     {write_report(run)}")
    say(f"dashboard  paretint dashboard {folder}")
    say(f'pick       paretint pick {folder} --where "speed.fps >= 60" --best quality.psnr')


def _to_learn_from(folder: Path) -> Run:
    run = Run.open(folder)
    if "complete" not in Ledger(run).trials()["state"]:
        raise UserError(
            f"--warm-start {folder}: no trial of it is complete; there is nothing in it"
        )
    return run


def _say_nearest(run: Run) -> None:
    """Say what to relax, where every recipe broke a constraint before it was trained."""
    from paretint.front import nearest_miss

    rules = [rule for rule in run.experiment.constraints if untrained(rule.column)]
    trials = Ledger(run).trials()
    if rules and (trials["state"] == "infeasible").all():
        say(nearest_miss(trials, rules, rules[0].column))


def _show_front(run: Run) -> None:
    from paretint.front import (
        baseline_table,
        draw_baseline_table,
        draw_effect_table,
        draw_front_table,
        effect,
        front_table,
    )

    ledger = Ledger(run)
    trials, objectives = ledger.trials(), run.experiment.objectives
    say_table(draw_front_table(front_table(trials, objectives)))
    if ledger.baselines().height:
        say("\nbaselines:")
        say_table(draw_baseline_table(baseline_table(ledger.baselines(), objectives)))
    effects = effect(trials)
    if effects:
        say("\nwhat amplified images add to held-out quality, by width and pairs:")
        say_table(draw_effect_table(effects))


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and exit code 2."""
    # Libraries' warnings about each other would drown a run's own words.
    if not sys.warnoptions:
        os.environ.setdefault("PYTHONWARNINGS", "ignore")
    try:
        app()
    except UserError as error:
        _refuse(str(error))
    except OSError as error:
        if error.errno not in _FORBIDDEN:
            raise
        _refuse(f"{error.filename}: {error.strerror}; see who may read and write there")


def _refuse(why: str) -> None:
    print(f"paretint: {why}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
