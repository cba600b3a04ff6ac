"""How good and how fast students are: `scripts/bench student --parser FILE [--save]`.

All are trained the same way, from one amplified set. Most of an hour on two cores: the set and
each student that is done are kept in a folder, and the same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import fmean

from keeping.finished import Finished
from keeping.result import tell
from students.candidates import BASE, Axes, candidates
from students.release import release_facts
from students.speed import instruction_sets, int8_speed, speeds
from students.summary import Row, by_axis, front, goals, loss_db, rows
from students.throughput import throughput
from students.training import Psnrs, Setting, amplified_set, reached

AT_ONCE = 2
"""Each on one thread; more of them wait for each other's memory."""

STEPS, FIT, COUNT = 400, 300, 400
ROUNDS = 5
ALL = 100
"""More students than there are."""


def trained(students: Mapping[str, Axes], setting: Setting, path: Path) -> dict[str, Psnrs]:
    """Train the students that a file does not hold yet; return the scores of all, by name."""
    finished = Finished.open(path, str)
    pieces = {name: partial(reached, axes, setting) for name, axes in students.items()}
    for name, left in finished.finish(pieces, AT_ONCE):
        print(
            f"{name}: {fmean(finished.done[name]['fp32']):.2f} dB, {left} students left", flush=True
        )
    return finished.done


def compared(students: Mapping[str, Axes], psnrs: Mapping[str, Psnrs]) -> Row:
    """Return the whole comparison: goals, front, axes, and what smaller numbers cost and give."""
    table = rows(students, psnrs, speeds(students, "release"))
    best = front(table)
    smallest = min(best, key=lambda row: row["params"])["student"]
    judged = {"base": BASE, smallest: students[smallest]}
    integers = {name: int8_speed(axes) for name, axes in judged.items()}
    return {
        **goals(table),
        "int8_loss_db": max(loss_db(psnrs[name], "int8") for name in judged),
        "fp16_loss_db": max(loss_db(psnrs[name], "fp16") for name in judged),
        "int8_over_fp32_speed": integers["base"]["int8_over_fp32"],
        "smaller_numbers": {
            name: {
                "int8_loss_db": loss_db(psnrs[name], "int8"),
                "fp16_loss_db": loss_db(psnrs[name], "fp16"),
                **integers[name],
            }
            for name in judged
        },
        "instruction_sets": instruction_sets(),
        "front": best,
        "by_axis": by_axis(table),
        "students": table,
    }


def main() -> None:
    """Measure; print one line of JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--parser", type=Path, required=True, help="the face parser's file")
    parser.add_argument("--work", type=Path, default=Path("student-bench"), help="what is kept")
    parser.add_argument("--steps", type=int, default=STEPS, help="of training, for a trial run")
    parser.add_argument("--fit", type=int, default=FIT, help="of the amplifier, for a trial run")
    parser.add_argument("--students", type=int, default=ALL, help="how many; the first tell most")
    parser.add_argument("--save", action="store_true", help="write results/student.json too")
    chosen = parser.parse_args()
    result: Row = dict(release_facts())
    print(json.dumps(result), flush=True)
    setting = Setting(chosen.work / "store", chosen.parser, chosen.steps, chosen.fit, COUNT)
    amplified_set(setting)
    print(f"{COUNT} amplified pairs are ready", flush=True)
    students = candidates(chosen.students)
    path = chosen.work / f"students-{chosen.steps}-{chosen.fit}.jsonl"
    result |= compared(students, trained(students, setting, path)) | throughput(ROUNDS)
    told = f"--parser {chosen.parser.name} --steps {chosen.steps} --fit {chosen.fit}"
    tell("student", result, chosen.save, f"{told} --students {len(students)}")


if __name__ == "__main__":
    main()
