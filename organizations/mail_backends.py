"""Where mail goes when no mail server is set: one file each, so that a trial run shows them all."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from config import clock, ids


class FileBackend(BaseEmailBackend):
    """Keeps each mail as one `.eml` file in `EMAIL_FILE_DIR`; file names sort by time.

    A file appears whole or not at all: it is written under another name and moved.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            _write_whole(folder / _file_name(), _bytes(message))
        return len(email_messages)


def _bytes(message: EmailMessage) -> bytes:
    written: Any = message.message()
    content: bytes = written.as_bytes(linesep="\r\n")
    return content


def _file_name() -> str:
    return f"{clock.now():%Y%m%dT%H%M%S.%f}-{ids.new_id()[-8:]}.eml"


def _write_whole(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
