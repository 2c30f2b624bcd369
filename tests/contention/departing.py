"""One process in which administrators step down, leave and take each other out at the same moments.

Run as `python -m tests.contention.departing`; reads a JSON task from stdin, writes what came of each deed.
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
    from config import background
    from config.errors import DomainError
    from organizations.models import User

    background.after_commit = background.after_commit_together = lambda *_args: None  # mail waits
    now = dt.datetime.fromisoformat(task["now"])
    answers = []
    for number, (deed, by, whom) in enumerate(task["deeds"]):
        time.sleep(max(0.0, task["begin"] + number * 0.4 - time.time()))
        try:
            _do(deed, User.objects.select_related("organization").get(pk=by), whom, now=now)
            answers.append("done")
        except DomainError as refusal:
            answers.append(refusal.code)
    connections["default"].close()
    json.dump(answers, sys.stdout)


def _do(deed, by, whom, *, now):
    from booking.domain import departures
    from organizations.domain import membership

    if deed == "demote":
        membership.change_role(whom, role="user", by=by)
    elif deed == "remove":
        departures.remove(whom, heir_id="", by=by, now=now)
    else:
        departures.leave(by, heir_id="", now=now)


if __name__ == "__main__":
    main()
