"""The three health answers: what fails them, and what is only told."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from config import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_memory", health._Memory())


def answer(view: Any) -> tuple[int, bytes]:
    response = view(RequestFactory().get("/"))
    return response.status_code, response.content


def test_ready_when_database_and_broker_answer() -> None:
    assert answer(health.readyz) == (200, b'{"status": "ok", "database": "ok", "broker": "ok"}')


def test_a_missing_broker_is_told_and_fails_nothing(settings: Any, tmp_path: Path) -> None:
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/none.sock"

    assert answer(health.readyz) == (
        200,
        b'{"status": "ok", "database": "ok", "broker": "unavailable"}',
    )


def test_a_broker_on_a_closed_port_is_told() -> None:
    assert health._ask_broker("redis://127.0.0.1:1/0") is False


def test_not_ready_while_migrations_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one"])

    status, body = answer(health.readyz)

    assert (status, body) == (
        503,
        b'{"status": "unavailable", "database": "not migrated", "broker": "ok"}',
    )


def test_not_ready_without_database_but_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise OperationalError("gone")

    monkeypatch.setattr(health, "_migration_state", refuse)
    monkeypatch.setattr(health.connection, "close", lambda: None)

    assert answer(health.readyz)[0] == 503
    assert answer(health.livez) == (200, b'{"status": "ok"}')
