"""How alike two company names are."""

import pytest

from organizations.domain import company_names


@pytest.mark.parametrize(
    ("first", "second", "likeness"),
    [
        ("ACME", "acme", 1.0),
        ("Société Générale", "SOCIETE GENERALE", 1.0),
        ("Acme Corp.", "CORP ACME", 1.0),
        ("ACME", "Zenith", 0.0),
        ("", "", 0.0),
        ("ACME", "", 0.0),
        ("– ! –", "ACME", 0.0),
    ],
)
def test_likeness(first, second, likeness):
    assert company_names.likeness(first, second) == likeness


def test_more_in_common_is_more_alike():
    alike = company_names.likeness("Acme Corporation", "ACME CORP")

    assert 0.3 < alike < 1
    assert alike > company_names.likeness("Acme Corporation", "Acme Zenith")
    assert alike == company_names.likeness("ACME CORP", "Acme Corporation")
