"""Texts of others stay texts, and the code has no door that lets them be more.

Source: safety, S-14, S-33, S-35 and S-36.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.factories.sites_app import RoomFactory, SiteFactory

ROOT = Path(settings.BASE_DIR)
APPS = ("config", "organizations", "apitokens", "sites_app", "booking", "contracts", "workplace")
EVIL = '<script>alert(1)</script>{{7*7}}"><img src=x onerror=alert(1)>'
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)


def code(*below: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of each module of the product."""
    for app in (*APPS, "backoffice"):
        for file in (ROOT / app).joinpath(*below).rglob("*.py"):
            yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")


def having(pattern: str, files: Iterator[tuple[str, str]]) -> list[str]:
    return sorted(name for name, text in files if re.search(pattern, text))


def templates(suffix: str) -> Iterator[tuple[str, str]]:
    for file in (ROOT / "templates").rglob(f"*{suffix}"):
        yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")


def test_the_rules_below_read_what_they_are_about() -> None:
    assert len(list(code("api"))) > 30
    assert len(list(templates(".html"))) > 50


def test_no_edge_of_the_api_reads_a_whole_table() -> None:
    assert having(r"objects\.all\(\)", code("api")) == []


def test_no_template_lets_a_text_be_markup() -> None:
    assert having(r"\|\s*safe\b|\bsafeseq\b|autoescape off", templates(".html")) == []
    assert having(r"\|\s*safe\b|\bsafeseq\b", templates(".txt")) == []


def test_no_code_calls_a_text_markup() -> None:
    assert having(r"\bmark_safe\(", code()) == []


def test_nothing_writes_spreadsheets_where_a_text_could_be_a_formula() -> None:
    """Exports are JSON. The one file of cells is a statement's, whose own tests hold formulas."""
    assert having(r"\bcsv\.(?:writer|DictWriter)\b", code()) == ["contracts/pages/statements.py"]
    assert having(r"(?m)^\s*(?:import|from) (?:openpyxl|xlsxwriter|tablib)\b", code()) == []


def test_documents_of_a_company_are_neither_shown_to_visitors_nor_fetched() -> None:
    """The one page that leads there is of the company's own administrators, as its tests hold."""
    assert having(r"rental_?url", templates(".html")) == ["templates/account/contract.html"]
    calling = having(r"\bhttpx\b|\boutbound\b|urlopen", code())
    assert calling
    assert [name for name in having(r"rental_url", code()) if name in calling] == []


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_texts_of_the_catalogue_stay_texts_on_every_page(prefix: str) -> None:
    site = SiteFactory(name=EVIL[:80], city=EVIL[:80], address=EVIL, description=EVIL)
    room = RoomFactory(
        site=site, name=EVIL[:60], public_name=EVIL[:60], description=EVIL, configuration=EVIL[:60]
    )
    pages = [
        f"/sites/{site.id}/",
        f"/rooms/{room.id}/",
        "/sites/",
        "/find/",
        "/",
        f"/book/?room={room.id}&start=2030-01-10T10:00&duration=60",
        "/register/",
        "/waitlist/?room=" + room.id,
    ]
    with time_machine.travel(NOW, tick=False):
        texts = {page: Client().get(prefix + page) for page in pages}

    for page, answer in texts.items():
        text = answer.content.decode()
        assert answer.status_code == 200, page
        assert "<script>alert" not in text, page
        assert "<img src=x" not in text, page
        assert "{{7*7}}" in text or "&lt;script&gt;" not in text, page
    assert "&lt;script&gt;alert(1)" in texts[pages[0]].content.decode()
    assert "&lt;script&gt;alert(1)" in texts[pages[1]].content.decode()
