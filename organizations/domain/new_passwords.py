"""New passwords for people who forgot theirs: the page learns nothing of the address, its mailbox does.

Whoever asks, one row is written; whether anybody has the address is looked up when the mail is put
into words, in the background. Source: safety, S-20 and S-21.
"""

import datetime as dt

from organizations.domain import accounts, outbox


def ask(email: str, *, language: str, now: dt.datetime) -> None:
    """Write to an address, whosever it is, in the language of the page on which it was typed.

    :raises InvalidEmail:
    """
    address = accounts.normalise_email(email)
    outbox.enqueue(
        template="password_asked",
        to=address,
        language=language,
        context={"new_password_for": address},
        now=now,
    )
