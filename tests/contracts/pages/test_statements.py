"""A company's principal administrator sees its final statements, their lines and their file."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contracts.models import Statement, StatementLine
from organizations.models import Role, User
from tests.factories.contracts import StatementFactory
from tests.factories.organizations import UserFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
LIST = "/account/statements/"
FINAL = {"status": "final", "finalized_at": dt.datetime(2030, 1, 5, tzinfo=dt.UTC)}


@pytest.fixture
def leader() -> User:
    return UserFactory(role=Role.PRINCIPAL_ADMIN)


@pytest.fixture
def member(leader: User) -> Client:
    client = Client()
    client.force_login(leader, backend=BACKEND)
    return client


def final(leader: User, *, month: int = 12, **fields: object) -> Statement:
    return StatementFactory(
        organization=leader.organization, month=dt.date(2029, month, 1), **FINAL, **fields
    )


def test_final_months_are_listed_the_latest_first_and_drafts_are_not(
    member: Client, leader: User
) -> None:
    final(leader, month=10)
    final(leader, month=11)
    StatementFactory(organization=leader.organization)
    StatementFactory(**FINAL)

    page = member.get(LIST)

    assert [found.month.month for found in page.context["statements"]] == [11, 10]
    assert "November 2029" in page.content.decode()
    assert "€120" in page.content.decode()


def test_the_list_asks_no_more_for_three_months_than_for_one(member: Client, leader: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert member.get(LIST).status_code == 200
        return len(captured)

    final(leader, month=9)
    queries()
    one = queries()
    final(leader, month=10)
    final(leader, month=11)

    assert queries() == one


def test_a_month_shows_its_lines_and_its_sum(member: Client, leader: User) -> None:
    found = final(leader)

    text = member.get(f"{LIST}{found.pk}/").content.decode()

    assert "Statement of December 2029" in text
    assert "A12" in text
    assert "€120" in text


def test_a_month_names_who_owes_it_as_on_an_invoice(member: Client, leader: User) -> None:
    company = leader.organization
    company.address, company.vat_number = "1 rue de Rivoli\n75001 Paris", "FR27552032534"
    company.save()

    text = member.get(f"{LIST}{final(leader).pk}/").content.decode()

    assert "1 rue de Rivoli<br>75001 Paris" in text
    assert "VAT number: FR27552032534" in text


@pytest.mark.parametrize(
    ("prefix", "rate", "written"),
    [("", "20", ">20%<"), ("", "5.50", ">5.5%<"), ("/fr", "5.50", ">5,5\u00a0%<")],
)
def test_rates_of_vat_are_written_as_the_reader_writes_them(
    member: Client, leader: User, prefix: str, rate: str, written: str
) -> None:
    found = final(leader)
    found.lines.update(vat_rate=rate)

    assert written in member.get(f"{prefix}{LIST}{found.pk}/").content.decode()


@pytest.mark.parametrize("first", "=+-@\t\r\n＝＋－＠")
def test_the_file_has_a_row_for_each_line_and_no_formula(
    member: Client, leader: User, first: str
) -> None:
    found = final(leader)
    StatementLine.objects.create(
        statement=found,
        position=2,
        kind="meeting",
        label=f"{first}1+1",
        first_on=found.month,
        last_on=found.month,
        unit_price=10,
        net=10,
        vat_rate=20,
        vat=2,
    )

    answer = member.get(f"{LIST}{found.pk}/lines.csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    month = "2029-12"
    assert rows[1:] == [
        ["Room", "A12", *f"{month}-01,{month}-28,1,100.00,100.00,20.00,20.00,EUR".split(",")],
        [
            "Meeting",
            f"'{first}1+1",
            *f"{month}-01,{month}-01,1,10.00,10.00,20.00,2.00,EUR".split(","),
        ],
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="statement-2029-12-EUR.csv"'


@pytest.mark.parametrize("path", ["", "lines.csv"])
def test_drafts_and_those_of_others_are_not_found(member: Client, leader: User, path: str) -> None:
    theirs, draft = StatementFactory(**FINAL), StatementFactory(organization=leader.organization)

    answers = [
        member.get(f"{LIST}{pk}/{path}").status_code for pk in (theirs.pk, draft.pk, "nonsense")
    ]

    assert answers == [404, 404, 404]


def test_an_ordinary_member_has_no_such_pages(leader: User, client: Client) -> None:
    found = final(leader)
    colleague = UserFactory(organization=leader.organization)
    client.force_login(colleague, backend=BACKEND)

    paths = (LIST, f"{LIST}{found.pk}/", f"{LIST}{found.pk}/lines.csv")

    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    assert LIST not in client.get("/account/").content.decode()


def test_the_account_leads_there_in_french_as_well(member: Client) -> None:
    assert f'href="{LIST}"' in member.get("/account/").content.decode()
    assert member.get(f"/fr{LIST}").status_code == 200
