"""One process of API callers: each thread sends the same call, against the test database.

Run as `python -m tests.contention.caller`; reads a JSON task from stdin, writes its answers to stdout.
`{caller}` in the body is another text for each thread. With `die` in the task the process kills
itself with SIGKILL "before" or "after" the commit.
"""

import base64
import json
import os
import signal
import sys
import threading
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
    settings.CELERY_TASK_ALWAYS_EAGER = False
    from config import background

    background.after_commit = lambda *_args: None  # mail is not what races here
    if "die" in task:
        _die(task["die"])
    answers = []
    threads = [
        threading.Thread(target=_call, args=(task, answers)) for _ in range(task["connections"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(answers, sys.stdout)


def _call(task, answers):
    from django.db import connection
    from django.test import Client

    client = Client()
    time.sleep(max(0.0, task["begin"] - time.time()))
    try:
        while True:
            response = client.generic(
                task["method"],
                task["path"],
                task.get("body", "").replace("{caller}", f"{os.getpid()}-{threading.get_ident()}"),
                content_type="application/json",
                headers=task["headers"],
            )
            answers.append(
                {
                    "status": response.status_code,
                    "body": base64.b64encode(response.content).decode(),
                    "replayed": response.get("Idempotent-Replayed"),
                    "headers": dict(response.headers),
                }
            )
            if "Retry-After" not in response or not task.get("patient"):
                return
            time.sleep(0.05)
    finally:
        connection.close()


def _die(moment):
    """Leave no chance to tidy up, as the kernel does when memory is short."""
    from apitokens import idempotency as edge
    from apitokens.domain import idempotency

    def killed(*_args, **_kwargs):
        os.kill(os.getpid(), signal.SIGKILL)

    if moment == "before":
        idempotency.keep = killed
    else:
        edge._written = killed


if __name__ == "__main__":
    main()
