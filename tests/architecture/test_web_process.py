"""The web process stays small: what only the background worker needs is never loaded by it."""

import subprocess
import sys

_LOAD = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import config.wsgi
import workplace.tasks, workplace.api.urls, workplace.admin
heavy = ("numpy", "lap", "highspy", "workplace.forecasting", "workplace.seating")
sys.stdout.write(" ".join(name for name in heavy if name in sys.modules))
"""


def test_the_web_process_loads_neither_engines_nor_their_libraries():
    found = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True, timeout=120
    )

    assert found.stdout.strip() == ""
