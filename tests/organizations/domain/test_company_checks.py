"""Company checks: kept, tried again until a register answers, begun anew by staff."""

import datetime as dt

import pytest
from django.db import connection

from config import background
from organizations import tasks
from organizations.domain import company_checks, identity_checks
from organizations.models import CheckOutcome, CompanyCheck, RegisterAnswer
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
LATER = dt.timedelta(days=2)
SIRET = "73282932000074"


@pytest.fixture
def poked(monkeypatch) -> list[tuple[str, str]]:
    calls: list[tuple[str, str]] = []
    monkeypatch.setattr(background, "after_commit", lambda *call: calls.append(call))
    return calls


def company(**values):
    return OrganizationFactory(**{"name": "Acme Corp", "company_number": SIRET} | values)


def begin(organization, *, now=NOW) -> CompanyCheck:
    verification = identity_checks.verify(
        country=organization.country,
        company_number=organization.company_number,
        name=organization.name,
        now=now,
    )
    return company_checks.record(organization=organization, verification=verification, now=now)


def stored(organization):
    organization.refresh_from_db()
    return organization.identity_verification


# --- what is kept ------------------------------------------------------------------------------


def test_confirmed_company_is_settled(register, poked):
    register("sirene").companies[SIRET] = {"name": "ACME CORPORATION"}
    organization = company()

    check = begin(organization)

    assert (check.outcome, check.source, check.confidence) == ("found", "insee_siret", 100)
    assert (check.verified_name, check.verified_number) == ("ACME CORPORATION", SIRET)
    assert check.name_likeness == 50
    assert (check.next_attempt_at, check.checked_at, check.attempts) == (None, NOW, 0)
    assert poked == []
    assert stored(organization) == {
        "source": "insee_siret",
        "confidence": 100,
        "verifiedName": "ACME CORPORATION",
        "verifiedNumber": SIRET,
    }


@pytest.mark.parametrize(
    ("known", "outcome"), [(None, "not_found"), ({"name": "Acme Corp", "state": "C"}, "closed")]
)
def test_denied_company_is_settled_and_still_there(register, poked, known, outcome):
    stand_in = register("sirene")
    if known:
        stand_in.companies[SIRET] = known
    organization = company()

    check = begin(organization)

    assert (check.outcome, check.next_attempt_at, poked) == (outcome, None, [])
    assert stored(organization)["confidence"] <= 20
    assert not organization.is_archived


def test_unanswered_number_is_checked_later(poked):
    organization = company()

    check = begin(organization)

    assert (check.outcome, check.source, check.confidence) == ("later", "checksum", 50)
    assert check.next_attempt_at == NOW
    assert poked == [("organizations.check_company", check.pk)]
    assert stored(organization) == {
        "source": "checksum",
        "confidence": 50,
        "verifiedName": None,
        "verifiedNumber": SIRET,
    }


@pytest.mark.parametrize(("country", "number"), [("US", "12-3456789"), ("IE", "123456")])
def test_number_that_no_register_takes_is_not_tried_again(poked, country, number):
    check = begin(company(country=country, company_number=number))

    assert (check.outcome, check.next_attempt_at, poked) == ("no_register", None, [])


def test_company_has_one_check(poked):
    organization = company()
    first = begin(organization)

    again = begin(organization, now=NOW + LATER)

    assert again.pk == first.pk
    assert CompanyCheck.objects.get() == again


# --- trying again ------------------------------------------------------------------------------


def test_worker_stores_what_a_register_says_later(register, poked):
    stand_in = register("sirene")
    stand_in.trouble = "500"
    organization = company()
    check = begin(organization)
    stand_in.trouble = ""
    stand_in.companies[SIRET] = {"name": "ACME CORP"}

    assert company_checks.retry(check.pk, now=NOW) == CheckOutcome.FOUND

    check.refresh_from_db()
    assert (check.outcome, check.attempts, check.next_attempt_at) == ("found", 1, None)
    assert (check.verified_name, check.name_likeness) == ("ACME CORP", 100)
    assert stored(organization)["confidence"] == 100


def test_failed_attempts_come_ever_later_and_end(poked):
    check = begin(company())
    waits = []
    now = NOW
    while CompanyCheck.objects.filter(outcome=CheckOutcome.LATER).exists():
        company_checks.retry(check.pk, now=now)
        check.refresh_from_db()
        if check.next_attempt_at:
            waits.append(check.next_attempt_at - now)
            now = check.next_attempt_at

    assert check.outcome == CheckOutcome.UNANSWERED
    assert check.attempts == company_checks.MAX_ATTEMPTS
    assert len(waits) == company_checks.MAX_ATTEMPTS - 1
    for number, wait in enumerate(waits):
        whole = min(dt.timedelta(minutes=2**number), dt.timedelta(hours=6))
        assert whole / 2 < wait <= whole


def test_checks_that_failed_together_come_back_apart():
    waits = {company_checks.wait_before(3, spread_by=str(number)) for number in range(50)}

    assert len(waits) > 40


@pytest.mark.parametrize("seconds", [-1, 0])
def test_check_that_is_not_due_is_left(poked, seconds):
    check = begin(company())

    done = company_checks.retry(check.pk, now=NOW + dt.timedelta(seconds=seconds))

    assert (done is None) is (seconds < 0)


