"""What each register is asked, and what its answer or its silence comes to. Source: safety, F-15."""

import logging
import socket
import time
from contextlib import suppress

import pytest

from organizations.registers import cbeapi, kbo, recherche, sirene, vies
from organizations.registers.answers import Answer, Kind, Unavailable
from tests.organizations.registers import stand_ins

SIRET, SIREN = "73282932000074", "732829320"
ENTERPRISE, VAT = "0403019261", "IE6433435F"
CLIENTS = {
    "sirene": (sirene.ask, SIRET),
    "recherche": (recherche.ask, SIRET),
    "kbo": (kbo.ask, ENTERPRISE),
    "cbeapi": (cbeapi.ask, ENTERPRISE),
    "vies": (vies.ask, VAT),
}
FOUND, CLOSED, UNKNOWN = Kind.FOUND, Kind.CLOSED, Kind.UNKNOWN


def answer(kind: Kind, name: str | None = None, number: str | None = None) -> Answer:
    return Answer(kind=kind, name=name, number=number)


@pytest.mark.parametrize("name", CLIENTS)
def test_known_company(register, name):
    ask, number = CLIENTS[name]
    stand_in = register(name)
    stand_in.companies[number] = {"name": "ACME – Société d'Été"}

    assert ask(number, seconds=5) == answer(FOUND, "ACME – Société d'Été", number)
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize("name", CLIENTS)
def test_unknown_company(register, name):
    ask, number = CLIENTS[name]
    register(name).companies["1"] = {"name": "Another"}

    assert ask(number, seconds=5) == answer(UNKNOWN)


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("sirene", {"name": "ACME", "state": "C"}),
        ("sirene", {"name": "ACME", "place": "F"}),
        ("recherche", {"name": "ACME", "state": "C"}),
        ("kbo", {"name": "ACME", "end": "2020-05-01"}),
        ("cbeapi", {"name": "ACME", "status": "Stopped"}),
    ],
)
def test_closed_company(register, name, company):
    ask, number = CLIENTS[name]
    register(name).companies[number] = company

    assert ask(number, seconds=5) == answer(CLOSED, "ACME", number)


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize(
    "trouble", [*stand_ins.TROUBLES, "reset", "half", "wrong charset", "slow", "drip", "drip body"]
)
def test_trouble_is_no_answer(register, name, trouble):
    ask, number = CLIENTS[name]
    stand_in = register(name)
    stand_in.companies[number] = {"name": "ACME"}
    stand_in.trouble = trouble
    begun = time.monotonic()

    with pytest.raises(Unavailable) as caught:
        ask(number, seconds=0.3)

    assert time.monotonic() - begun < 2, "the whole call is bounded, not each of its steps"
    assert caught.value.is_fault
    assert len(stand_in.asked) == 1


@pytest.mark.parametrize("name", [name for name in CLIENTS if name != "kbo"])
def test_letters_in_another_charset_than_told_are_no_answer(register, name):
    ask, number = CLIENTS[name]
    stand_in = register(name)
    stand_in.companies[number] = {"name": "Société"}
    stand_in.trouble = "latin 1"

    with pytest.raises(Unavailable, match="malformed answer"):
        ask(number, seconds=5)


@pytest.mark.parametrize("name", CLIENTS)
def test_nobody_at_home(register, settings, name):
    ask, number = CLIENTS[name]
    register(name)
    settings.COMPANY_REGISTERS[name]["url"] = "http://127.0.0.1:9"

    with pytest.raises(Unavailable, match="no connection"):
        ask(number, seconds=5)


def test_name_server_that_keeps_silent(register, monkeypatch):
    register("vies")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: time.sleep(3))
    begun = time.monotonic()

    with pytest.raises(Unavailable, match="no answer in time"):
        vies.ask(VAT, seconds=0.2)

    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("name", CLIENTS)
def test_proxies_of_the_environment_are_not_used(register, monkeypatch, name):
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    ask, number = CLIENTS[name]
    register(name).companies[number] = {"name": "ACME"}

    assert ask(number, seconds=5).kind == FOUND


@pytest.mark.parametrize("name", ["sirene", "kbo", "cbeapi"])
def test_wrong_credentials_are_no_answer(register, settings, name):
    ask, number = CLIENTS[name]
    stand_in = register(name)
    stand_in.companies[number] = {"name": "ACME"}
    for secret in {"key", "password"} & settings.COMPANY_REGISTERS[name].keys():
        settings.COMPANY_REGISTERS[name][secret] = "wrong"

    with pytest.raises(Unavailable, match=r"HTTP 401|HTTP 500"):
        ask(number, seconds=5)


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize("trouble", ["", "401", "html"])
def test_credentials_and_foreign_texts_reach_no_log(register, caplog, name, trouble):
    caplog.set_level(logging.DEBUG)
    ask, number = CLIENTS[name]
    stand_in = register(name)
    stand_in.companies[number] = {"name": "ACME"}
    stand_in.trouble = trouble

    with suppress(Unavailable):
        ask(number, seconds=5)

    for secret in (stand_ins.KEY, stand_ins.USER, stand_ins.PASSWORD, "indisponible"):
        assert secret not in caplog.text


# --- Sirene ------------------------------------------------------------------------------------


def test_sirene_company_by_siren_has_its_current_name(register):
    register("sirene").companies[SIREN] = {"name": "ACME"}

    assert sirene.ask(SIREN, seconds=5) == answer(FOUND, "ACME", SIREN)


