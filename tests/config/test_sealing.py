"""Sealed secrets."""

import pytest
from cryptography.fernet import InvalidToken

from config import sealing


def test_a_sealed_text_is_unreadable_and_opens_again() -> None:
    sealed = sealing.seal("JBSWY3DPEHPK3PXP é")

    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert sealing.unseal(sealed) == "JBSWY3DPEHPK3PXP é"
    assert sealing.seal("a") != sealing.seal("a")


def test_a_text_from_before_sealing_is_itself() -> None:
    assert sealing.unseal("JBSWY3DPEHPK3PXP") == "JBSWY3DPEHPK3PXP"


def test_another_signing_key_opens_nothing_unless_it_follows_ours(settings) -> None:
    sealed = sealing.seal("secret")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another-" + "y" * 50

    with pytest.raises(InvalidToken):
        sealing.unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert sealing.unseal(sealed) == "secret"


def test_an_altered_text_opens_nothing() -> None:
    with pytest.raises(InvalidToken):
        sealing.unseal(sealing.seal("secret")[:-4] + "AAAA")
