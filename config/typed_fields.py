"""Form fields for texts that people type: no control characters, which no page, mail or file can show.

Source: safety, S-30 and S-34; the API's reader refuses the same.
"""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Those that no text has: all but tabs and the ends of lines, and halves of characters."""

_without_control_characters = RegexValidator(
    CONTROL_CHARACTERS,
    message=gettext_lazy("This holds characters that cannot be shown. Please type it anew."),
    inverse_match=True,
)


class LongTextField(forms.CharField):
    """A text of any number of lines."""

    default_validators = [_without_control_characters]


class LineField(LongTextField):
    """A text of one line: line breaks and tabs become spaces, so that it is safe in headers and subjects."""

    def to_python(self, value: Any) -> Any:
        """Join the lines; an empty text stays what Django makes of it."""
        text = super().to_python(value)
        return re.sub(r"\s*[\t\r\n]\s*", " ", text) if isinstance(text, str) else text
