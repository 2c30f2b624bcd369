"""One JSON object a line, tied to its request, without secrets. Source: safety, S-02, S-05, S-57."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from config import logs


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (f"Bearer ww_dev_{'a' * 64}", "Bearer [redacted]"),
        ("ww_dev_0123 cut short", "[redacted] cut short"),
        ("GET /booking/k/MTIz:1abc:Zz-_9/", "GET /booking/k/[redacted]/"),
        ("GET /fr/register/k/MTIz:1abc:Zz-_9/?a=1", "GET /fr/register/k/[redacted]/?a=1"),
        ("/accounts/password/reset/key/3a-cxyz-0f/", "/accounts/password/reset/key/[redacted]/"),
        ("GET /api/sites?token=abc&type=all", "GET /api/sites?token=[redacted]&type=all"),
        ("GET /api/sites?a=1&access_token=abc", "GET /api/sites?a=1&access_token=[redacted]"),
        (
            "GET /imageroom?id=1&signature=a_b-c&w=320",
            "GET /imageroom?id=1&signature=[redacted]&w=320",
        ),
        ("whsec_MfKQ9r8GKYqrTwjU", "[redacted]"),
        ("GET /api/sites?type=all", "GET /api/sites?type=all"),
        ("GET /kiosk/1", "GET /kiosk/1"),
    ],
)
def test_secrets_are_blanked_and_nothing_else(line: str, kept: str) -> None:
    assert logs.redact(None, "info", {"event": line, "code": 200}) == {"event": kept, "code": 200}


@pytest.mark.parametrize(
    "path", ["/livez", "/api/nothing-here", "/nothing-here", "/accounts/login/"]
)
@pytest.mark.django_db
def test_every_answer_names_its_request(path: str) -> None:
    ids = {Client().get(path)["X-Request-Id"] for _ in range(2)}

    assert len(ids) == 2
    assert {len(request_id) for request_id in ids} == {36}


@pytest.mark.django_db
def test_callers_cannot_choose_the_id() -> None:
    answer = Client().get("/livez", headers={"X-Request-Id": "chosen"})

    assert answer["X-Request-Id"] != "chosen"


ONE_REQUEST = """
import django
django.setup()
from django.test import Client
answer = Client().get(
    "/livez?token=SECRET&from=/booking/k/SECRET:1abc:sig/",
    headers={"User-Agent": 'x\\n{"level": "forged"}', "Authorization": "Bearer ww_dev_" + "5ec" * 9},
)
print(answer["X-Request-Id"])
"""


def test_access_log_has_one_safe_line_for_a_request() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ONE_REQUEST],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "config.settings.local", "SECRET_KEY": "k" * 60},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["event"], line["request"], line["code"]) for line in lines] == [
        ("request_finished", "GET /livez?token=[redacted]&from=/booking/k/[redacted]/", 200)
    ]
    assert lines[0]["request_id"] == done.stdout.strip()
    assert "SECRET" not in done.stderr
    assert "5ec5ec" not in done.stderr
