"""The site's building blocks as template tags, each with a template and a style sheet.

Block tags take their content between the tags, the others stand alone. `/styleguide/` shows each
of them in every state.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages import constants as message_levels
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config import stylesheet as sheet
from config.templatetags.writing import money

register = template.Library()

SEEN_AT_ONCE = 3
"""Fields of a form that are in view together, even on a phone."""
TONE_ICONS = {
    "neutral": "info",
    "info": "info",
    "positive": "check",
    "caution": "warning",
    "negative": "error",
}
LEVEL_TONES = (
    (message_levels.ERROR, "negative"),
    (message_levels.WARNING, "caution"),
    (message_levels.SUCCESS, "positive"),
    (0, "neutral"),
)


def _render(component: str, /, **values: Any) -> SafeString:
    """Render one component's template with these values alone."""
    return render_to_string(f"components/{component}.html", values)


@register.simple_tag
def icon(name: str, *, label: str = "") -> SafeString:
    """Draw one symbol of the sprite; without a label it is decoration and hidden from readers."""
    return _icon(f"{static('img/icons.svg')}#{name}", str(label))


@lru_cache(maxsize=256, typed=True)
def _icon(href: str, label: str) -> SafeString:
    """Draw each symbol once: a page of results has eighty. A label marked safe is not the same unmarked."""
    return _render("icon", href=href, label=label)


@register.simple_block_tag
def button(
    content: str,
    *,
    href: str = "",
    kind: str = "primary",
    size: str = "",
    wide: bool = False,
    icon: str = "",
    label: str = "",
    type: str = "submit",  # noqa: A002 - as in HTML
    name: str = "",
    value: str = "",
    form: str = "",
    formaction: str = "",
    disabled: bool = False,
    dialog: str = "",
    copy: str = "",
) -> SafeString:
    """Render a button, or a link that looks like one when it has an `href`.

    `kind` is primary, secondary, quiet or danger; `size` is small or nothing. `label` names a
    button whose content is an icon alone. `dialog` is the id of the dialog it opens, `copy` the
    id of the element whose text it copies.
    """
    values = locals()
    return _render("button", **values)


@register.simple_tag
def field(
    bound: BoundField,
    *,
    label: str = "",
    hint: str = "",
    suffix: str = "",
    optional: bool = False,
    hide_label: bool = False,
    autocomplete: str = "",
    inputmode: str = "",
    placeholder: str = "",
) -> SafeString:
    """Render a form field with label, hint and error tied to its control.

    `label` is another one than the form's; `optional` marks a field that may stay empty; `suffix` is a
    unit shown inside the control.
    """
    hint = hint or str(bound.help_text)
    described_by = [f"{bound.auto_id}_hint"] if hint else []
    described_by.append(f"{bound.auto_id}_error")
    attributes = {
        "aria-describedby": " ".join(described_by),
        "aria-invalid": "true" if bound.errors else None,
        "autocomplete": autocomplete,
        "inputmode": inputmode,
        "placeholder": placeholder,
    }
    return _render(
        "field",
        bound=bound,
        control=bound.as_widget(attrs={key: text for key, text in attributes.items() if text}),
        label=label or bound.label,
        hint=hint,
        suffix=suffix,
        optional=optional,
        hide_label=hide_label,
        is_choice=isinstance(bound.field.widget, CheckboxInput),
        is_group=bound.field.widget.use_fieldset,
    )


@register.simple_tag
def form_errors(form: Any) -> SafeString:
    """Render what is wrong with a form as a whole; nothing when all is well.

    A long form names its wrong fields and leads to them: they may be out of sight.
    """
    visible = form.visible_fields()
    missed = [bound for bound in visible if bound.errors] if len(visible) > SEEN_AT_ONCE else []
    return _render("form_errors", form=form, missed=missed)


@register.simple_block_tag
def card(
    content: str,
    *,
    heading: str = "",
    href: str = "",
    level: int = 3,
    image: str = "",
    image_srcset: str = "",
    image_alt: str = "",
    eager: bool = False,
) -> SafeString:
    """Render a card; with an `href` the whole card leads there through its heading.

    The picture is shown at 16:10; `eager` is for those in the first screen.
    """
    values = locals()
    return _render("card", **values)


