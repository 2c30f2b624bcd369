"""Addresses of a customer's documents: shown to people, never fetched by the portal. Source: safety, S-36."""

import ipaddress
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

MAX_LENGTH = 500
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PRINTABLE = re.compile(r"[!-~\u00a1-\uffff]+")


def is_acceptable(address: str, *, hosts: Sequence[str]) -> bool:
    """Say whether an address is http(s) at a named host, without a user name, a backslash or a blank.

    `hosts` are those allowed, with their subdomains; none means every named host.
    """
    if len(address) > MAX_LENGTH or not _PRINTABLE.fullmatch(address) or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _is_name(host):
        return False
    return not hosts or any(host == allowed or host.endswith(f".{allowed}") for allowed in hosts)


def _is_name(host: str) -> bool:
    """Refuse numbers in whatever notation, and names of the local network."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _HOST.fullmatch(host) is not None
    return False
