"""A signing key for a machine that was given none: made once, kept beside the data, readable by its owner."""

import os
import secrets
from pathlib import Path


def read_or_create(path: Path) -> str:
    """Return the key stored at `path`, made first if there is none; two processes may start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    draft = secrets.token_urlsafe(64)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(draft)
    return draft
