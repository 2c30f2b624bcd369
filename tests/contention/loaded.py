"""The portal, loaded once for all racers: they are forked from a process that imports this module."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.conf import settings  # noqa: E402 - after django.setup()
from django.db import connections  # noqa: E402 - after django.setup()
from django.urls import get_resolver  # noqa: E402 - after django.setup()

from config import background  # noqa: E402 - after django.setup()

get_resolver().url_patterns  # noqa: B018 - loads every view, so that no racer has to


def use(database: str) -> None:
    """Let this process work on a database, and leave to nobody what is to be done after its commits."""
    settings.DATABASES["default"]["NAME"] = database
    connections["default"].settings_dict["NAME"] = database
    settings.CELERY_TASK_ALWAYS_EAGER = False
    background.after_commit = background.after_commit_together = lambda *_args: (
        None
    )  # not what races here
