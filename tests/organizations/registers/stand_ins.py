"""Company registers on this machine, which speak their protocols and fail in every way that is known.

Each is a real HTTP server. `trouble` names how it fails; without any it looks the number up in its
`companies` and refuses whoever does not keep to the protocol with HTTP 400 or 401.
"""

import base64
import gzip
import hashlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

HUGE = 3 * 1024 * 1024
KEY = "a-key-that-no-log-may-hold"
USER, PASSWORD = "portal&co", "a<password>that-no-log-may-hold"


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Told:
    status: int
    body: bytes
    content_type: str = "application/json;charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)


def told(value: Any, status: int = 200) -> Told:
    return Told(status, json.dumps(value, ensure_ascii=False).encode())


@dataclass
class StandIn:
    """A register that runs; `asked` holds what it was asked."""

    speak: Callable[["StandIn", Asked], Told]
    companies: dict[str, dict[str, Any]] = field(default_factory=dict)
    trouble: str = ""
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    is_over: threading.Event = field(default_factory=threading.Event)


# --- how each register speaks ------------------------------------------------------------------


def sirene(self: StandIn, asked: Asked) -> Told:
    if asked.headers.get("X-INSEE-Api-Key-Integration") != KEY:
        return told({"header": {"statut": 401, "message": "Unauthorized"}}, 401)
    match = re.fullmatch(r"/(siret/(?P<siret>\d{14})|siren/(?P<siren>\d{9}))", asked.path)
    if asked.method != "GET" or match is None:
        return told({"header": {"statut": 400, "message": "Erreur de syntaxe"}}, 400)
    number = match["siret"] or match["siren"]
    company = self.companies.get(number)
    if company is None:
        return told({"header": {"statut": 404, "message": f"Aucun élément pour {number}"}}, 404)
    facts = {
        "denominationUniteLegale": company.get("name"),
        "nomUniteLegale": company.get("last_name"),
        "etatAdministratifUniteLegale": company.get("state", "A"),
    }
    header = {"statut": 200, "message": "OK"}
    first_name = {"prenomUsuelUniteLegale": company.get("first_name")}
    if match["siren"]:
        old = {**facts, "dateFin": "2019-12-31", "denominationUniteLegale": "OLD NAME"}
        periods = [old, {**facts, "dateFin": None}]
        unit = {"siren": number, **first_name, "periodesUniteLegale": periods}
        return told({"header": header, "uniteLegale": unit})
    establishment = {
        "siren": number[:9],
        "siret": number,
        "uniteLegale": {**first_name, **facts},
        "adresseEtablissement": {"codePostalEtablissement": "75001"},
        "periodesEtablissement": [
            {"dateFin": None, "etatAdministratifEtablissement": company.get("place", "A")}
        ],
    }
    return told({"header": header, "etablissement": establishment})


def recherche(self: StandIn, asked: Asked) -> Told:
    address = urlsplit(asked.path)
    query = parse_qs(address.query)
    if asked.method != "GET" or address.path != "/search" or query.get("per_page") != ["1"]:
        return told({"erreur": "Veuillez indiquer au moins un paramètre de recherche"}, 400)
    number = query["q"][0]
    company = self.companies.get(number)
    if company is None:
        return told({"results": [], "total_results": 0, "page": 1})
    found = {
        "siren": company.get("siren", number[:9]),
        "nom_complet": company.get("name", ""),
        "etat_administratif": company.get("state", "A"),
        "siege": {"siret": company.get("siret", number)},
    }
    return told({"results": [found], "total_results": 1, "page": 1})


_OASIS = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-"
_WSSE, _WSU = f"{_OASIS}secext-1.0.xsd}}", f"{_OASIS}utility-1.0.xsd}}"
_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
_KBO = "http://economie.fgov.be/kbopub/webservices/v1"


