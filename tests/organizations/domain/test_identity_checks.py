"""What `identityVerification` tells. Source: public-api, section 2, POST /api/register; safety, F-15."""

import datetime as dt
import time

import pytest
from django.db import transaction

from organizations.domain import identity_checks, register_breakers, register_memory
from organizations.domain.identity_checks import IdentityVerification
from organizations.models import CheckOutcome, Register, RegisterAnswer, RegisterState
from tests.organizations.registers import stand_ins

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SEED_SIRET = "12345678901234"
SIRET, ENTERPRISE, VAT = "73282932000074", "0403019261", "IE6433435F"


def verify(country="FR", number=SIRET, *, name="Acme Corp", now=NOW):
    return identity_checks.verify(country=country, company_number=number, name=name, now=now)


def told(source, confidence, name, number):
    return IdentityVerification(
        source=source, confidence=confidence, verified_name=name, verified_number=number
    )


# --- what a register says ----------------------------------------------------------------------


def test_documented_example_is_confirmed_whatever_its_checksum_says(register):
    register("sirene").companies[SEED_SIRET] = {"name": "ACME CORPORATION"}

    found = verify(number="123 456 789 01234")

    assert found == told("insee_siret", 100, "ACME CORPORATION", SEED_SIRET)
    assert found.outcome == CheckOutcome.FOUND


@pytest.mark.parametrize(
    ("name", "source", "country", "typed", "number"),
    [
        ("sirene", "insee_siret", "FR", "732 829 320", "732829320"),
        ("sirene", "insee_siret", "FR", "FR 44 732829320", "732829320"),
        ("recherche", "insee_siret", "FR", SIRET, SIRET),
        ("kbo", "kbo", "BE", "BE 403.019.261", ENTERPRISE),
        ("cbeapi", "kbo", "BE", ENTERPRISE, ENTERPRISE),
        ("vies", "vies_vat", "BE", ENTERPRISE, f"BE{ENTERPRISE}"),
        ("vies", "vies_vat", "IE", "6433435f", VAT),
        ("vies", "vies_vat", "DE", "DE 136695976", "DE136695976"),
    ],
)
def test_each_register_confirms(register, name, source, country, typed, number):
    register(name).companies[number] = {"name": "ACME"}

    assert verify(country, typed) == told(source, 100, "ACME", number)


@pytest.mark.parametrize(
    ("name", "source", "country", "number", "confidence"),
    [
        ("sirene", "insee_siret", "FR", SIRET, 10),
        ("sirene", "insee_siret", "FR", SEED_SIRET, 0),
        ("recherche", "insee_siret", "FR", SIRET, 10),
        ("kbo", "kbo", "BE", ENTERPRISE, 10),
        ("kbo", "kbo", "BE", "0403019262", 0),
        ("cbeapi", "kbo", "BE", ENTERPRISE, 10),
        ("vies", "vies_vat", "IE", VAT, 10),
    ],
)
def test_unknown_number(register, name, source, country, number, confidence):
    register(name)

    found = verify(country, number)

    assert found == told(source, confidence, None, None)
    assert found.outcome == CheckOutcome.NOT_FOUND


@pytest.mark.parametrize(
    ("name", "confidence"), [("Zenith", 10), ("Acme", 20), ("Acme Corporation", 13)]
)
def test_closed_company_counts_more_the_more_alike_the_names_are(register, name, confidence):
    register("sirene").companies[SIRET] = {"name": "ACME", "state": "C"}

    found = verify(name=name)

    assert found == told("insee_siret", confidence, "ACME", SIRET)
    assert found.outcome == CheckOutcome.CLOSED


def test_vies_not_knowing_a_belgian_enterprise_says_nothing_of_it(register):
    register("vies")

    found = verify("BE", ENTERPRISE)

    assert found == told("checksum", 50, None, ENTERPRISE)


# --- when none says anything -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "typed", "number", "confidence"),
    [
        ("FR", "732 829 320 00074", SIRET, 50),
        ("FR", SEED_SIRET, SEED_SIRET, 0),
        ("BE", "403.019.261", ENTERPRISE, 50),
        ("IE", "6433435F", VAT, 50),
        ("IE", "CRO 123456", "CRO123456", 0),
        ("US", "12-3456789", "123456789", 0),
    ],
)
def test_all_off(country, typed, number, confidence):
    found = verify(country, typed)

    assert found == told("checksum", confidence, None, number)
    assert found.outcome == CheckOutcome.LATER


def test_register_without_credentials_is_off(register, settings):
    stand_in = register("sirene")
    stand_in.companies[SIRET] = {"name": "ACME"}
    settings.COMPANY_REGISTERS["sirene"]["key"] = ""

    assert verify().source == "checksum"
    assert stand_in.asked == []


def test_switched_off_as_a_whole(register, settings):
    stand_in = register("vies")
    settings.COMPANY_REGISTERS_ON = False

    assert verify("IE", VAT).source == "checksum"
    assert stand_in.asked == []


@pytest.mark.parametrize("number", ["12345", "abc", "1234567890123", "", "../siren/1"])
def test_number_of_no_known_form_is_not_asked(register, number):
    stand_in = register("sirene")

    assert verify(number=number).confidence == 0
    assert stand_in.asked == []


