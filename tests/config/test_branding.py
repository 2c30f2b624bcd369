"""The operator's accent stays readable whatever colour it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import branding


@pytest.mark.parametrize(
    ("text", "colour"),
    [("#0b5f4b", (11, 95, 75)), ("fff", (255, 255, 255)), (" #ABC ", (170, 187, 204))],
)
def test_parse_reads_short_and_long_forms(text: str, colour: branding.Colour) -> None:
    assert branding.parse(text) == colour


@pytest.mark.parametrize("text", ["", "green", "#12345", "#1234567", "#ggg", "#fff;}"])
def test_parse_refuses_what_is_no_colour(text: str) -> None:
    with pytest.raises(ValueError, match="BRAND_ACCENT"):
        branding.parse(text)


def test_contrast_spans_one_to_twenty_one() -> None:
    assert branding.contrast(branding.BLACK, branding.WHITE) == 21
    assert branding.contrast(branding.WHITE, branding.WHITE) == 1


channel = st.integers(0, 255)


@given(st.tuples(channel, channel, channel))
def test_every_accent_reads_in_both_schemes(colour: branding.Colour) -> None:
    light, dark = branding.light_scheme(colour), branding.dark_scheme(colour)

    for scheme, page in ((light, branding.WHITE), (dark, branding.DARK_CANVAS)):
        accent = branding.parse(scheme.accent)
        assert branding.contrast(accent, page) >= 4.5
        assert branding.contrast(accent, branding.parse(scheme.soft)) >= 4.5
        assert branding.contrast(branding.parse(scheme.on_accent), accent) >= 4.5
        assert (
            branding.contrast(branding.parse(scheme.on_accent), branding.parse(scheme.hover)) >= 4.5
        )


def test_a_readable_accent_is_kept_as_it_is() -> None:
    assert branding.light_scheme((11, 95, 75)).accent == "#0b5f4b"


def test_tokens_are_empty_without_an_accent() -> None:
    assert branding.tokens("") == ""


def test_tokens_override_the_accent_in_its_layer() -> None:
    rules = branding.tokens("#0b5f4b")

    assert rules.startswith("@layer tokens{:root{--accent:light-dark(#0b5f4b,")
    assert rules.count("light-dark(") == 5
