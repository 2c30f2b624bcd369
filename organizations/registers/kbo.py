"""KBO Public Search: the Belgian register of enterprises, over SOAP 1.1 with a password digest."""

import base64
import datetime as dt
import hashlib
import secrets
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import httpx
from django.conf import settings

from config import clock
from organizations.registers import calls, safe_xml
from organizations.registers.answers import NOT_KNOWN, Answer, Unavailable, known

ACTION = "http://fgov.economie.be/kbopub/ReadEnterprise"
_LIFETIME = dt.timedelta(minutes=1)
_NONCE_BYTES = 16
_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
_ENVELOPE = f"""<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:mes="http://economie.fgov.be/kbopub/webservices/v1/messages"
 xmlns:dat="http://economie.fgov.be/kbopub/webservices/v1/datamodel">
<soapenv:Header>
<wsse:Security soapenv:mustUnderstand="1" xmlns:wsse="{_OASIS}-wssecurity-secext-1.0.xsd"
 xmlns:wsu="{_OASIS}-wssecurity-utility-1.0.xsd">
<wsu:Timestamp><wsu:Created>{{created}}</wsu:Created><wsu:Expires>{{expires}}</wsu:Expires></wsu:Timestamp>
<wsse:UsernameToken><wsse:Username>{{user}}</wsse:Username>
<wsse:Password Type="{_OASIS}-username-token-profile-1.0#PasswordDigest">{{digest}}</wsse:Password>
<wsse:Nonce EncodingType="{_OASIS}-soap-message-security-1.0#Base64Binary">{{nonce}}</wsse:Nonce>
<wsu:Created>{{created}}</wsu:Created></wsse:UsernameToken>
</wsse:Security>
<mes:RequestContext><mes:Id>{{id}}</mes:Id><mes:Language>fr</mes:Language></mes:RequestContext>
</soapenv:Header>
<soapenv:Body><mes:ReadEnterpriseRequest><dat:EnterpriseNumber>{{number}}</dat:EnterpriseNumber>
</mes:ReadEnterpriseRequest></soapenv:Body>
</soapenv:Envelope>"""


def ask(number: str, *, seconds: float) -> Answer:
    """Read an enterprise by its ten digits.

    :raises Unavailable: when no clear answer comes in time; a SOAP fault is none.
    """
    request = httpx.Request(
        "POST",
        settings.COMPANY_REGISTERS["kbo"]["url"],
        headers={"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": f'"{ACTION}"'},
        content=_question(number, now=clock.now()),
    )
    return _read(safe_xml.parse(calls.fetch(request, seconds=seconds).body), number)


def digest(*, nonce: bytes, created: str, password: str) -> str:
    """Return what proves the password without sending it. Source: WS-Security UsernameToken Profile 1.0."""
    proof = hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False)
    return base64.b64encode(proof.digest()).decode()


def _question(number: str, *, now: dt.datetime) -> bytes:
    options = settings.COMPANY_REGISTERS["kbo"]
    nonce, created = secrets.token_bytes(_NONCE_BYTES), _stamp(now)
    text = _ENVELOPE.format(
        created=created,
        expires=_stamp(now + _LIFETIME),
        user=escape(options["user"]),
        digest=digest(nonce=nonce, created=created, password=options["password"]),
        nonce=base64.b64encode(nonce).decode(),
        id=secrets.token_hex(_NONCE_BYTES),
        number=escape(number),
    )
    return text.encode()


def _stamp(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _read(envelope: Element, number: str) -> Answer:
    if envelope.find("{*}Body/{*}Fault") is not None:
        raise Unavailable("SOAP fault")
    reply = envelope.find("{*}Body/{*}ReadEnterpriseReply")
    if reply is None:
        raise Unavailable("malformed answer")
    enterprise = reply.find("{*}Enterprise")
    if enterprise is None:
        return NOT_KNOWN
    told = enterprise.findtext("{*}Number")
    if told is not None and "".join(filter(str.isdigit, told)) != number:
        raise Unavailable("malformed answer")
    return known(
        name=enterprise.findtext("{*}Denomination/{*}Description/{*}Value"),
        number=number,
        is_closed=bool((enterprise.findtext("{*}Period/{*}End") or "").strip()),
    )
