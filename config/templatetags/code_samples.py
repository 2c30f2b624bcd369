"""Code to read and copy, as a template tag of its own: `{% load code_samples %}`."""

import re

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_MARKS = re.compile(r"(`[^`]*`|\*\*[^*]+\*\*)")


@register.simple_tag
def code_sample(
    text: str,
    *,
    id: str,  # noqa: A002 - as in HTML
    label: str,
    language: str = "",
) -> SafeString:
    """Render a text of code with its label and a button that copies it; `language` is told to tests."""
    values = {"text": text, "id": id, "label": label, "language": language}
    return render_to_string("components/code_sample.html", values)


@register.filter
def code_words(text: str) -> SafeString:
    """Mark what stands between back quotes as code, and between double asterisks as strong."""
    return format_html_join("", "{}", ((_marked(part),) for part in _MARKS.split(text)))


def _marked(part: str) -> SafeString | str:
    if part.startswith("`"):
        return format_html("<code>{}</code>", part.strip("`"))
    if part.startswith("**"):
        return format_html("<strong>{}</strong>", part.strip("*"))
    return part


@register.filter
def breakable(path: str) -> SafeString:
    """Let a long field name break after its dots."""
    return format_html_join(SafeString(".<wbr>"), "{}", ((part,) for part in path.split(".")))
