"""Portals of real processes over a database that was made, and static files that were collected, once."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.test_embedded import data_dir
from tests.system.test_run import Portal

__all__ = ["data_dir"]  # the fixtures below ask for it by name


@pytest.fixture(scope="session")
def static_root(folder_of_the_run: Path) -> Path:
    """Return the folder of the static files: the portal that starts first collects them."""
    return folder_of_the_run / "static"


@pytest.fixture
def portal(data_dir: Path, static_root: Path) -> Iterator[Portal]:
    """Return a portal that begins with nothing: its first start makes the database."""
    yield from _portal(data_dir, static_root)


@pytest.fixture(scope="session")
def _used_folder(static_root: Path) -> Iterator[Path]:
    """Return the data folder of a portal that was started once, from nothing, and stopped."""
    with tempfile.TemporaryDirectory(prefix="portal-", dir="/tmp") as parent:
        Path(parent).chmod(0o711)  # the servers' own user passes through
        for run in _portal(Path(parent) / "data", static_root):
            run.start()
        yield run.folder


@pytest.fixture
def used_portal(data_dir: Path, _used_folder: Path, static_root: Path) -> Iterator[Portal]:
    """Return a portal whose database was made before, for tests of what comes after that."""
    subprocess.run(["cp", "-a", _used_folder, data_dir], check=True)
    yield from _portal(data_dir, static_root)


def _portal(folder: Path, static_root: Path) -> Iterator[Portal]:
    run = Portal(folder)
    run.environment["STATIC_ROOT"] = str(static_root)
    yield run
    if run.process is not None:
        run.process.terminate()
        run.process.wait(30)
    assert run.everybody() == []