@register.simple_tag
def badge(text: str, *, tone: str = "neutral", icon: str = "") -> SafeString:
    """Render a short state; `tone` is neutral, accent, positive, caution or negative."""
    values = locals()
    return _render("badge", **values)


@register.simple_block_tag
def table(
    content: str,
    *,
    id: str,  # noqa: A002 - as in HTML
    caption: str,
    hide_caption: bool = False,
) -> SafeString:
    """Render a table whose rows are the content, in a frame that scrolls by keyboard too."""
    values = locals()
    return _render("table", **values)


@register.simple_tag
def tabs(items: Sequence[Mapping[str, Any]], *, label: str) -> SafeString:
    """Render links between sibling pages: items of `label`, `url`, `is_current`, `count`."""
    values = locals()
    return _render("tabs", **values)


@register.simple_block_tag
def dialog(
    content: str,
    *,
    id: str,  # noqa: A002 - as in HTML
    heading: str,
) -> SafeString:
    """Render a dialog that `{% button dialog=id %}` opens, with or without JavaScript."""
    values = locals()
    return _render("dialog", **values)


@register.simple_tag
def toast(text: str, *, tone: str = "neutral") -> SafeString:
    """Render a passing message that can be closed; `tone` as in a notice."""
    return _render("toast", text=text, tone=tone, icon=TONE_ICONS[tone])


@register.simple_tag(takes_context=True)
def toasts(context: template.Context) -> SafeString:
    """Render the messages that earlier requests left for this person."""
    waiting = [(str(message), _tone(message.level)) for message in context.get("messages") or ()]
    return _render("toasts", messages=waiting)


def _tone(level: int) -> str:
    return next(tone for floor, tone in LEVEL_TONES if level >= floor)


@register.simple_block_tag
def notice(
    content: str, *, tone: str = "neutral", heading: str = "", live: bool = False
) -> SafeString:
    """Render a message in the page: neutral, info, positive, caution or negative.

    A `live` one is read out as soon as it appears.
    """
    return _render(
        "notice", content=content, tone=tone, heading=heading, live=live, icon=TONE_ICONS[tone]
    )


@register.simple_block_tag
def empty_state(
    content: str, *, heading: str, text: str = "", icon: str = "search", level: int = 2
) -> SafeString:
    """Render why there is nothing here, with the next step as the content."""
    values = locals()
    return _render("empty_state", **values)


@register.simple_tag
def price(
    amount: Decimal | int | float | None,
    *,
    currency: str = "EUR",
    note: str = "",
    size: str = "",
) -> SafeString:
    """Render an amount in the reader's way, without cents when whole; nothing for no amount."""
    if amount is None:
        return SafeString("")
    return _render("price", text=money(amount, currency=currency), note=note, size=size)


@register.simple_tag
def breadcrumb(trail: Sequence[tuple[str, str]]) -> SafeString:
    """Render the way from the home page: pairs of label and address; the last one is this page."""
    return _render("breadcrumb", parents=trail[:-1], here=trail[-1][0])


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Page, *, parameter: str = "page") -> SafeString:
    """Render the way to the other pages of a list, keeping the rest of the address."""
    request: HttpRequest = context["request"]

    def address(number: int) -> str:
        query = request.GET.copy()
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return _render(
        "pagination",
        page=page,
        steps=[(n, address(n) if isinstance(n, int) else "") for n in numbers],
        previous=address(page.number - 1),
        next=address(page.number + 1),
    )


@register.simple_tag
def stepper(steps: Sequence[str], *, current: int) -> SafeString:
    """Render the steps of a task; `current` counts from 1."""
    return _render("stepper", steps=list(enumerate(steps, start=1)), current=current)


@register.simple_tag
def stylesheet() -> SafeString:
    """Link the site's one style sheet, brand colours included."""
    return format_html('<link rel="stylesheet" href="{}">', sheet.url())


@register.simple_tag(takes_context=True)
def in_language(context: template.Context, code: str) -> str:
    """Answer this page's address in another language."""
    request: HttpRequest | None = context.get("request")
    return translate_url(request.get_full_path(), code) if request else f"/{code}/"
