"""Texts that people typed, made fit for mails to others."""

import re

MAX_LENGTH = 80
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def harmless(text: str) -> str:
    """Make a text one short line without addresses: anybody can register or book with anybody's e-mail.

    Source: safety, S-34.
    """
    line = " ".join(_CONTROL.sub("", " ".join(text.split())).split())
    shown = line.replace("://", " ").replace("www.", " ").strip()
    return shown if len(shown) <= MAX_LENGTH else f"{shown[: MAX_LENGTH - 1].strip()}…"