def _is_let_in(envelope: ElementTree.Element) -> bool:
    """Check the password digest as the register does: b64(sha1(nonce ‖ created ‖ password))."""
    security = envelope.find(f"{_SOAP}Header/{_WSSE}Security")
    token = security.find(f"{_WSSE}UsernameToken")
    password = token.find(f"{_WSSE}Password")
    nonce = base64.b64decode(token.findtext(f"{_WSSE}Nonce"))
    created = token.findtext(f"{_WSU}Created")
    proof = hashlib.sha1(nonce + created.encode() + PASSWORD.encode()).digest()
    lifetime = security.find(f"{_WSU}Timestamp")
    return (
        password.get("Type", "").endswith("#PasswordDigest")
        and password.text == base64.b64encode(proof).decode()
        and token.findtext(f"{_WSSE}Username") == USER
        and lifetime.findtext(f"{_WSU}Created") < lifetime.findtext(f"{_WSU}Expires")
        and len(nonce) >= 16
    )


def _soap(body: str, status: int = 200) -> Told:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<s:Envelope xmlns:s="{_SOAP[1:-1]}" xmlns:m="{_KBO}/messages" xmlns:d="{_KBO}/datamodel">'
        "<s:Header><m:ReplyContext><m:AccountBalance>1999</m:AccountBalance></m:ReplyContext>"
        f"</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )
    return Told(status, text.encode(), "text/xml;charset=UTF-8")


def soap_fault(text: str, status: int = 500) -> Told:
    return _soap(
        f"<s:Fault><faultcode>s:Client</faultcode><faultstring>{text}</faultstring></s:Fault>",
        status,
    )


def kbo(self: StandIn, asked: Asked) -> Told:
    envelope = ElementTree.fromstring(asked.body)
    action = asked.headers.get("SOAPAction")
    if asked.method != "POST" or action != '"http://fgov.economie.be/kbopub/ReadEnterprise"':
        return soap_fault("unknown action")
    if not _is_let_in(envelope):
        return soap_fault("The security token could not be authenticated")
    context = envelope.find(f"{_SOAP}Header/{{{_KBO}/messages}}RequestContext")
    number = envelope.findtext(
        f"{_SOAP}Body/{{{_KBO}/messages}}ReadEnterpriseRequest/{{{_KBO}/datamodel}}EnterpriseNumber"
    )
    if context is None or not number:
        return soap_fault("invalid request")
    company = self.companies.get(number)
    if company is None:
        return _soap("<m:ReadEnterpriseReply/>")
    end = f"<d:End>{company['end']}</d:End>" if "end" in company else ""
    return _soap(
        "<m:ReadEnterpriseReply><d:Enterprise>"
        f"<d:Number>{company.get('number', number)}</d:Number>"
        "<d:Denomination><d:Description><d:Language>fr</d:Language>"
        f"<d:Value>{company['name']}</d:Value></d:Description></d:Denomination>"
        f"<d:Period><d:Begin>1968-01-01</d:Begin>{end}</d:Period>"
        "</d:Enterprise></m:ReadEnterpriseReply>"
    )


def cbeapi(self: StandIn, asked: Asked) -> Told:
    if asked.headers.get("Authorization") != f"Bearer {KEY}":
        return told({"message": "Unauthenticated."}, 401)
    match = re.fullmatch(r"/company/(\d{10})", asked.path)
    if asked.method != "GET" or match is None:
        return told({"message": "Bad request"}, 400)
    company = self.companies.get(match[1])
    if company is None:
        return told({"message": "Company not found"}, 404)
    return told(
        {
            "data": {
                "cbe_number": company.get("number", match[1]),
                "denomination": company["name"],
                "status": company.get("status", "Active"),
                "juridical_form": "Société anonyme",
            }
        }
    )


