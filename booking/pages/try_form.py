"""The form behind "Try it now": one field a parameter, the body as JSON text, the token."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from config.api import reference
from config.api.loopback import Call
from config.api.reference import Operation
from config.api.reference_fields import Field

MOST_BODY = 100_000
MOST_VALUE = 10_000


class TryForm(forms.Form):
    """A call of one operation. The token is never shown again, stored or logged."""

    def __init__(self, data: Any = None, *, operation: Operation) -> None:
        super().__init__(data, auto_id=f"try-{operation.anchor}-%s", use_required_attribute=False)
        self.operation = operation
        if operation.takes_token:
            self.fields["token"] = _token(is_needed=operation.needs_token)
        for parameter in operation.parameters:
            example = operation.query_example.get(parameter.path, "")
            self.fields[_name(parameter.path)] = _parameter(parameter, example)
        if operation.body_example is not None:
            self.fields["body"] = _body(operation.body_example)
        if operation.takes_dry_run:
            self.fields["dry_run"] = forms.BooleanField(
                label=gettext_lazy("Dry run: check everything, change and send nothing"),
                required=False,
                initial=True,
            )

    @property
    def parameters(self) -> list[forms.BoundField]:
        return [self[_name(each.path)] for each in self.operation.parameters]

    def clean(self) -> dict[str, Any]:
        """Put the dry run into the body; a body that cannot be read is never sent for real by mistake."""
        cleaned = dict(super().clean() or self.cleaned_data)
        if not cleaned.get("dry_run") or "body" not in cleaned:
            return cleaned
        try:
            body = json.loads(cleaned["body"] or "{}")
        except (ValueError, RecursionError) as error:
            self.add_error("body", gettext("This is not JSON: %(why)s") % {"why": error})
            return cleaned
        if not isinstance(body, dict):
            self.add_error("body", gettext("The body is a JSON object: {…}."))
            return cleaned
        return cleaned | {
            "body": json.dumps(body | {"dryRun": True})
        }  # ASCII: halves of characters stay escaped

    @property
    def call(self) -> Call:
        """Return the call that a valid form asks for."""
        given = self.cleaned_data
        query = {each.path: given.get(_name(each.path), "") for each in self.operation.parameters}
        return Call(
            method=self.operation.method,
            path=self.operation.path,
            query={name: value for name, value in query.items() if value},
            token=given.get("token", ""),
            body=given.get("body", ""),
        )


def _name(parameter: str) -> str:
    return f"query-{parameter}"


def _token(*, is_needed: bool) -> forms.Field:
    label = gettext_lazy("Token") if is_needed else gettext_lazy("Token (optional)")
    attrs = {"autocomplete": "off", "placeholder": "ww_dev_…", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs=attrs, render_value=False),
    )


def _parameter(parameter: Field, example: str) -> forms.Field:
    label = f"{parameter.path} *" if parameter.is_required else parameter.path
    if parameter.choices:
        choices = [("", "—"), *((choice, choice) for choice in parameter.choices)]
        return forms.ChoiceField(
            label=label,
            required=False,
            choices=choices,
            initial=example,
            help_text=parameter.text.replace("`", ""),
        )
    return forms.CharField(
        label=label,
        required=False,
        max_length=MOST_VALUE,
        initial=example,
        help_text=parameter.text.replace("`", ""),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _body(example: Any) -> forms.Field:
    text = reference.dumps(example)
    rows = str(min(text.count("\n") + 2, 24))
    return forms.CharField(
        label=gettext_lazy("Body (JSON)"),
        required=False,
        max_length=MOST_BODY,
        initial=text,
        widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "class": "code-input"}),
    )
