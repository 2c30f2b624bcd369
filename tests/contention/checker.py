"""One process that tries a company check again, against the test database.

Run as `python -m tests.contention.checker`; reads a JSON task from stdin, writes its outcomes to stdout.
"""

import datetime as dt
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
    settings.COMPANY_REGISTERS_ON = True
    settings.COMPANY_REGISTERS = task["registers"]
    from organizations.domain import company_checks

    now = dt.datetime.fromisoformat(task["now"])
    time.sleep(max(0.0, task["begin"] - time.time()))
    json.dump(company_checks.retry(task["check"], now=now), sys.stdout)


main()