@pytest.mark.parametrize(
    ("company", "name"),
    [
        ({"name": None, "first_name": "MARIE", "last_name": "MARTIN"}, "MARIE MARTIN"),
        ({"name": "[ND]", "first_name": "[ND]", "last_name": "[ND]"}, None),
        ({"name": None, "first_name": None, "last_name": "MARTIN"}, "MARTIN"),
        ({"name": "A\n\tB" + "x" * 300}, ("A B" + "x" * 300)[:200]),
    ],
)
@pytest.mark.parametrize("number", [SIRET, SIREN])
def test_sirene_names(register, number, company, name):
    register("sirene").companies[number] = company

    assert sirene.ask(number, seconds=5) == answer(FOUND, name, number)


# --- Recherche d'entreprises -------------------------------------------------------------------


@pytest.mark.parametrize(
    "company", [{"name": "Other", "siren": "404833048"}, {"name": ""}, {"name": "[ND]"}]
)
def test_search_that_finds_another_or_a_nameless_company_has_not_found_it(register, company):
    register("recherche").companies[SIRET] = company

    assert recherche.ask(SIRET, seconds=5) == answer(UNKNOWN)


def test_search_that_tells_another_establishment_verifies_the_company_alone(register):
    register("recherche").companies[SIRET] = {"name": "ACME", "siret": "73282932000082"}

    assert recherche.ask(SIRET, seconds=5) == answer(FOUND, "ACME", SIREN)


# --- KBO ---------------------------------------------------------------------------------------


def test_kbo_digest_of_a_known_example():
    """The digest of the nonce's bytes, the creation time's text and the password, worked out by hand."""
    proof = kbo.digest(nonce=b"0123456789abcdef", created="2030-01-07T09:00:00.000Z", password="pw")

    assert proof == "8V577jZhO/F1To5nt3qw5jNCS3o="


def test_kbo_proves_the_password_anew_each_time(register):
    stand_in = register("kbo")

    for _ in range(2):
        kbo.ask(ENTERPRISE, seconds=5)

    first, second = (asked.body for asked in stand_in.asked)
    assert first != second
    assert stand_ins.PASSWORD.encode() not in first + second


def test_kbo_fault_with_status_200_is_no_answer(register):
    stand_in = register("kbo")
    stand_in.speak = lambda _self, _asked: stand_ins.soap_fault("no credit left", status=200)

    with pytest.raises(Unavailable, match=r"^SOAP fault$"):
        kbo.ask(ENTERPRISE, seconds=5)


def test_kbo_answer_about_another_enterprise_is_no_answer(register):
    register("kbo").companies[ENTERPRISE] = {"name": "ACME", "number": "0428.759.497"}

    with pytest.raises(Unavailable, match="malformed answer"):
        kbo.ask(ENTERPRISE, seconds=5)


def test_cbeapi_number_may_have_dots_but_must_be_the_same(register):
    stand_in = register("cbeapi")
    stand_in.companies[ENTERPRISE] = {"name": "ACME", "number": "0403.019.261"}
    assert cbeapi.ask(ENTERPRISE, seconds=5).kind == FOUND

    stand_in.companies[ENTERPRISE]["number"] = "0428.759.497"
    with pytest.raises(Unavailable, match="malformed answer"):
        cbeapi.ask(ENTERPRISE, seconds=5)


# --- VIES --------------------------------------------------------------------------------------


def vies_says(register, value, status=200):
    stand_in = register("vies")
    stand_in.speak = lambda _self, _asked: stand_ins.told(value, status)


VALID = {"countryCode": "IE", "vatNumber": "6433435F", "valid": True, "name": "ACME LTD"}


def test_vies_hides_some_names(register):
    vies_says(register, VALID | {"name": "---"})

    assert vies.ask(VAT, seconds=5) == answer(FOUND, None, VAT)


@pytest.mark.parametrize(
    "code",
    [
        "SERVICE_UNAVAILABLE",
        "MS_UNAVAILABLE",
        "TIMEOUT",
        "GLOBAL_MAX_CONCURRENT_REQ",
        "GLOBAL_MAX_CONCURRENT_REQ_TIME",
        "MS_MAX_CONCURRENT_REQ",
        "MS_MAX_CONCURRENT_REQ_TIME",
        "VAT_BLOCKED",
        "IP_BLOCKED",
    ],
)
@pytest.mark.parametrize("beside", [{}, VALID, VALID | {"valid": False}])
def test_vies_error_with_status_200_is_no_answer_even_beside_one(register, code, beside):
    vies_says(register, {**beside, "actionSucceed": False, "errorWrappers": [{"error": code}]})

    with pytest.raises(Unavailable, match="answer with errors") as caught:
        vies.ask(VAT, seconds=5)
    assert caught.value.is_fault


@pytest.mark.parametrize("code", ["INVALID_INPUT", "INVALID_REQUESTER_INFO"])
def test_vies_refusing_the_question_is_no_answer_and_no_failure_of_its_own(register, code):
    vies_says(register, {"actionSucceed": False, "errorWrappers": [{"error": code}]})

    with pytest.raises(Unavailable, match="question refused") as caught:
        vies.ask(VAT, seconds=5)
    assert not caught.value.is_fault


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (VALID | {"userError": "MS_UNAVAILABLE"}, 200),
        (VALID | {"valid": "true"}, 200),
        (VALID | {"vatNumber": "1234567A"}, 200),
        (VALID | {"countryCode": "FR"}, 200),
        (VALID | {"errorWrappers": "MS_UNAVAILABLE"}, 200),
        ({"actionSucceed": False, "errorWrappers": [{"error": "VOW-ERR-1"}]}, 400),
        (VALID, 400),
        ({}, 200),
    ],
)
def test_vies_answers_that_are_not_clear(register, value, status):
    vies_says(register, value, status)

    with pytest.raises(Unavailable):
        vies.ask(VAT, seconds=5)
