"""One process of a webhook worker: sends what is due in the test database until it is killed.

Run as `python -m tests.faults.webhook_worker`; reads a JSON task from stdin.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")


def main() -> None:
    task = json.load(sys.stdin)
    django.setup()
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"]["NAME"] = task["database"]
    connections["default"].settings_dict["NAME"] = task["database"]
    settings.WEBHOOK_ALLOW_PRIVATE = True

    import datetime as dt

    from apitokens.domain import webhook_sending
    from config import clock

    ahead = dt.timedelta(seconds=task["seconds_ahead"])
    ends_at = time.monotonic() + task["seconds"]
    while time.monotonic() < ends_at:
        webhook_sending.send_due(clock=lambda: clock.now() + ahead)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
