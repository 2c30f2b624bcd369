"""One portal for the whole suite: each test leaves it as ready as it found it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import mail_server as stand_in
from tests.faults.house import House
from tests.faults.mail_server import MailServer, Mood


@pytest.fixture(scope="session")
def _mail_server() -> Iterator[MailServer]:
    with stand_in.running() as server:
        yield server


@pytest.fixture
def mail_server(_mail_server: MailServer) -> MailServer:
    """Return the mail server, in a good mood."""
    _mail_server.mood = Mood.TAKES
    return _mail_server


@pytest.fixture(scope="session")
def _house(_mail_server: MailServer) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="portal-", dir="/tmp") as parent:
        Path(parent).chmod(0o711)  # the servers' own user passes through
        house = House(Path(parent) / "data", mail_port=_mail_server.port)
        try:
            house.start()
            house.furnish()
            yield house
        finally:
            if house.process is not None:
                house.process.terminate()
                house.process.wait(60)
        assert house.left_after(10) == []


@pytest.fixture
def house(_house: House, mail_server: MailServer) -> Iterator[House]:
    """Return the portal, whole; what a test promised is sent before the next one begins."""
    _house.wait_until_ready()
    yield _house
    mail_server.mood = Mood.TAKES
    _house.wait_until_ready()