def test_settled_check_is_left(register, poked):
    stand_in = register("sirene")
    check = begin(company())
    asked = len(stand_in.asked)

    assert company_checks.retry(check.pk, now=NOW + LATER) is None
    assert len(stand_in.asked) == asked


def test_check_asks_about_the_number_that_the_company_has_now(register, poked):
    organization = company(company_number="12345678901234")
    check = begin(organization)
    register("sirene").companies[SIRET] = {"name": "ACME"}
    organization.company_number = SIRET
    organization.save()

    company_checks.retry(check.pk, now=NOW + LATER)

    check.refresh_from_db()
    assert (check.company_number, check.outcome) == (SIRET, "found")


@pytest.mark.parametrize(
    ("field", "value"), [("company_number", "40483304800022"), ("country", "BE")]
)
def test_answer_about_what_changed_meanwhile_is_not_stored(register, poked, field, value):
    stand_in = register("sirene")
    stand_in.trouble = "500"
    organization = company()
    check = begin(organization)
    stand_in.trouble = ""
    claimed = company_checks._claimed(check.pk, now=NOW)
    setattr(organization, field, value)
    organization.save()
    answer = identity_checks.IdentityVerification(
        source="insee_siret", confidence=100, verified_name="ACME", verified_number=SIRET
    )

    assert company_checks._settle(claimed, answer, now=NOW) is None

    check.refresh_from_db()
    assert check.outcome == CheckOutcome.LATER
    assert stored(organization)["source"] == "checksum"


def test_sweep_tries_what_is_due_a_batch_at_a_time(register, poked):
    register("sirene").companies[SIRET] = {"name": "ACME"}
    checks = [
        CompanyCheck.objects.create(
            organization=company(),
            country="FR",
            company_number=SIRET,
            outcome="later",
            source="checksum",
            confidence=50,
            next_attempt_at=NOW + dt.timedelta(minutes=minutes),
            checked_at=NOW,
        )
        for minutes in (-2, -1, 0, 1)
    ]

    assert company_checks.sweep(now=NOW, limit=2) == 2
    assert company_checks.sweep(now=NOW) == 1

    outcomes = [CompanyCheck.objects.get(pk=check.pk).outcome for check in checks]
    assert outcomes == ["found", "found", "found", "later"]


def test_sweep_begins_the_checks_of_imported_companies(register, poked):
    register("sirene").companies[SIRET] = {"name": "ACME"}
    waiting = {"source": "checksum", "confidence": 50}
    imported = company(identity_verification=waiting)
    company(identity_verification=waiting, company_number="")
    company(identity_verification=waiting, is_archived=True)
    company(identity_verification={"source": "insee_siret", "confidence": 100})
    company(identity_verification=None)

    assert company_checks.sweep(now=NOW) == 1
    assert company_checks.sweep(now=NOW) == 0

    check = CompanyCheck.objects.get()
    assert (check.organization, check.outcome) == (imported, "found")


def test_tasks_do_it(register, poked):
    register("sirene").companies[SIRET] = {"name": "ACME"}
    checks = [begin(company()), begin(company())]
    RegisterAnswer.objects.all().delete()
    CompanyCheck.objects.update(outcome="later", next_attempt_at=NOW - 9999 * LATER)

    tasks.check_company(checks[0].pk)
    tasks.sweep_company_checks()
    tasks.prune_register_answers()

    assert set(CompanyCheck.objects.values_list("outcome", flat=True)) == {"found"}
    assert RegisterAnswer.objects.count() == 1


# --- asked for by staff ------------------------------------------------------------------------


def test_check_again_forgets_what_was_answered(register, poked):
    stand_in = register("sirene")
    organization, other = company(), company(company_number="40483304800022")
    check = begin(organization)
    begin(other)
    assert check.outcome == CheckOutcome.NOT_FOUND
    stand_in.companies[SIRET] = {"name": "ACME"}

    chosen = type(organization).objects.filter(pk=organization.pk)
    assert company_checks.check_again(chosen, now=NOW) == 1

    check.refresh_from_db()
    assert (check.outcome, check.attempts) == ("later", 0)
    assert poked == [("organizations.check_company", check.pk)]
    assert company_checks.retry(check.pk, now=NOW) == CheckOutcome.FOUND
    assert RegisterAnswer.objects.count() == 2


def test_check_again_begins_where_nothing_was_checked_and_skips_who_has_no_number(poked):
    organization = company()
    company(company_number="")

    assert company_checks.check_again(type(organization).objects.all(), now=NOW) == 1
    assert CompanyCheck.objects.get().organization == organization


# --- transactions ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_register_is_asked_outside_any_transaction(register, monkeypatch, poked):
    stand_in = register("sirene")
    seen: list[bool] = []
    fetch = company_checks.identity_checks.register_inquiries.Question.ask

    def watched(self, *, seconds):
        seen.append(connection.in_atomic_block)
        return fetch(self, seconds=seconds)

    monkeypatch.setattr(company_checks.identity_checks.register_inquiries.Question, "ask", watched)
    stand_in.trouble = "500"
    check = begin(company())
    company_checks.retry(check.pk, now=NOW)

    assert seen == [False, False]
