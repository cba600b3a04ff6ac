"""Amplified pairs that processes share: decoded once, as far as the largest count."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from paretint import UserError
from paretint.amplify import AmplifierWorker, AmplifyJob, Drawn, open_amplified, part_path
from paretint.amplify.parts import read_drawn, write_part
from paretint.faces import Faces

PARTS = 3


@pytest.fixture
def made(job: AmplifyJob) -> AmplifyJob:
    """A job whose first three parts, of four images, are made."""
    worker = AmplifierWorker()
    worker.fit(job, lambda _what, _done, _of: None)
    for part in range(PARTS):
        worker.make_part(job, part)
    return job


def decoded(job: AmplifyJob) -> Path:
    """The one file of decoded pairs."""
    (file,) = job.store.root.glob("decoded/*/pairs.uint8")
    return file


@pytest.mark.parametrize("count", [1, 4, 7, 12])
def test_pairs_are_those_of_the_parts(made: AmplifyJob, count: int) -> None:
    pairs = open_amplified(made, count)
    before, after, _ = read_drawn(made.folder, count, 4)
    assert pairs.names == tuple(f"{face}-{index}" for index, face in enumerate(before.names))
    assert pairs.before.equal(before.photos)
    assert pairs.after.equal(after)
    assert pairs.regions is not None
    assert before.regions is not None
    assert pairs.regions.equal(before.regions)


def test_regions_finer_than_the_photos_and_none(made: AmplifyJob) -> None:
    before, after, rejected = read_drawn(made.folder, 8, 4)
    assert before.regions is not None
    finer = before.regions.repeat_interleave(2, 1).repeat_interleave(2, 2)
    for part in range(2):
        rows = slice(4 * part, 4 * part + 4)
        faces = Faces(before.names[rows], before.photos[rows], finer[rows])
        drawn = Drawn(faces, after[rows], rejected[rows])
        write_part(part_path(made.folder, part), range(rows.start, rows.stop), drawn)
    pairs = open_amplified(made, 7)
    assert pairs.regions is not None
    assert pairs.regions.equal(finer[:7])
    assert pairs.at([6, 0]).after.equal(after[[6, 0]])


def test_pairs_without_regions(made: AmplifyJob) -> None:
    before, after, rejected = read_drawn(made.folder, 4, 4)
    blind = Drawn(Faces(before.names, before.photos, None), after, rejected)
    write_part(part_path(made.folder, 0), range(4), blind)
    pairs = open_amplified(made, 3)
    assert pairs.regions is None
    assert pairs.after.equal(after[:3])


def test_a_larger_count_decodes_what_the_smaller_did_not(made: AmplifyJob) -> None:
    small = open_amplified(made, 5)
    expected = read_drawn(made.folder, 12, 4).after
    held = small.after.clone()
    first = decoded(made).read_bytes()
    header = json.loads(decoded(made).with_name("pairs.json").read_text())
    assert header == {"rows": 8, "size": 32, "finer": 1}
    names = open_amplified(made, 12).names
    assert decoded(made).read_bytes()[: len(first)] == first
    assert open_amplified(made, 12).after.equal(expected)
    assert small.after.equal(held)  # it lies in the same file, which has grown
    assert small.names == names[:5]


def test_what_is_decoded_is_not_decoded_again(made: AmplifyJob) -> None:
    open_amplified(made, 12)
    written = decoded(made).stat().st_mtime_ns
    open_amplified(made, 12)
    open_amplified(made, 2)
    assert decoded(made).stat().st_mtime_ns == written


def test_a_build_cut_short_is_done_again(made: AmplifyJob) -> None:
    expected = read_drawn(made.folder, 12, 4).after
    forgotten = part_path(made.folder, 2)
    kept = forgotten.read_bytes()
    forgotten.unlink()
    with pytest.raises(FileNotFoundError):
        open_amplified(made, 12)  # two parts are written, and no card
    forgotten.write_bytes(kept)
    assert open_amplified(made, 12).after.equal(expected)
    assert decoded(made).stat().st_size == 12 * 7 * 32**2


def test_whoever_asks_at_once_gets_the_same(made: AmplifyJob) -> None:
    expected = read_drawn(made.folder, 12, 4).after
    counts = [3, 12, 7, 9, 12, 1]
    with ThreadPoolExecutor(len(counts)) as pool:
        for count, pairs in zip(
            counts, pool.map(lambda n: open_amplified(made, n), counts), strict=True
        ):
            assert pairs.after.equal(expected[:count])
    assert decoded(made).stat().st_size == 12 * 7 * 32**2


def test_a_pair_that_is_changed_in_memory_stays_as_it_is_on_the_disk(made: AmplifyJob) -> None:
    expected = open_amplified(made, 4).after.clone()
    open_amplified(made, 4).after.zero_()
    assert open_amplified(made, 4).after.equal(expected)


def test_processes_share_the_pages_of_the_file(made: AmplifyJob) -> None:
    """Nothing of the pairs is a process's own: all of them lie in pages that others may have."""
    pairs = open_amplified(made, 12)
    assert pairs.before.sum() + pairs.after.sum() > 0
    maps = Path("/proc/self/smaps")
    if not maps.exists():
        pytest.skip("only Linux tells what a process maps")
    lines = maps.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.endswith(str(decoded(made))))
    told = dict(line.split(":", 1) for line in lines[start + 1 : start + 20] if ":" in line)
    kilobytes = {name: int(value.split()[0]) for name, value in told.items() if "kB" in value}
    assert kilobytes["Rss"] * 1024 >= 12 * 6 * 32**2
    assert kilobytes["Private_Dirty"] == kilobytes["Anonymous"] == 0


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk_is_told_in_one_line(made: AmplifyJob) -> None:
    open_amplified(made, 4)
    file = decoded(made)
    file.unlink()
    file.symlink_to("/dev/full")
    with pytest.raises(UserError, match="the disk is full; what is finished stays"):
        open_amplified(made, 8)
