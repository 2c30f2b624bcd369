"""Portals of real processes: one that begins with nothing, and one that was used before."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.test_embedded import data_dir
from tests.system.test_run import Portal

__all__ = ["data_dir"]  # the fixtures below ask for it by name


@pytest.fixture
def portal(data_dir: Path) -> Iterator[Portal]:
    """Return a portal that begins with nothing: its first start makes the database."""
    run = Portal(data_dir)
    yield run
    _stop(run)


@pytest.fixture(scope="session")
def _used_folder() -> Iterator[Path]:
    """Return the data folder of a portal that was started once and stopped."""
    with tempfile.TemporaryDirectory(prefix="portal-", dir="/tmp") as parent:
        Path(parent).chmod(0o711)  # the servers' own user passes through
        run = Portal(Path(parent) / "data")
        try:
            run.start()
        finally:
            _stop(run)
        yield run.folder


@pytest.fixture
def used_portal(data_dir: Path, _used_folder: Path) -> Iterator[Portal]:
    """Return a portal whose database was made before, for tests of what comes after that."""
    subprocess.run(["cp", "-a", _used_folder, data_dir], check=True)
    run = Portal(data_dir)
    yield run
    _stop(run)


def _stop(run: Portal) -> None:
    if run.process is not None:
        run.process.terminate()
        run.process.wait(30)
    assert run.everybody() == []
