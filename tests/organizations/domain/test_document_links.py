"""Which addresses of documents are taken: web addresses at named hosts, nothing else."""

import pytest

from organizations.domain import document_links


@pytest.mark.parametrize(
    "address",
    [
        "https://drive.google.com/drive/folders/1a2B?usp=sharing#x",
        "http://files.example.com",
        "https://docs.example.com:8443/é",
        "https://docs.example.com/" + "x" * (500 - len("https://docs.example.com/")),
    ],
)
def test_web_addresses(address):
    assert document_links.is_acceptable(address, hosts=[])


@pytest.mark.parametrize(
    "address",
    [
        "",
        "drive.google.com/x",
        "//drive.google.com/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://files.example.com/",
        "http://169.254.169.254/latest",
        "http://2852039166/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://[::1]/",
        "http://[::1",
        "http://localhost/",
        "http://intranet/",
        "https://a@b.example/",
        "https://a:b@b.example/",
        "https://b.example\\@evil.example/",
        "https://b.example/ x",
        "https://b.example/\nx",
        "https://b.example:99999/",
        "https://",
        "https://docs.example.com/" + "x" * 476,
    ],
)
def test_other_addresses(address):
    assert not document_links.is_acceptable(address, hosts=[])


@pytest.mark.parametrize(
    ("address", "accepted"),
    [
        ("https://drive.google.com/x", True),
        ("https://DRIVE.google.com/x", True),
        ("https://eu.drive.google.com/x", True),
        ("https://google.com/x", False),
        ("https://evildrive.google.com/x", False),
        ("https://drive.google.com.example.com/x", False),
    ],
)
def test_hosts_that_are_allowed(address, accepted):
    assert document_links.is_acceptable(address, hosts=["drive.google.com"]) is accepted
