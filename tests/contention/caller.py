"""One process of API callers: each thread sends the same call. A program of `tests.contention.racing`.

`{caller}` in the body is another text for each thread. With `die` in the task the process kills
itself with SIGKILL "before" or "after" the commit.
"""

import base64
import os
import signal
import threading
import time


def run(task, gate):
    """Return all answers of the threads."""
    if "die" in task:
        _die(task["die"])
    answers = []
    gate()
    threads = [
        threading.Thread(target=_call, args=(task, answers)) for _ in range(task["connections"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _call(task, answers):
    from django.db import connection
    from django.test import Client

    client = Client()
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
