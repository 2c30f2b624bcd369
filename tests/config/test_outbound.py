"""The guard on calls to addresses that others typed. Source: safety, S-40, S-42."""

import socket
import time

import pytest

from config import outbound
from tests.apitokens import receiver as stand_in

PRIVATE = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "127.1",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "192.0.0.8",
    "100.64.0.1",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[fd00::1]",
    "[fe80::1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[::127.0.0.1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "192.88.99.1",
]


@pytest.fixture
def lax(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def receiver():
    with stand_in.running() as running:
        yield running


def names(monkeypatch, *answers):
    """Let the resolver give these lists of addresses, one a question; return the questions it got."""
    asked, waiting = [], list(answers)

    def getaddrinfo(host, port, *_args, **_kwargs):
        asked.append(host)
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def post(url, seconds=5.0):
    return outbound.post(url, content=b"{}", headers={}, timeout_seconds=seconds)


@pytest.mark.parametrize("host", PRIVATE)
def test_private_spelling_is_refused_when_it_is_typed_and_when_it_is_called(host):
    for ask in (outbound.check, post):
        with pytest.raises(outbound.AddressRefused, match="private and reserved addresses"):
            ask(f"https://{host}/hook")


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_address_is_public(address):
    assert outbound.is_public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://93.184.216.34/", "must begin with https://"),
        ("ftp://93.184.216.34/", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("93.184.216.34", "must begin with https://"),
        ("https://", "must be an absolute https URL"),
        ("https://93.184.216.34:8443/", "only port 443 is allowed"),
        ("https://93.184.216.34:0/", "only port 443 is allowed"),
        ("https://user:pass@93.184.216.34/", "must not hold a user name or password"),
        ("https://[::1/", "must be an absolute https URL"),
        ("https://93.184.216.34/" + "x" * 2000, "must be an absolute https URL"),
    ],
)
def test_form_that_is_not_called(url, why):
    with pytest.raises(outbound.AddressRefused) as refusal:
        outbound.check(url)

    assert refusal.value.message == f"Invalid url: {why}"


def test_unknown_host_is_refused(monkeypatch):
    def getaddrinfo(*_args, **_kwargs):
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    with pytest.raises(outbound.AddressRefused, match="the host is not known"):
        outbound.check("https://nowhere.example/")


def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    names(monkeypatch, ["93.184.216.34", "10.0.0.1"])

    with pytest.raises(outbound.AddressRefused):
        outbound.check("https://mixed.example/")


def test_name_that_is_public_first_and_private_then_is_refused_at_the_call(monkeypatch):
    names(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])

    outbound.check("https://rebinding.example/")
    with pytest.raises(outbound.AddressRefused):
        post("https://rebinding.example/")


def test_the_checked_address_is_dialled_and_the_name_asked_once(monkeypatch):
    asked = names(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    dialled = []

    def create_connection(address, *_args, **_kwargs):
        dialled.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "create_connection", create_connection)

    with pytest.raises(outbound.CallFailed):
        post("https://rebinding.example/")
    assert asked == ["rebinding.example"]
    assert dialled == [("93.184.216.34", 443)]


def test_resolver_that_hangs_holds_nobody(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: time.sleep(1) or [])

    with pytest.raises(outbound.AddressRefused, match="the host is not known"):
        outbound.check("https://slow.example/", timeout_seconds=0.1)


def test_proxies_of_the_environment_are_left_alone(lax, receiver, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert post(receiver.url()).status == 200


def test_redirect_is_an_answer_and_not_followed(lax, receiver):
    url = receiver.answers(stand_in.says(302, Location=receiver.url("/inside")))

    assert post(url).status == 302
    assert [one.path for one in receiver.received] == ["/hook"]


def test_answer_is_read_as_far_as_it_is_kept(lax, receiver):
    receiver.answers(stand_in.says_much(megabytes=500))

    assert len(post(receiver.url()).text) == 64 * 1024


def test_packed_answer_stays_packed(lax, receiver):
    receiver.answers(stand_in.gzip_bomb)

    answer = post(receiver.url())

    assert (answer.status, answer.text.endswith("bytes, packed)")) == (200, True)
    assert len(answer.text) < 40
    assert receiver.received[0].headers["accept-encoding"] == "identity"


def test_answer_of_any_bytes_is_text_that_can_be_stored(lax, receiver):
    receiver.answers(stand_in.says(500, b"caf\xc3\xa9 \xff\x00"))

    assert post(receiver.url()).text == "café \ufffd\ufffd"


@pytest.mark.parametrize(
    "misbehaviour",
    [stand_in.hangs, stand_in.drips(3), stand_in.says_late(3), stand_in.cuts],
    ids=["hangs", "drips", "late", "cuts"],
)
def test_no_answer_in_time_is_a_failure(lax, receiver, misbehaviour):
    receiver.answers(misbehaviour)

    with pytest.raises(outbound.CallFailed):
        post(receiver.url(), seconds=0.4)


def test_nobody_listens(lax):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(outbound.CallFailed, match="No connection"):
            post(f"http://127.0.0.1:{port}/")
