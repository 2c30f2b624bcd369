"""`make pictures`: the README's pictures, taken of a portal with the demo data that is started for them.

Each shows what a person sees first, kept in a palette of 128 colours so that the repository stays small.
"""

import base64
import datetime as dt
import hmac
import io
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from config import clock
from tests import browser_program

PORT = os.environ.get("PORT", "8195")
PORTAL = f"http://localhost:{PORT}"
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "img"
DESK, PHONE = (1280, 900), (390, 844)
COLOURS = 128
PASSWORD = re.compile(r"(\S+@\S+) / (\S+)")
SECRET = re.compile(r"second factor: (\S+)")
DEVELOPER, MEMBER, STAFF = "Developer", "Company administrator", "Staff (back office)"
LOCATION = ".wp a[href*='/admin/locations/']"
PLANNED_DAY, PROPOSED_DAY = "tr:has-text('In force') a", "tr:has-text('Proposed') a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page, by its address or by the links that lead to it; `part` is what is in view, if not the top."""

    name: str
    path: str
    links: Sequence[str] = ()
    part: str = ""
    who: str = ""
    screen: tuple[int, int] = DESK
    scheme: str = "light"


TODAY = clock.now().date()
NEXT_MONDAY = TODAY + dt.timedelta(days=7 - TODAY.weekday())
PICTURES = (
    Picture(name="home", path="/"),
    Picture(name="home-dark", path="/fr/", scheme="dark"),
    Picture(name="results", path="/find/"),
    Picture(name="room-week", path="/find/", links=("main .card h3 a",)),
    Picture(name="room-mobile", path="/find/", links=("main .card h3 a",), screen=PHONE),
    Picture(name="booking", path="/find/", links=("main a[href*='/book/']",)),
    Picture(name="register", path="/register/"),
    Picture(name="developers", path="/developers/"),
    Picture(name="endpoint", path="/developers/reference/meeting-request/", scheme="dark"),
    Picture(name="settings", path="/account/api/", who=DEVELOPER),
    Picture(name="admin-today", path="/admin/", who=STAFF),
    Picture(name="admin-board", path=f"/admin/board/?day={NEXT_MONDAY}", who=STAFF),
    Picture(name="admin-meetings", path="/admin/booking/meeting/", who=STAFF),
    Picture(name="admin-attendance", path="/admin/locations/", links=(LOCATION,), who=STAFF),
    Picture(
        name="admin-day-plan",
        path="/admin/locations/",
        links=(LOCATION, PLANNED_DAY),
        part="section[aria-labelledby=plan-heading]",
        who=STAFF,
    ),
    Picture(
        name="admin-proposal",
        path="/admin/locations/",
        links=(LOCATION, PROPOSED_DAY, "a[href*='/admin/plans/']"),
        who=STAFF,
    ),
    Picture(
        name="my-week",
        path=f"/account/week/?day={NEXT_MONDAY}",
        part="section[aria-labelledby=days-heading]",
        who=MEMBER,
    ),
)


@contextmanager
def portal() -> Iterator[str]:
    """Run a portal with demo data of its own; yield what it prints when it is ready."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "config.runner", "run"],
            env={**os.environ, "PORT": PORT, "DATA_DIR": folder, "API_THROTTLE": "off"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            printed = ""
            for line in process.stdout:
                printed += line
                if "Ctrl-C" in line:
                    break
            yield printed
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def log_ins(printed: str) -> dict[str, tuple[str, str]]:
    """Read e-mail and password of each kind of person from what the portal printed."""
    found = {}
    for line in printed.splitlines():
        who, _, rest = line.partition(": ")
        if match := PASSWORD.match(rest):
            found[who] = (match[1], match[2])
    return found


def log_in(page: Page, who: tuple[str, str], secret: str) -> None:
    page.goto(f"{PORTAL}/accounts/login/")
    page.fill("[name=login]", who[0])
    page.fill("[name=password]", who[1])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    if page.locator("[name=code]").count():
        page.fill("[name=code]", code(secret, at=time.time()))
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()


def code(secret: str, *, at: float) -> str:
    """Return the six digits that an authenticator app shows. Source: RFC 6238."""
    made = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), "sha1")
    (number,) = struct.unpack_from(">I", made, made[-1] & 0xF)
    return f"{(number & 0x7FFFFFFF) % 10**6:06d}"


def session(browser: Browser, who: tuple[str, str], secret: str) -> Any:
    """Log in once; a code of the second factor is good for one log-in only."""
    context = browser.new_context(locale="en-IE")
    log_in(context.new_page(), who, secret)
    state = context.storage_state()
    context.close()
    return state


def take(browser: Browser, picture: Picture, state: Any) -> None:
    width, height = picture.screen
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        locale="en-IE",
        storage_state=state,
    )
    page = context.new_page()
    page.goto(PORTAL + picture.path)
    for link in picture.links:
        page.locator(link).first.click()
        page.wait_for_load_state()
    page.wait_for_load_state("networkidle")
    if picture.part:
        page.locator(picture.part).first.evaluate("part => part.scrollIntoView()")
    page.wait_for_timeout(1000)  # plots of the back office draw themselves
    keep(page.screenshot(), FOLDER / f"{picture.name}.png")
    context.close()


def keep(screenshot: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(screenshot)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main(names: Sequence[str]) -> None:
    """Take all pictures, or those that are named."""
    wanted = [each for each in PICTURES if not names or each.name in names]
    with portal() as printed, sync_playwright() as playwright:
        known, secret = log_ins(printed), SECRET.search(printed)
        assert secret is not None, printed
        browser = playwright.chromium.launch(
            executable_path=browser_program.find(), args=["--no-sandbox"]
        )
        people = sorted({each.who for each in wanted} - {""})
        sessions = {who: session(browser, known[who], secret[1]) for who in people}
        for picture in wanted:
            take(browser, picture, sessions.get(picture.who))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
