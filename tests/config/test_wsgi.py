"""The web server's entry point, loaded as a server loads it: before anything else of the portal."""

import os
import subprocess
import sys

from django.conf import settings


def test_entry_point_loads_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