def vies(self: StandIn, asked: Asked) -> Told:
    question = json.loads(asked.body)
    if asked.method != "POST" or asked.path != "/check-vat-number":
        return told({"actionSucceed": False, "errorWrappers": [{"error": "VOW-ERR-1"}]}, 400)
    letters, number = question["countryCode"], question["vatNumber"]
    if not re.fullmatch(r"[0-9A-Z+*]{2,12}", number):
        return told({"actionSucceed": False, "errorWrappers": [{"error": "INVALID_INPUT"}]})
    company = self.companies.get(letters + number)
    return told(
        {
            "countryCode": letters,
            "vatNumber": number,
            "requestDate": "2030-01-07T09:00:00.000Z",
            "valid": company is not None,
            "requestIdentifier": "",
            "name": company.get("name", "---") if company else "---",
            "address": "---",
            "traderNameMatch": "NOT_PROCESSED",
        }
    )


SPEAKERS = {
    "sirene": sirene,
    "recherche": recherche,
    "kbo": kbo,
    "cbeapi": cbeapi,
    "vies": vies,
}
CREDENTIALS = {
    "sirene": {"key": KEY},
    "recherche": {},
    "kbo": {"user": USER, "password": PASSWORD},
    "cbeapi": {"key": KEY},
    "vies": {},
}


# --- how a register fails ----------------------------------------------------------------------

HTML = (
    b"<!DOCTYPE html><html><body><h1>Service momentan&eacute;ment indisponible</h1></body></html>"
)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;">'
    b'<!ENTITY f SYSTEM "file:///etc/passwd">]><b>&c;&c;&f;</b>'
)
TROUBLES: dict[str, Told] = {
    "429": Told(429, b'{"message":"Too many requests"}', headers={"Retry-After": "60"}),
    "401": Told(401, b'{"message":"Unauthorized"}'),
    "500": Told(500, b'{"message":"Internal error"}'),
    "503": Told(503, b"", "text/plain"),
    "html": Told(200, HTML, "text/html"),
    "html 404": Told(404, HTML, "text/html"),
    "empty": Told(200, b""),
    "null": Told(200, b"null"),
    "list": Told(200, b'["valid", "header", "results"]'),
    "deep": Told(200, b"[" * 100_000),
    "huge": Told(200, b'"' + b"x" * HUGE + b'"'),
    "packed": Told(200, gzip.compress(b" " * HUGE), headers={"Content-Encoding": "gzip"}),
    "moved": Told(302, b"", headers={"Location": "/elsewhere"}),
    "bomb": Told(200, BOMB, "text/xml"),
    "nonsense": Told(200, b"\x00\xff\xfe\x01"),
}
SILENT = ("slow", "drip", "drip body", "reset", "half")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    register: StandIn

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length))
        self.register.asked.append(asked)
        self.close_connection = True
        trouble = self.register.trouble
        if trouble in SILENT:
            self._fall_silent(trouble, asked)
        elif trouble in TROUBLES:
            self._tell(TROUBLES[trouble])
        else:
            answer = self.register.speak(self.register, asked)
            if trouble == "wrong charset":
                answer.body = answer.body.decode().encode("utf-16")
            if trouble == "latin 1":
                answer.body = answer.body.decode().encode("latin-1")
            self._tell(answer)

    do_GET = do_POST = _serve  # noqa: N815 - the server's names

    def _tell(self, answer: Told) -> None:
        self.send_response(answer.status)
        headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        for name, value in (headers | answer.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def _fall_silent(self, how: str, asked: Asked) -> None:
        if how == "slow":
            self.register.is_over.wait(10)
            self._tell(self.register.speak(self.register, asked))
        elif how == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
        elif how == "half":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
        else:
            if how == "drip body":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not self.register.is_over.wait(0.05):
                self.wfile.write(b"H")
                self.wfile.flush()

    def handle(self) -> None:
        with suppress(OSError):  # the portal has hung up, as it should
            super().handle()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def running(name: str) -> Iterator[StandIn]:
    """Run the stand-in of a register until the end of the block."""
    register = StandIn(SPEAKERS[name])
    handler = type("Handler", (_Handler,), {"register": register})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    register.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield register
    finally:
        register.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
