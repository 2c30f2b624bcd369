"""The test run's ground: real servers of its own, a clock that can be set, no outside sockets."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import environ
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from config import embedded
from tests import emptying, openapi
from tests.database_template import Template

# How fast the machine is says nothing about the code.
hypothesis_settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("unhurried")
os.environ["COMPANY_REGISTERS"] = "off"  # also for the portals that tests start
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the worker; tests share the cores
_servers = None
if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    _servers = embedded.start_for_tests()
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_OF_THE_RUN"] = "1"  # as parallel workers hear, who join it
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or _servers.database_url
    os.environ["REDIS_URL"] = os.environ.get("REDIS_URL") or _servers.redis_url
    # pytest-django has read the settings before this file: point them at the servers just started
    address = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    settings.DATABASES["default"].update(address, OPTIONS=settings.DATABASES["default"]["OPTIONS"])
    settings.REDIS_URL = settings.CELERY_BROKER_URL = os.environ["REDIS_URL"]


_TAKE_LONG = ("system", "contention", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits for other processes: at the end there is nothing left to do beside it."""
    items.sort(
        key=lambda item: next(
            (rank for rank, name in enumerate(_TAKE_LONG) if item.get_closest_marker(name)),
            len(_TAKE_LONG),
        )
    )


def pytest_collection_finish() -> None:
    """Spare the collector what is loaded by now, which stays to the end, and have it look seldom.

    Each is a twentieth of the run; of migrations, which make every model anew again and again, a third.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)


def pytest_unconfigure() -> None:
    if _servers is not None:
        _servers.stop()


@pytest.fixture(scope="session")
def folder_of_the_run(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Path:
    """Return a folder that goes with the run; parallel workers share it."""
    own: Path = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def _template(request: pytest.FixtureRequest, folder_of_the_run: Path) -> Template | None:
    """Return what parallel workers share on servers of our own, which forget it with the run."""
    if not hasattr(request.config, "workerinput") or "DATABASE_OF_THE_RUN" not in os.environ:
        return None
    return Template(folder_of_the_run / "template.lock")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: Any, _template: Template | None
) -> None:
    if _template is not None:
        with django_db_blocker.unblock():
            _template.use_or_promise()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, _template: Template | None
) -> Iterator[None]:
    """Make the test database; hang up what still holds it (threads of a live server) before it goes."""
    if _template is not None:
        with django_db_blocker.unblock():
            _template.keep_promise()
    TransactionTestCase._fixture_teardown = emptying.empty
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session", autouse=True)
def _tasks_are_registered() -> None:
    """Let eager tasks run: a web process has no task modules loaded, so their names would be unknown."""
    from config.celery import app

    app.loader.import_default_modules()


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    """Forget the bytes that a web process keeps between requests, the broker, the language."""
    from config import background, process_cache

    process_cache.clear_all()
    background.trust_broker_again()
    translation.deactivate()


@pytest.fixture(autouse=True)
def _answers_keep_the_documents_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check every answer of the API that any test receives against the OpenAPI document."""
    request = Client.request

    def checked_request(self: Client, **environ: Any) -> Any:
        response = request(self, **environ)
        if response.headers.get("Content-Encoding") is None:
            openapi.check(
                method=environ["REQUEST_METHOD"], path=environ["PATH_INFO"], response=response
            )
        return response

    monkeypatch.setattr(Client, "request", checked_request)
