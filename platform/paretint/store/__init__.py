"""What a run leaves on the disk: artifacts by the hash of what made them, and its own folder."""

from __future__ import annotations

from paretint.store.artifacts import Store
from paretint.store.heldout import FACE, read_heldout, remove_heldout, write_heldout
from paretint.store.kept_faces import FACES, KeptFace, kept_faces
from paretint.store.keys import digest, key
from paretint.store.ledger import Ledger
from paretint.store.measured import Result, folder_name, load_result, result_files
from paretint.store.remote import Remote
from paretint.store.run import Run
from paretint.store.shared import Shared
from paretint.store.summary import summary

__all__ = [
    "FACE",
    "FACES",
    "KeptFace",
    "Ledger",
    "Remote",
    "Result",
    "Run",
    "Shared",
    "Store",
    "digest",
    "folder_name",
    "kept_faces",
    "key",
    "load_result",
    "read_heldout",
    "remove_heldout",
    "result_files",
    "summary",
    "write_heldout",
]