@pytest.mark.parametrize("trouble", ["slow", "drip", "reset", "429", "500", "html", "huge"])
@pytest.mark.parametrize(
    ("name", "country", "number"),
    [("sirene", "FR", SIRET), ("kbo", "BE", ENTERPRISE), ("vies", "IE", VAT)],
)
def test_trouble_leaves_it_to_the_checksum_within_two_seconds(
    register, name, country, number, trouble
):
    stand_in = register(name)
    stand_in.companies[number] = {"name": "ACME"}
    stand_in.trouble = trouble
    begun = time.monotonic()

    found = verify(country, number)

    assert time.monotonic() - begun < 2
    assert found == told("checksum", 50, None, number)
    assert len(stand_in.asked) == 1


# --- one after the other -----------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["500", "slow"])
def test_the_next_register_answers_for_one_in_trouble(register, trouble):
    first, second = register("sirene"), register("recherche")
    first.trouble = trouble
    second.companies[SIRET] = {"name": "ACME"}
    begun = time.monotonic()

    assert verify() == told("insee_siret", 100, "ACME", SIRET)
    assert time.monotonic() - begun < 2


def test_the_first_clear_word_counts(register):
    register("sirene")
    second = register("recherche")
    second.companies[SIRET] = {"name": "ACME"}

    assert verify().outcome == CheckOutcome.NOT_FOUND
    assert second.asked == []


def test_all_three_belgian_registers_in_trouble_stay_within_the_time(register):
    for name in ("kbo", "cbeapi", "vies"):
        register(name).trouble = "slow"
    begun = time.monotonic()

    assert verify("BE", ENTERPRISE).source == "checksum"
    assert time.monotonic() - begun < 2


def test_in_the_background_a_slow_register_is_waited_for(register, monkeypatch):
    stand_in = register("sirene")
    stand_in.companies[SIRET] = {"name": "ACME"}
    speak = stand_in.speak
    stand_in.speak = lambda *asked: (time.sleep(1.8), speak(*asked))[1]

    assert verify().source == "checksum"
    patient = identity_checks.verify_patiently(
        country="FR", company_number=SIRET, name="Acme", now=NOW
    )
    assert patient == told("insee_siret", 100, "ACME", SIRET)


# --- the breaker and what is remembered --------------------------------------------------------


def test_breaker_opens_after_five_and_probes_after_a_minute(register):
    stand_in = register("vies")
    stand_in.companies[VAT] = {"name": "ACME"}
    stand_in.trouble = "500"

    for _ in range(7):
        assert verify("IE", VAT).source == "checksum"
    assert len(stand_in.asked) == register_breakers.MOST_FAILURES

    stand_in.trouble = ""
    assert verify("IE", VAT, now=NOW + dt.timedelta(seconds=59)).source == "checksum"
    assert verify("IE", VAT, now=NOW + dt.timedelta(seconds=60)).source == "vies_vat"
    assert len(stand_in.asked) == register_breakers.MOST_FAILURES + 1
    assert RegisterState.objects.get(register=Register.VIES).failures == 0


def test_questions_that_vies_refuses_do_not_open_the_breaker(register):
    stand_in = register("vies")
    error = {"actionSucceed": False, "errorWrappers": [{"error": "INVALID_INPUT"}]}
    stand_in.speak = lambda *_asked: stand_ins.told(error)

    for _ in range(7):
        verify("IE", VAT)

    assert len(stand_in.asked) == 7


def test_busy_register_is_not_asked_and_has_not_failed(register, settings):
    stand_in = register("vies")
    settings.COMPANY_REGISTER_CALLS_AT_ONCE = 0

    assert verify("IE", VAT).source == "checksum"
    assert stand_in.asked == []
    assert not RegisterState.objects.filter(failures__gt=0).exists()


@pytest.mark.parametrize(
    ("company", "kept_for"),
    [({"name": "ACME"}, 30 * DAY), ({"name": "ACME", "state": "C"}, DAY), (None, DAY)],
)
def test_answer_is_remembered(register, company, kept_for):
    stand_in = register("sirene")
    if company:
        stand_in.companies[SIRET] = company
    first = verify()
    moment = dt.timedelta(microseconds=1)

    assert verify(now=NOW + kept_for - moment) == first
    assert len(stand_in.asked) == 1
    assert verify(now=NOW + kept_for) == first
    assert len(stand_in.asked) == 2


def test_what_is_remembered_is_told_while_the_register_is_off(register, settings):
    register("sirene").companies[SIRET] = {"name": "ACME"}
    first = verify()
    settings.COMPANY_REGISTERS_ON = False

    assert verify() == first


def test_silence_is_not_remembered(register):
    stand_in = register("sirene")
    stand_in.trouble = "500"
    verify()
    stand_in.trouble = ""

    assert verify().outcome == CheckOutcome.NOT_FOUND
    assert len(stand_in.asked) == 2


def test_old_answers_are_pruned(register):
    register("sirene")
    verify()

    assert register_memory.prune(now=NOW + DAY - dt.timedelta(seconds=1)) == 0
    assert register_memory.prune(now=NOW + DAY) == 1
    assert not RegisterAnswer.objects.exists()


# --- never inside a transaction ----------------------------------------------------------------


def test_nothing_is_asked_inside_a_transaction(register):
    stand_in = register("sirene")
    stand_in.companies[SIRET] = {"name": "ACME"}

    with transaction.atomic():
        found = verify()

    assert found == told("checksum", 50, None, SIRET)
    assert stand_in.asked == []
