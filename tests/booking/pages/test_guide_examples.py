"""Every example of the developers' guide and of the reference is run against the live portal."""

import base64
import datetime as dt
import html
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook

from booking import selectors_examples
from booking.pages import api_notes, developers
from config import clock
from config.api import openapi, reference
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("", *developers.PAGES)
# What a reference example answers where it names something that this portal does not have.
MISSING = {
    "GET /api/user-info": 200,
    "GET /api/organization-info": 404,
    "POST /api/merge-contract": 404,
    "GET /api/meeting": 404,
    "POST /api/meeting-change": 404,
    "GET /api/meeting-cancel": 404,
    "POST /api/meeting-cancel": 404,
    "GET /api/meeting-series": 404,
    "POST /api/meeting-series-retry": 404,
    "DELETE /api/webhooks": 404,
    "DELETE /api/waitlist": 404,
    "GET /api/webhooks/deliveries": 404,
    "POST /api/webhooks/replay": 404,
    "POST /api/webhooks/test": 404,
}


@pytest.fixture
def token(live_server, settings, transactional_db) -> str:
    """One site with a room and an office, Jean Dupont as its customer; the portal is the live server."""
    settings.PUBLIC_URL = live_server.url
    settings.WEBHOOK_ALLOW_PRIVATE = True
    site = SiteFactory(id=selectors_examples.SITE, country="IE", time_zone="Europe/Dublin")
    RoomFactory(id=selectors_examples.ROOM, site=site, name="Meeting Room A")
    RoomFactory(id=selectors_examples.OFFICE, site=site, name="Office 1", office=True)
    UserFactory(email="jean.dupont@acme.com")
    return ApiTokenFactory().plain


def examples(page: str) -> dict[str, str]:
    """Return the code of a page as it is shown, by its file's name."""
    address = f"/developers/{page}/" if page else "/developers/"
    shown = Client().get(address).content.decode()
    found = re.findall(
        r'<code id="example-([^"]+)-(\w+)" data-language="\w+">(.*?)</code>', shown, re.S
    )
    return {f"{stem}.{kind}": html.unescape(text) for stem, kind, text in found}


