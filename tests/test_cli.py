"""The command line: what mistakes end in, and each verb that only reads, once."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from paretint.cli import app
from paretint.regions import FaceParser
from paretint.store import Ledger, Run, Store

COMMAND = Path(sys.executable).with_name("paretint")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def copy(finished: Run, here: Path) -> Path:
    """A run of one's own, at its end, as the command line names it."""
    shutil.copytree(finished.folder, here / "runs" / "tiny")
    return Path("runs/tiny")


@pytest.fixture(scope="module")
def parser_file(
    make_parser: Callable[..., FaceParser], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    file = tmp_path_factory.mktemp("parsers") / "parser.safetensors"
    make_parser().save(file)
    return file


def invoke(*words: object) -> Result:
    """What a command answers in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


# Mistakes


MISTAKES = [
    ("run {tiny} --set amplifer.base=x", "unknown key 'amplifer'; did you mean 'amplifier'?"),
    ("run {tiny} --set student.blocks=9", "student.blocks: 9 should be less than"),
    ("run {tiny} --set search_space.parameters.widht=8", "unknown parameter 'widht'; did you mean"),
    (
        "run {tiny} --set objectives.0.column=quality.psn",
        "'quality.psn' is no column; did you mean",
    ),
    ("run quikstart", "there is no experiment 'quikstart'; did you mean 'quickstart'?"),
    ("run {tiny} --out {run}", "the run {run} exists; choose another folder with --out"),
    ("run {tiny} --warm-start nowhere", "there is no run 'nowhere'"),
    ("run {tiny} --set 'faces={empty}'", "before: holds no photo (.bmp"),
    ("resume nowhere", "there is no run 'nowhere'"),
    ("status nowhere", "there is no run 'nowhere'"),
    ("front {tiny}", "there is no run '{tiny}'"),
    ("report nowhere", "there is no run 'nowhere'"),
    ("dashboard nowhere", "there is no run 'nowhere'"),
    ("report {run} --dashboards nowhere", "--dashboards nowhere: there is no such folder"),
    ("report {run} --dashboards before", "--dashboards before: has no page; one is a file such"),
    ("dashboard {run} --dashboards nowhere", "--dashboards nowhere: there is no such folder"),
    ("dashboard {run} --port 70000", "--port 70000: give 0 to 65535"),
    ("dashboard {run} {run}", "two runs are named 'tiny'; rename the folder of one"),
    ("pick {run} --where speed.fsp>=60", "'speed.fsp' is no column; did you mean 'speed.fps'"),
    ("pick {run} --where fast", "'fast' is no rule; write it like 'speed.fps >= 60'"),
    ("pick {run} --where speed.fps>=1e9", "relax to speed.fps >= "),
    ("pick {run} --best quality.pnsr", "'quality.pnsr' is no column; did you mean 'quality.psnr'"),
    ("pick {run} --then size.parms", "'size.parms' is no column; did you mean 'size.params'"),
    ("pick {run} --within 1sd", "--within 1sd: give a number of standard errors, such as 1se"),
    ("pick {run} --best size.params --within 1se", "has no interval, so nothing is within"),
    ("pick {run} --best param.width", "neither more nor less of it is better"),
    ("verify nowhere", "nowhere: is no winner: it has no SHA256SUMS; `paretint pick` writes one"),
    ("bench {tiny}", "not an ONNX file that onnxruntime can run"),
    ("bench nowhere.onnx", "nowhere.onnx: no ONNX file here; give the path of one"),
    ("bench {parser} --size 8", "--size 8: give 16 to 1024"),
    ("bench {run} --size 64", "{run}: has the size it was exported at; --size is for a parser's"),
    ("bench nowhere.safetensors", "nowhere.safetensors: no such file; `paretint regions train`"),
    ("bench {untrained}", "untrained.safetensors: holds no face parser; `paretint regions train`"),
    ("bench {parser} --device ort-gpu", "unknown device 'ort-gpu'; did you mean 'ort-cpu'?"),
    ("bench {run} --device ort-gpu", "unknown device 'ort-gpu'; did you mean 'ort-cpu'?"),
]


@pytest.mark.parametrize(("words", "said"), MISTAKES, ids=[words for words, _ in MISTAKES])
def test_a_mistake_is_one_line_that_says_what_to_do_and_exit_code_2(
    words: str,
    said: str,
    here: Path,
    finished: Run,
    tiny_file: Path,
    untrained: Path,
    parser_file: Path,
) -> None:
    for name in ("before", "after"):
        (here / name).mkdir()
    empty = "{source: folders, before: before, after: after}"
    names = {
        "tiny": tiny_file,
        "run": finished.folder,
        "empty": empty,
        "untrained": untrained,
        "parser": parser_file,
    }
    command = [COMMAND, *shlex.split(words.format(**names))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("paretint: ")
    assert done.stderr.count("\n") == 1
    assert said.format(**names) in done.stderr
    assert {path.name for path in here.iterdir()} == {"before", "after"}


@pytest.fixture
def read_only(finished: Run, tmp_path: Path) -> Iterator[Path]:
    """A run on a disk that nobody may write, be it root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("needs the right to mount a file system: run it as root on Linux")
    shutil.copytree(finished.folder, disk / "run")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    yield disk / "run"
    subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize("words", ["resume RUN", "resume RUN --trials 9"])
def test_what_may_not_be_written_is_one_line(
    read_only: Path, store_of_finished: Store, words: str
) -> None:
    command = [COMMAND, *words.replace("RUN", str(read_only)).split()]
    env = os.environ | {"PARETINT_STORE": str(store_of_finished.root)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 2
    assert re.fullmatch(
        rf"paretint: {read_only}/\S+: Read-only file system; see who may read and write there\n",
        done.stderr,
    )


# Each verb


def test_status_of_a_run_at_its_end(copy: Path) -> None:
    answer = invoke("status", copy)
    assert answer.exit_code == 0
    assert answer.output.splitlines()[:3] == [
        "runs/tiny: 4 of 4 trials are finished",
        "  complete: 3",
        "  infeasible: 1",
    ]


def test_resume_of_a_run_at_its_end_shows_its_front(copy: Path, store_of_finished: Store) -> None:
    answer = invoke("resume", copy, "--store", store_of_finished.root)
    assert answer.exit_code == 0
    assert "4 trials in runs/tiny, 0 s\n" in answer.output
    assert "dashboard  paretint dashboard runs/tiny\n" in answer.output


def test_a_sweep_that_came_to_nothing_has_an_exit_code_of_its_own(
    copy: Path, store_of_finished: Store
) -> None:
    ledger = Ledger(Run.open(copy))
    for row in ledger.trials().to_dicts():
        ledger.write_trial(row | {"state": "failed", "reason": "its process died"})
    answer = invoke("resume", copy, "--store", store_of_finished.root)
    assert answer.exit_code == 1
    assert answer.output.endswith(
        "no trial is complete; what became of each: paretint status runs/tiny\n"
    )


def test_a_sweep_in_which_no_recipe_met_a_constraint_ends_with_the_nearest(
    copy: Path, store_of_finished: Store
) -> None:
    ledger = Ledger(Run.open(copy))
    for row in ledger.trials().to_dicts():
        wide = {"size.params": 10_000 + row["param.width"], "state": "infeasible"}
        ledger.write_trial(row | wide)
    answer = invoke("resume", copy, "--store", store_of_finished.root)
    assert answer.exit_code == 1
    assert answer.output.splitlines()[-2:] == [
        "no trial meets size.params <= 10000; nearest is t0000 with size.params 10,004:"
        " relax to size.params <= 10010",
        "no trial is complete; what became of each: paretint status runs/tiny",
    ]


def test_front_shows_the_front_and_what_amplification_adds(copy: Path) -> None:
    answer = invoke("front", copy)
    assert answer.exit_code == 0
    assert "of 3 complete trials are on the front; hypervolume" in answer.output
    assert re.search(r"^t000[013] ", answer.output, re.MULTILINE)


def test_front_cuts_nothing_however_many_parameters_vary(
    run: Run, row: Callable[..., dict[str, Any]]
) -> None:
    knobs = {f"param.a_knob_of_a_long_name_{number}": 0.125 for number in range(9)}
    Ledger(run).write_trial(row("the-last-trial", 10, 1000, 24, 38.0, 999.0, **knobs))
    Ledger(run).write_baseline(row("published", 10, 1000, 24, 38.0, 999.0))
    printed = invoke("front", run.folder).output
    assert "…" not in printed
    effects = printed[printed.index("what amplified images add") :]
    assert max(map(len, effects.splitlines())) <= 80
    cells = ["the-last-trial", "10", "1,000", "24", *["0.125"] * 9, "38.00", "±0.50", "999"]
    assert [line.split()[:16] for line in printed.splitlines() if "last" in line] == [cells]


def test_pick_writes_the_winner_and_says_why(copy: Path, store_of_finished: Store) -> None:
    store = ("--store", store_of_finished.root)
    rule = ("--where", "param.width <= 4", "--best", "quality.psnr", "--within", "1se")
    answer = invoke("pick", copy, *rule, "--then", "size.onnx_bytes", *store)
    assert answer.exit_code == 0
    said, written = answer.output.splitlines()
    assert re.match(r"t000[01] has the lowest size.onnx_bytes .* that meet param.width <= 4$", said)
    assert written == "written to winner"
    again = invoke("pick", copy, *store)
    assert "winner: is there already; name another folder with --out" in str(again.exception)


def test_verify_says_what_it_looked_into(copy: Path, store_of_finished: Store) -> None:
    store = ("--store", store_of_finished.root)
    invoke("pick", copy, "--out", "shipped", *store)
    answer = invoke("verify", "shipped", *store)
    assert answer.exit_code == 0
    assert "files are as SHA256SUMS says\n" in answer.output
    assert re.search(r"^on 8 held-out faces it has quality.psnr ", answer.output, re.MULTILINE)
    assert "not checked: speeds: they are those of the devices" in answer.output


def test_report_writes_one_file_and_says_where(copy: Path) -> None:
    answer = invoke("report", copy)
    assert answer.output == "runs/tiny/report.html\n"
    assert "t0000" in Path("runs/tiny/report.html").read_text(encoding="utf-8")


def test_report_has_the_pages_of_another_folder(copy: Path) -> None:
    page = "TITLE, ORDER = 'Mine', 1\n\ndef draw(run):\n    return [1 / 0]"
    Path("more").mkdir()
    Path("more/mine.py").write_text(page)
    assert invoke("report", copy, "--dashboards", "more").exit_code == 0
    text = Path("runs/tiny/report.html").read_text(encoding="utf-8")
    assert "mine.py could not draw this page: ZeroDivisionError: division by zero" in text
    Path("more/mine.py").write_text(f"{page}\nraise OSError")
    answer = invoke("report", copy, "--dashboards", "more")
    assert str(answer.exception) == "more/mine.py:5: cannot be imported: OSError"


def test_pictures_need_a_browser(copy: Path) -> None:
    command = [COMMAND, "report", copy, "--png", "png"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PATH": ""}
    )
    assert done.returncode == 2
    assert done.stderr.startswith("paretint: no Chromium found; install one with: apt-get update")
    assert done.stderr.count("\n") == 1
    assert not Path("png").exists()


def test_bench_times_every_complete_model_of_a_run(copy: Path, store_of_finished: Store) -> None:
    answer = invoke("bench", copy, "--store", store_of_finished.root)
    assert answer.exit_code == 0
    sizes, times, quantiles, spread = 4 * [["t0000", "t0001", "t0003"]]
    assert re.findall(r"t\d{4}", answer.output) == sizes + times + quantiles + spread
    assert answer.output.count("measured:ort-cpu") == 1
    assert re.findall(r"[▁-█] [0-9.]+ ms, slowest [0-9.]+  (t\d{4})$", answer.output, re.MULTILINE)


def test_bench_times_one_file(copy: Path, store_of_finished: Store) -> None:
    file = copy / "models" / "t0003" / "model.onnx"
    answer = invoke("bench", file, "--store", store_of_finished.root)
    assert answer.exit_code == 0
    sizes = times = quantiles = spread = 1
    assert answer.output.count("model.onnx") == sizes + times + quantiles + spread


def test_bench_of_a_parser_shows_its_sizes_and_times_it(parser_file: Path, here: Path) -> None:
    answer = invoke("bench", parser_file, "--size", 20, "--store", here / "store")
    assert answer.exit_code == 0
    assert re.search(r"^ *parser.safetensors +2,443 +284,640 ", answer.output, re.MULTILINE)
    assert answer.output.count("measured:ort-cpu") == 1


def test_bench_of_a_run_without_a_complete_trial(run: Run) -> None:
    run.trials_parquet.unlink()
    answer = invoke("bench", run.folder)
    assert "has no complete trial to time yet" in str(answer.exception)


def test_doctor_shows_every_part_and_what_a_missing_one_costs(here: Path) -> None:
    answer = invoke("doctor", "--store", here / "store")
    assert answer.exit_code == 0
    for part in ("python", "ray", "torch", "onnxruntime", "coremltools", "lpips", "gpu", "store"):
        assert re.search(rf"^ *{part} +(good|absent)", answer.output, re.MULTILINE)


def test_doctor_ends_with_exit_code_1_where_a_part_is_broken(here: Path) -> None:
    answer = invoke("doctor", "--store", "s3://bucket")
    assert answer.exit_code == 1
    assert re.search(r"^ *store +broken", answer.output, re.MULTILINE)
    assert list(here.iterdir()) == []
