"""Components tie label, hint and error together and write money as the reader does."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from config.templatetags import writing


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


class NameForm(forms.Form):
    name = forms.CharField(help_text="As on your card.")
    agrees = forms.BooleanField()


def test_button_with_an_address_is_a_link() -> None:
    html = render('{% button href="/x/" %}Go{% endbutton %}')

    assert html.strip() == '<a class="button button--primary" href="/x/"><span>Go</span></a>'


def test_button_escapes_what_it_is_given() -> None:
    html = render("{% button name=n value=v %}Go{% endbutton %}", n="a", v='"><script>')

    assert "<script>" not in html


def test_icon_escapes_a_label_that_was_drawn_as_safe_before() -> None:
    written = "<b>Open</b>"

    assert written in render('{% icon "check" label=label %}', label=mark_safe(written))
    assert written not in render('{% icon "check" label=label %}', label=written)


def test_field_names_hint_and_error_for_its_control() -> None:
    html = render("{% field form.name %}", form=NameForm({}))

    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<p class="field__hint" id="id_name_hint">As on your card.</p>' in html
    assert "This field is required." in html


def test_field_without_error_is_not_invalid() -> None:
    html = render("{% field form.name %}", form=NameForm())

    assert "aria-invalid" not in html
    assert "field--invalid" not in html


def test_field_of_a_checkbox_has_its_label_after_it() -> None:
    html = render("{% field form.agrees %}", form=NameForm())

    assert html.index('type="checkbox"') < html.index("<label")


@pytest.mark.parametrize(
    ("amount", "language", "text"),
    [
        (45, "en", "€45"),
        (Decimal("1250.50"), "en", "€1,250.50"),
        (45, "fr", "45\N{NO-BREAK SPACE}€"),
        (Decimal("45.50"), "fr", "45,50\N{NO-BREAK SPACE}€"),
        (0, "en", "€0"),
    ],
)
def test_money_is_written_as_the_reader_does(amount, language: str, text: str) -> None:
    with translation.override(language):
        assert render("{% money amount %}", amount=amount) == text


def test_price_of_nothing_is_nothing() -> None:
    assert render("{% price amount %}", amount=None) == ""


def test_pagination_keeps_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/find/?people=4&page=2")
    page = Paginator(range(30), 10).page(2)

    html = render("{% pagination page %}", request=request, page=page)

    assert 'rel="prev" href="?people=4&amp;page=1"' in html
    assert 'rel="next" href="?people=4&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_pagination_of_one_page_is_nothing() -> None:
    request = RequestFactory().get("/find/")

    html = render("{% pagination page %}", request=request, page=Paginator([1], 10).page(1))

    assert html.strip() == ""


def test_stepper_marks_the_step_at_hand() -> None:
    html = render("{% stepper steps current=2 %}", steps=["Room", "Details", "Done"])

    assert html.count('aria-current="step"') == 1
    assert html.count("stepper__step--done") == 1


def test_notice_carries_its_heading_and_content() -> None:
    html = render('{% notice tone="caution" heading="Mind" %}<p>the gap</p>{% endnotice %}')

    assert "notice--caution" in html
    assert '<p class="notice__title">Mind</p><p>the gap</p>' in html


@pytest.mark.parametrize(("language", "text"), [("en", "Sat 21 Nov"), ("fr", "sam 21 nov")])
def test_short_day_is_written_as_the_reader_does(language: str, text: str) -> None:
    with translation.override(language):
        assert writing.short_day(dt.date(2026, 11, 21)) == text
        assert writing.short_date(dt.date(2026, 11, 21)) == text.partition(" ")[2]


@pytest.mark.parametrize(
    ("language", "form", "text"),
    [
        ("en", "l j F Y", "Tuesday 1 December 2026"),
        ("fr", "l j F Y", "mardi 1er décembre 2026"),
        ("fr", "j F, H:i", "1er décembre, 14:00"),
        ("fr", "D j b", "mar 1er déc"),
        ("fr", "Y-m-j", "2026-12-1"),
    ],
)
def test_the_first_of_a_month_is_numbered_as_the_reader_does(
    language: str, form: str, text: str
) -> None:
    day = dt.datetime(2026, 12, 1, 14, 0)

    with translation.override(language):
        assert writing.day_written(day, form) == text
        assert render(f'{{{{ day|date:"{form}" }}}}', day=day) == text


def test_other_days_are_written_with_their_number_alone() -> None:
    with translation.override("fr"):
        assert writing.day_written(dt.date(2026, 12, 11), "j F") == "11 décembre"
        assert writing.short_day(dt.date(2026, 12, 1)) == "mar 1er déc"
        assert writing.short_date(dt.date(2026, 12, 1)) == "1er déc"


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_date_is_written_as_nothing(nothing: str | None) -> None:
    assert render('{{ day|date:"j F" }}{{ day|date }}', day=nothing) == ""


class LongForm(forms.Form):
    name = forms.CharField()
    street = forms.CharField()
    city = forms.CharField()
    phone = forms.CharField()


def test_a_long_form_names_its_wrong_fields_and_leads_to_them() -> None:
    html = render("{% form_errors form %}", form=LongForm({"name": "Ada", "city": "Cork"}))

    assert '<a href="#id_street" autofocus>Street</a>' in html
    assert '<a href="#id_phone">Phone</a>' in html
    assert "id_name" not in html
    assert 'role="alert"' in html


def test_a_short_form_and_one_without_errors_have_no_list() -> None:
    complete = dict.fromkeys(("name", "street", "city", "phone"), "x")

    assert render("{% form_errors form %}", form=NameForm({})).strip() == ""
    assert render("{% form_errors form %}", form=LongForm(complete)).strip() == ""
    assert render("{% form_errors form %}", form=LongForm()).strip() == ""


@pytest.mark.parametrize(
    ("language", "amount", "written"),
    [("en", "1107", "€1,107.00"), ("en", "28.5", "€28.50"), ("fr", "1107", "1\u202f107,00\xa0€")],
)
def test_amounts_of_bills_always_have_cents(language, amount, written):
    with translation.override(language):
        assert writing.billed(Decimal(amount)) == written
