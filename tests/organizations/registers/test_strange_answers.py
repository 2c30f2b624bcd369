"""Whatever a register answers, its client gives a clear word or none; nothing else comes out."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from organizations.registers import calls, cbeapi, kbo, recherche, sirene, vies
from organizations.registers.answers import Answer, Kind, Unavailable

SIRET, SIREN, ENTERPRISE, VAT = "73282932000074", "732829320", "0403019261", "IE6433435F"
WORDS = [
    "header",
    "statut",
    "etablissement",
    "siret",
    "siren",
    "uniteLegale",
    "periodesUniteLegale",
    "dateFin",
    "periodesEtablissement",
    "etatAdministratifUniteLegale",
    "denominationUniteLegale",
    "results",
    "siege",
    "nom_complet",
    "etat_administratif",
    "matching_etablissements",
    "data",
    "cbe_number",
    "denomination",
    "status",
    "valid",
    "countryCode",
    "vatNumber",
    "name",
    "errorWrappers",
    "error",
    "actionSucceed",
    "userError",
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(0, 500)
    | st.floats(allow_nan=False)
    | st.sampled_from([SIRET, SIREN, ENTERPRISE, "IE", "6433435F", "A", "C", "MS_UNAVAILABLE"])
    | st.text(max_size=5)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5)
    ),
    max_leaves=25,
)
WELL_FORMED = {
    sirene.ask: {
        "header": {"statut": 200},
        "etablissement": {
            "siret": SIRET,
            "uniteLegale": {"denominationUniteLegale": "A", "etatAdministratifUniteLegale": "A"},
            "periodesEtablissement": [{"dateFin": None}],
        },
        "uniteLegale": {"siren": SIREN, "periodesUniteLegale": [{"dateFin": None}]},
    },
    recherche.ask: {"results": [{"siren": SIREN, "nom_complet": "A", "siege": {"siret": SIRET}}]},
    cbeapi.ask: {"data": {"cbe_number": ENTERPRISE, "denomination": "A", "status": "active"}},
    vies.ask: {
        "countryCode": "IE",
        "vatNumber": "6433435F",
        "valid": True,
        "name": "A",
        "userError": "VALID",
        "errorWrappers": [],
        "actionSucceed": True,
    },
}
NUMBERS = {
    sirene.ask: [SIRET, SIREN],
    recherche.ask: [SIRET, SIREN],
    cbeapi.ask: [ENTERPRISE],
    vies.ask: [VAT],
}


def bend(value, path, put):
    """Return a copy of the value with something else at a path of it, as far as the path leads."""
    if not path:
        return put
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not keys:
        return put
    key = keys[path[0] % len(keys)]
    bent = dict(value) if isinstance(value, dict) else list(value)
    inner = bent[key]
    bent[key] = bend(inner, path[1:], put) if isinstance(inner, dict | list) else put
    return bent


def word_of(ask, number, body: bytes, status: int) -> Answer | None:
    """Ask a register that answers so."""

    def fetch(_request, *, seconds, statuses=(200,)):
        assert seconds == 1
        if status not in statuses:
            raise Unavailable(f"HTTP {status}")
        return calls.Reply(status, body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calls, "fetch", fetch)
        try:
            answer = ask(number, seconds=1)
        except Unavailable:
            return None
    assert answer.kind in Kind
    assert answer.name is None or 0 < len(answer.name) <= 200
    assert (answer.number is None) is (answer.kind == Kind.UNKNOWN)
    return answer


@pytest.mark.parametrize("ask", WELL_FORMED, ids=lambda ask: ask.__module__.rpartition(".")[2])
@settings(max_examples=150, deadline=None)
@given(
    path=st.lists(st.integers(0, 9), max_size=5),
    put=VALUES,
    status=st.sampled_from([200, 200, 404, 400]),
    pick=st.integers(0, 1),
)
@example(path=[5], put=[], status=200, pick=0)  # VIES: an error that is no text
def test_json(ask, path, put, status, pick):
    number = NUMBERS[ask][pick % len(NUMBERS[ask])]

    word_of(ask, number, json.dumps(bend(WELL_FORMED[ask], path, put)).encode(), status)


@pytest.mark.parametrize("ask", WELL_FORMED, ids=lambda ask: ask.__module__.rpartition(".")[2])
def test_the_unbent_answer_is_a_word(ask):
    body = json.dumps(WELL_FORMED[ask]).encode()

    assert word_of(ask, NUMBERS[ask][0], body, 200).kind == Kind.FOUND


ENVELOPE = (
    b'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="urn:s" xmlns:m="urn:m">'
    b"<s:Body><m:ReadEnterpriseReply><m:Enterprise><m:Number>0403.019.261</m:Number>"
    b"<m:Denomination><m:Description><m:Value>ACME</m:Value></m:Description></m:Denomination>"
    b"<m:Period><m:Begin>1968-01-01</m:Begin></m:Period></m:Enterprise></m:ReadEnterpriseReply>"
    b"</s:Body></s:Envelope>"
)


def test_the_unbent_envelope_is_a_word():
    assert word_of(kbo.ask, ENTERPRISE, ENVELOPE, 200) == Answer(
        kind=Kind.FOUND, name="ACME", number=ENTERPRISE
    )


@settings(max_examples=300, deadline=None)
@given(
    start=st.integers(0, len(ENVELOPE)),
    length=st.integers(0, 60),
    put=st.binary(max_size=12) | st.sampled_from([b"UTF-16", b"x-unknown", b"&lol;", b"<a/>"]),
)
def test_xml(start, length, put):
    word_of(kbo.ask, ENTERPRISE, ENVELOPE[:start] + put + ENVELOPE[start + length :], 200)
