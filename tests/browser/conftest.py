"""A real Chromium against the live server, with one small world to look at."""

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from sites_app.models import Room
from tests import browser_program
from tests.factories.booking import MeetingFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

# The synchronous driver runs an event loop in this thread; the database is used from here only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    path = browser_program.find()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("No browser: run `make browser`")
        pytest.skip("No Chromium on this machine: run `make browser`")
    return {"executable_path": path, "args": ["--no-sandbox"], "headless": True}


@pytest.fixture
def opened(browser: Browser, live_server) -> Iterator[OpenPage]:
    """Open an address in a context of its own; complaints of the console fail the test."""
    contexts, complaints = [], []

    def open_page(path: str, **context: object) -> Page:
        contexts.append(browser.new_context(locale="en-IE", **context))
        page = contexts[-1].new_page()
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and "status of 422"
                not in message.text  # a form that was refused, as a test meant it
                and complaints.append(message.text)
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield open_page

    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def room(transactional_db) -> Room:
    site = SiteFactory(name="Paris République", address="10 rue de la Paix", postal_code="75002")
    room = RoomFactory(site=site, name="Salon Garnier", equipment=["screen", "wifi"])
    RoomFactory(site=site, name="Bureau Monet", office=True)
    MeetingFactory(room=room)
    return room


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    def violations(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(Axe().axe_script)
        # only what is wrong leaves the browser: all that is right would take as long as the search
        found = page.evaluate(
            "axe.run({resultTypes: ['violations']}).then(results => results.violations)"
        )
        return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]

    return violations


@pytest.fixture
def axe_in_light_and_dark(axe: Callable[[Page], list[str]]) -> Callable[[Page], list[str]]:
    """Look at a page in both schemes of colours, loaded once: it is the same but for the colours."""

    def violations(page: Page) -> list[str]:
        found = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(_END_OF_TRANSITIONS)
            found += [f"{scheme}, {violation}" for violation in axe(page)]
        return found

    return violations


_END_OF_TRANSITIONS = """
for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish()
"""
