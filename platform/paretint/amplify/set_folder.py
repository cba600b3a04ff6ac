"""A set of amplified pairs as a user gets it: a folder of Parquet parts, and what made them."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from paretint.amplify.contact_sheet import SHEET
from paretint.amplify.job import AmplifyJob
from paretint.amplify.parts import cut_part, part_path, parts_for
from paretint.config.source import dump
from paretint.errors import UserError
from paretint.store.files import replace

CARD = "amplified.yaml"
_KEY = "amplified_key"


def check_set_folder(out: Path, job: AmplifyJob) -> None:
    """Raise UserError where a folder holds anything but images of the same job."""
    if not out.exists():
        return
    if not out.is_dir():
        raise UserError(f"{out}: is a file; name a folder with --out")
    if any(out.iterdir()) and _key_of(out / CARD) != job.amplified_key:
        raise UserError(f"{out}: holds something else; name another folder with --out")


def write_set(job: AmplifyJob, count: int, sheet: Path, out: Path) -> None:
    """Copy the first `count` images of a finished job, and their contact sheet, into a folder.

    The folder's card is written first, so that the same call goes on with what was cut short.
    """
    check_set_folder(out, job)
    out.mkdir(parents=True, exist_ok=True)
    replace(out / CARD, lambda partial: partial.write_text(_card(job, count)))
    size = job.settings.part
    parts = parts_for(count, size)
    for part in parts:
        target = part_path(out, part)
        cut_part(part_path(job.folder, part), min(size, count - part * size), target)
    for stale in set(out.glob("part-*.parquet")) - {part_path(out, part) for part in parts}:
        stale.unlink()  # of a larger count
    replace(out / SHEET, lambda partial: shutil.copyfile(sheet, partial))


def _card(job: AmplifyJob, count: int) -> str:
    return dump(
        {
            _KEY: job.amplified_key,
            "amplifier_key": job.amplifier_key,
            "images": count,
            "source_pairs": list(job.source.names),
            "seed": job.seed,
            "amplifier": job.settings.model_dump(mode="json"),
        }
    )


def _key_of(card: Path) -> str | None:
    """Return the key that a folder's card names; None where it is none."""
    try:
        said = yaml.safe_load(card.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    return said.get(_KEY) if isinstance(said, dict) else None
