"""Small faces, an untrained network, and the settings of an amplifier that takes milliseconds."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from paretint.amplify import AmplifyJob
from paretint.amplify.network import ResidualUNet
from paretint.config import ProceduralFaces, RdmSmall
from paretint.faces import prepare_faces
from paretint.store import Store

SIZE = 32


@pytest.fixture(scope="session")
def network() -> ResidualUNet:
    """An untrained base; not to be changed."""
    torch.manual_seed(0)
    return ResidualUNet().eval()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def settings(untrained: Path) -> RdmSmall:
    return RdmSmall(
        weights=str(untrained),
        fine_tune_steps=2,
        learning_rate=1e-4,
        batch=2,
        steps=2,
        gate=None,
        part=4,
    )


@pytest.fixture
def faces(store: Store) -> Path:
    """The folder of 3 source pairs, 10 faces to amplify and 8 held out, prepared in the store."""
    config = ProceduralFaces(
        source="procedural", style="rose", size=SIZE, pairs=3, unlabelled=10, heldout=8
    )
    return prepare_faces(config, 0, store)


@pytest.fixture
def job(store: Store, faces: Path, settings: RdmSmall) -> AmplifyJob:
    return AmplifyJob(store, faces, 2, settings, seed=0)