def shell(script: str, token: str, folder: Path) -> str:
    """Run commands; a name that only the internet knows becomes an address, since tests ask no one."""
    script = script.replace("hooks.example.com", "93.184.215.14")
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("This machine has no curl or no bash")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=os.environ | {"TOKEN": token, "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (script, done.stderr)
    return done.stdout


def assert_same_shape(shown: Any, answered: Any, where: str = "") -> None:
    """Compare names and types; null in either fits anything, and a list is as its first entry."""
    if shown is None or answered is None:
        return
    assert type(shown) is type(answered), where
    if isinstance(shown, dict):
        assert list(shown) == list(answered), where
        for name, value in shown.items():
            assert_same_shape(value, answered[name], f"{where}.{name}")
    elif isinstance(shown, list) and shown and answered:
        assert_same_shape(shown[0], answered[0], f"{where}[]")


def described(name: str) -> dict[str, Any]:
    return openapi.document()["paths"][name]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_guide_works(page: str, token: str, tmp_path: Path) -> None:
    found = examples(page)

    for name, script in found.items():
        if not name.endswith(".sh"):
            continue
        output = shell(script, token, tmp_path)
        shown = found.get(name.removesuffix(".sh") + ".json")
        if shown is not None:
            assert_same_shape(json.loads(shown), json.loads(output))
        elif output.startswith("{"):
            assert json.loads(output)["retcode"] in (1, 200), (name, output)


def test_the_guide_has_no_example_that_is_not_run(token: str) -> None:
    """Each answer belongs to a command; what is neither has a test of its own below."""
    every = {name: text for page in PAGES for name, text in examples(page).items()}
    own_tests = {
        "retry.py",
        "verify.py",
        "verify.js",
        "feed.txt",
        "feed.ics",
        "make-register.json",
        "make-mail.txt",
        "make-sites.txt",
        "make-rooms.txt",
    }

    rest = {
        name
        for name in every
        if not name.endswith(".sh") and name.removesuffix(".json") + ".sh" not in every
    }

    assert rest == own_tests
    assert set(every) == {path.name for path in developers._EXAMPLES.iterdir()}


def test_an_unchanged_list_answers_304(token: str, tmp_path: Path) -> None:
    assert shell(examples("limits")["etag.sh"], token, tmp_path).strip() == "304"


def test_the_retrying_client_gets_its_answer(token: str, tmp_path: Path) -> None:
    program = tmp_path / "client.py"
    program.write_text(examples("errors")["retry.py"], encoding="utf-8")

    done = subprocess.run(
        [sys.executable, program],
        env=os.environ | {"TOKEN": token},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout == "EXISTING_USER\n"


SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four!").decode()
BODY = b'{"type":"meeting.confirmed"}'


def signed(*, sent_at: float, body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    moment = dt.datetime.fromtimestamp(sent_at, tz=dt.UTC)
    return {
        "webhook-id": "507f191e810c19729de860ea",
        "webhook-timestamp": str(int(sent_at)),
        "webhook-signature": "v1,AAAA "
        + Webhook(secret).sign("507f191e810c19729de860ea", moment, body.decode()),
    }


def messages() -> list[tuple[dict[str, str], bytes, bool]]:
    now = time.time()
    other = "whsec_" + base64.b64encode(b"another secret of ours..").decode()
    return [
        (signed(sent_at=now), BODY, True),
        (signed(sent_at=now), BODY + b" ", False),
        (signed(sent_at=now, secret=other), BODY, False),
        (signed(sent_at=now - 290), BODY, True),
        (signed(sent_at=now - 310), BODY, False),
        (signed(sent_at=now + 310), BODY, False),
        (signed(sent_at=now) | {"webhook-signature": ""}, BODY, False),
    ]


def test_the_python_example_knows_genuine_messages() -> None:
    names: dict[str, Any] = {}
    exec(examples("events")["verify.py"], names)

    for headers, body, is_genuine in messages():
        assert names["is_genuine"](SECRET, headers, body) is is_genuine


def test_the_node_example_knows_genuine_messages(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("This machine has no Node.js")
    (tmp_path / "verify.mjs").write_text(examples("events")["verify.js"], encoding="utf-8")
    cases = [(headers, body.decode()) for headers, body, _ in messages()]
    (tmp_path / "run.mjs").write_text(
        'import { isGenuine } from "./verify.mjs";\n'
        f"const cases = {json.dumps(cases)};\n"
        f"const genuine = ([h, b]) => isGenuine({json.dumps(SECRET)}, h, Buffer.from(b));\n"
        "console.log(JSON.stringify(cases.map(genuine)));",
        encoding="utf-8",
    )

    done = subprocess.run(
        ["node", tmp_path / "run.mjs"], capture_output=True, text=True, timeout=60, check=True
    )

    assert json.loads(done.stdout) == [is_genuine for *_, is_genuine in messages()]


def test_the_feed_to_subscribe_to_is_a_calendar(token: str, tmp_path: Path) -> None:
    found = examples("calendars")

    feed = shell(f'curl -s "{found["feed.txt"]}"', token, tmp_path)

    assert feed.startswith("BEGIN:VCALENDAR")
    shown = {line.partition(":")[0] for line in found["feed.ics"].splitlines()}
    assert {"UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS"} <= shown


def test_the_recipes_of_make_are_answered(token: str, tmp_path: Path, live_server) -> None:
    found = examples("make")
    filled = {
        "companyName": "Café Blanc",
        "firstName": "Ada",
        "lastName": "Byron",
        "email": "ada@cafe-blanc.example",
        "phone": "+33612345678",
        "users": "3",
    }
    body = re.sub(r"\{\{1\.(\w+)\}\}", lambda match: filled[match[1]], found["make-register.json"])
    headers = {"Authorization": f"Bearer {token}"}

    registered = Client().post(
        "/api/register", body, content_type="application/json", headers=headers
    )
    sites = Client().get(
        found["make-sites.txt"].removeprefix(live_server.url).replace("France", "Ireland")
    )
    site = sites.json()["data"][0]["_id"]
    day = clock.now().date()
    rooms = found["make-rooms.txt"].removeprefix(live_server.url).replace("{{3._id}}", site)
    rooms = re.sub(r"\{\{formatDate\(now;[^}]*\}\}", day.isoformat(), rooms)
    rooms = re.sub(r"\{\{formatDate\(addDays[^}]*\}\}", str(day + dt.timedelta(days=1)), rooms)
    report = Client().get(rooms)

    assert registered.json()["status"] == "CREATED"
    assert registered.json()["data"]["organizationId"]
    assert found["make-mail.txt"] == "{{2.data.organizationId}}"
    assert {"roomId", "bookable"} <= set(report.json()["data"][0])


def test_every_command_of_the_reference_is_answered_as_described(
    token: str, tmp_path: Path
) -> None:
    notes = api_notes.notes(language="en")
    today = clock.now().date()
    operations = reference.operations(openapi.document(), notes=notes, today=today)

    for operation in operations:
        page = Client().get(f"/developers/reference/{operation.slug}/").content.decode()
        shown = re.search(rf'<code id="{operation.anchor}-curl"[^>]*>(.*?)</code>', page, re.S)
        assert shown is not None
        script = html.unescape(shown[1]) + " -s -o answer -w '%{http_code}'"
        status = shell(script, token, tmp_path)

        assert status == str(MISSING.get(operation.key, 200)), (
            script,
            (tmp_path / "answer").read_bytes()[:300],
        )
        responses = described(operation.path)[operation.method.lower()]["responses"]
        schema = responses[status].get("content", {}).get("application/json", {}).get("schema")
        if schema is not None:
            jsonschema.validate(json.loads((tmp_path / "answer").read_bytes()), schema)


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_every_link_of_the_guide_leads_somewhere(prefix: str, token: str) -> None:
    client = Client()
    pages = [f"{prefix}/developers/{page}/" if page else f"{prefix}/developers/" for page in PAGES]
    links = {
        html.unescape(link)
        for page in pages
        for link in re.findall(r'href="(/[^"#]*)', client.get(page).content.decode())
        if not link.startswith("/static/")
    }

    broken = {
        link: status for link in links if (status := client.get(link).status_code) not in (200, 302)
    }

    assert broken == {}
