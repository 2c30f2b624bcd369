"""Calls to addresses that somebody else typed: dialled through a guard, bounded in time and size.

The guard resolves a name once, refuses it unless all its addresses are in the public internet, and
dials the very address that it looked at, so that a name which changes its mind gains nothing.
Redirects and the environment's proxies are not followed. Source: safety, S-40, S-42.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpcore
import httpx
from django.conf import settings

from config.errors import DomainError

MAX_URL = 2000
MAX_ANSWER_BYTES = 64 * 1024
_CONNECT_SECONDS = 5.0
_PORTS = {"https": 443, "http": 80}

_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC = [
    # What Python 3.11 takes for global: relays and tunnels to any IPv4 address, documentation, overlays.
    ip_network("192.0.0.0/24"),
    ip_network("192.88.99.0/24"),
    ip_network("2001::/23"),
    ip_network("2002::/16"),
    ip_network("3fff::/20"),
]


class AddressRefused(DomainError):
    """The address is not one that the portal calls."""

    code = "ADDRESS_REFUSED"


class CallFailed(Exception):
    """No answer came: the host is away, slow, or speaks something else; the text says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a called address answered; `text` is the beginning of it, at most 64 KB."""

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CheckedUrl:
    """A URL that was found callable when it was typed; each call looks again."""

    text: str


def is_public(address: str) -> bool:
    """Say whether an IP address lies in the public internet, whatever IPv6 spelling hides it."""
    found = _plain(ip_address(address.partition("%")[0]))
    if found.is_multicast or not found.is_global or any(found in net for net in _NOT_PUBLIC):
        return False
    return isinstance(found, IPv4Address) or found in _UNICAST


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 one stands for (mapped, NAT64), else the address."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def check(url: str, *, timeout_seconds: float = 5.0) -> CheckedUrl:
    """Refuse a URL that may not be called; its name is looked up for that, so call it in no transaction.

    :raises AddressRefused: with a sentence that says why.
    """
    parts = _parts(url)
    _addresses(parts.raw_host.decode(), _port(parts), timeout_seconds)
    return CheckedUrl(url.strip())


def post(url: str, *, content: bytes, headers: Mapping[str, str], timeout_seconds: float) -> Answer:
    """Send a POST and return the answer, at most `timeout_seconds` after the beginning.

    An answer whose head came counts even when its body is cut short by time or size.

    :raises AddressRefused: when the address is not, or no longer, one to be called.
    :raises CallFailed: when no answer came.
    """
    parts = _parts(url)
    deadline = time.monotonic() + timeout_seconds
    transport = _transport(deadline)
    request = httpx.Request("POST", parts, content=content, headers=_plain_headers(headers))
    request.extensions = {"timeout": httpx.Timeout(timeout_seconds).as_dict()}
    with transport:
        try:
            response = transport.handle_request(request)
        except (httpx.HTTPError, OSError, ssl.SSLError) as error:
            raise CallFailed(_in_words(error)) from error
        return Answer(
            status=response.status_code, text=_beginning(response), headers=dict(response.headers)
        )


def _plain_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {"Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close", **headers}


def _parts(url: str) -> httpx.URL:
    """Read a URL's form.

    :raises AddressRefused: unless it is `https` on port 443 with a host and without user and password.
    """
    try:
        parts = httpx.URL(url.strip())
        parts.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        raise AddressRefused("Invalid url: must be an absolute https URL") from None
    is_lax = settings.WEBHOOK_ALLOW_PRIVATE
    if parts.scheme != "https" and not (is_lax and parts.scheme == "http"):
        raise AddressRefused("Invalid url: must begin with https://")
    if not parts.host or len(url) > MAX_URL:
        raise AddressRefused("Invalid url: must be an absolute https URL")
    if parts.userinfo:
        raise AddressRefused("Invalid url: must not hold a user name or password")
    if not is_lax and _port(parts) != _PORTS["https"]:
        raise AddressRefused("Invalid url: only port 443 is allowed")
    return parts


def _port(parts: httpx.URL) -> int:
    return _PORTS[parts.scheme] if parts.port is None else parts.port


def _addresses(host: str, port: int, timeout_seconds: float) -> list[str]:
    """Look a host up, once.

    :raises AddressRefused: when it is unknown or any of its addresses is not public.
    """
    found = list(dict.fromkeys(_looked_up(host, port, timeout_seconds)))
    if not found:
        raise AddressRefused("Invalid url: the host is not known")
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(is_public(one) for one in found):
        raise AddressRefused("Invalid url: private and reserved addresses are not called")
    return found


def _looked_up(host: str, port: int, timeout_seconds: float) -> list[str]:
    """Ask the resolver in a thread of its own: it knows no time-out, and hangs nobody but itself."""
    answer: SimpleQueue[list[str]] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError):
            answer.put([])

    Thread(target=ask, name="look-up", daemon=True).start()
    try:
        return answer.get(timeout=max(0.0, timeout_seconds))
    except Empty:
        return []


class _Guard(httpcore.NetworkBackend):
    """Dials only what it has looked up and found public; nothing on its connections outlasts the deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._dial = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline takes its place
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("the host is not known")
        for address in _addresses(host, port, _left(self._deadline)):
            try:
                stream = self._dial.connect_tcp(
                    address,
                    port,
                    timeout=min(_CONNECT_SECONDS, _left(self._deadline)),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Hurried(stream, self._deadline)
        raise failure


class _Hurried(httpcore.NetworkStream):
    """A connection each of whose steps ends by the deadline, so that drops of bytes do not prolong it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - as above
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - as above
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _Hurried(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    """Return the seconds until the deadline.

    :raises httpcore.ReadTimeout: when there are none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("time is up")
    return left


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _transport(deadline: float) -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport(verify=_tls(), trust_env=False)
    # httpx offers no way to choose the network beneath its own transport; the pool is httpcore's.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=_tls(), max_connections=1, network_backend=_Guard(deadline)
    )
    return transport


def _beginning(response: httpx.Response) -> str:
    """Read at most 64 KB as they came: what is packed stays packed, so that no bomb goes off."""
    read = bytearray()
    try:
        for chunk in response.iter_raw(8192):
            read += chunk
            if len(read) >= MAX_ANSWER_BYTES:
                break
    except (httpx.HTTPError, OSError):
        pass  # the rest of the answer is not what was waited for
    finally:
        response.close()
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return f"({len(read)} bytes, packed)"
    return bytes(read[:MAX_ANSWER_BYTES]).decode("utf-8", "replace").replace("\0", "\ufffd")


def _in_words(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "No answer in time"
    if isinstance(error, httpx.ConnectError):
        return f"No connection: {error}"[:200]
    return f"No valid answer: {error}"[:200]
