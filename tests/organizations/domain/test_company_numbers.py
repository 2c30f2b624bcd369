"""Company and VAT numbers: one spelling, the checksum, the same company."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.domain import company_numbers


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("FR", "732 829 320 00074", "73282932000074"),
        ("fr", "732.829.320", "732829320"),
        ("FR", "FR 44 732829320", "FR44732829320"),
        ("BE", "BE 0403.019.261", "0403019261"),
        ("BE", "403019261", "0403019261"),
        ("BE", "BE1000.012.345", "1000012345"),
        ("IE", "6433435 f", "IE6433435F"),
        ("ie", "IE6433435OA", "IE6433435OA"),
        ("IE", "8d79739i", "IE8D79739I"),
        ("IE", "CRO 123456", "CRO123456"),
        ("DE", "de 136 695 976", "DE136695976"),
        ("US", "12-3456789", "123456789"),
        ("FR", " – ", ""),
        ("FR", "9" * 40, "9" * 32),
    ],
)
def test_normalise(country, typed, stored):
    assert company_numbers.normalise(country=country, number=typed) == stored


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("FR", "44 732829320", "FR44732829320"),
        ("FR", "fr44732829320", "FR44732829320"),
        ("BE", "403.019.261", "BE0403019261"),
        ("IE", "6433435F", "IE6433435F"),
        ("GR", "094259216", "EL094259216"),
        ("GR", "EL 094259216", "EL094259216"),
        ("FR", " ", ""),
    ],
)
def test_normalise_vat(country, typed, stored):
    assert company_numbers.normalise_vat(country=country, number=typed) == stored


@pytest.mark.parametrize(
    ("country", "number", "is_right"),
    [
        ("FR", "73282932000074", True),
        ("FR", "73282932000079", False),
        ("FR", "12345678901234", False),  # the seed's own example
        ("FR", "732829320", True),
        ("FR", "732829321", False),
        ("FR", "73282932000", False),
        ("FR", "35600000049837", True),  # La Poste: the digits' sum is a multiple of five
        ("FR", "35600000049838", False),
        ("FR", "35600000000048", True),  # its head office keeps to the ordinary rule
        ("FR", "FR44732829320", True),
        ("FR", "FR12345678901", False),  # the seed's own example
        ("FR", "", False),
        ("BE", "0403019261", True),
        ("BE", "403019261", True),
        ("BE", "0403019262", False),
        ("BE", "2403019261", False),
        ("IE", "6433435F", True),
        ("IE", "IE6433435OA", True),
        ("IE", "8D79739I", True),
        ("IE", "6433435E", False),
        ("IE", "123456", False),
        ("DE", "DE136695976", True),
        ("DE", "136695976", True),
        ("DE", "DE136695978", False),
        ("DE", "FR44732829320", False),
        ("GR", "EL094259216", True),
        ("US", "123456789", False),
    ],
)
def test_checksum(country, number, is_right):
    assert company_numbers.has_right_checksum(country=country, number=number) is is_right


@pytest.mark.parametrize(
    ("country", "number", "is_right"),
    [
        ("FR", "FR44732829320", True),
        ("FR", "44732829320", True),
        ("FR", "FR45732829320", False),
        ("BE", "BE0403019261", True),
        ("IE", "6433435F", True),
        ("FR", "IE6433435F", False),
        ("US", "123456789", False),
        ("FR", "", False),
    ],
)
def test_vat_checksum(country, number, is_right):
    assert company_numbers.has_right_vat_checksum(country=country, number=number) is is_right


@pytest.mark.parametrize(
    ("country", "first", "second", "is_same"),
    [
        ("FR", "73282932000074", "732 829 320", True),
        ("FR", "73282932000074", "73282932000082", True),
        ("FR", "73282932000074", "FR44732829320", True),
        ("FR", "732829320", "732829321", False),
        ("BE", "BE0403019261", "403.019.261", True),
        ("BE", "0403019261", "0428759497", False),
        ("IE", "IE1F23456T", "0234561T", True),
        ("IE", "6433435F", "6433435G", False),
        ("FR", "", "732829320", False),
    ],
)
def test_numbers_of_one_company_have_one_key(country, first, second, is_same):
    keys = {
        company_numbers.company_key(country=country, number=number) for number in (first, second)
    }

    assert (len(keys) == 1) is is_same


def test_no_number_has_no_key():
    assert company_numbers.company_key(country="FR", number=" ") == ""


@pytest.mark.parametrize(
    ("country", "number", "can_be_asked"),
    [
        ("IE", "IE6433435F", True),
        ("IE", "CRO123456", False),
        ("BE", "BE0403019261", True),
        ("GR", "EL094259216", True),
        ("DE", "DE136695976", True),
        ("DE", "136695976", False),
        ("US", "US123456789", False),
        ("IE", "IE", False),
    ],
)
def test_form_of_a_vat_number_of_the_union(country, number, can_be_asked):
    answer = company_numbers.is_vat_of_union(country=country, number=number)

    assert answer is can_be_asked


@given(
    country=st.sampled_from(["FR", "BE", "IE", "DE", "ES", "GR", "NL", "US", "", "zz"]),
    number=st.text(max_size=40) | st.text("0123456789ABCFIWX+* .-", max_size=16),
)
def test_any_text_has_one_spelling_and_an_answer(country, number):
    once = company_numbers.normalise(country=country, number=number)

    assert company_numbers.normalise(country=country, number=once) == once
    assert company_numbers.has_right_checksum(country=country, number=number) in (True, False)
    assert company_numbers.has_right_vat_checksum(country=country, number=number) in (True, False)
    keys = [company_numbers.company_key(country=country, number=each) for each in (number, once)]
    assert keys[0] == keys[1]
    assert bool(keys[0]) is bool(once)
