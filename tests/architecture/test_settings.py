"""What the settings list by name exists, and nothing of its kind is left out."""

import inspect

from django.conf import settings
from django.urls import get_resolver
from django.utils.module_loading import import_string

from config.celery import app

SENT_WITH_EACH_COMMIT = {"apitokens.publish_events", "apitokens.send_webhooks"}


def _without_parameters():
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    return {name for name, task in ours.items() if not inspect.signature(task.run).parameters}


def test_every_task_that_needs_no_reason_to_run_has_its_time():
    """A sweep or retention that no schedule names would never run."""
    scheduled = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]

    assert sorted(scheduled) == sorted(_without_parameters() - SENT_WITH_EACH_COMMIT)


def test_limited_forms_are_addresses():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert set(settings.LIMITED_FORMS) - names == set()


def test_no_path_of_the_api_is_described_twice():
    described = [path for name in settings.API_DESCRIPTIONS for path in import_string(name)()]

    assert sorted(described) == sorted(set(described))
