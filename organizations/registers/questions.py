"""Which registers can be asked about a number, in which order."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from organizations.domain import company_numbers
from organizations.models import Register
from organizations.registers import cbeapi, kbo, recherche, sirene, vies
from organizations.registers.answers import Answer

Client = Callable[..., Answer]
_CLIENTS: dict[Register, Client] = {
    Register.SIRENE: sirene.ask,
    Register.RECHERCHE: recherche.ask,
    Register.KBO: kbo.ask,
    Register.CBEAPI: cbeapi.ask,
    Register.VIES: vies.ask,
}
_SOURCES = {
    Register.SIRENE: "insee_siret",
    Register.RECHERCHE: "insee_siret",
    Register.KBO: "kbo",
    Register.CBEAPI: "kbo",
    Register.VIES: "vies_vat",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A number as one register takes it; `denies` says that its "unknown" settles the matter."""

    register: Register
    number: str
    denies: bool = True

    @property
    def source(self) -> str:
        """The API's word for where the answer comes from."""
        return _SOURCES[self.register]

    def ask(self, *, seconds: float) -> Answer:
        """Ask the register.

        :raises Unavailable: when no clear answer comes in time.
        """
        return _CLIENTS[self.register](self.number, seconds=seconds)


def is_on(register: str) -> bool:
    """Say whether a register may be asked: its address and its credentials are set."""
    return settings.COMPANY_REGISTERS_ON and all(settings.COMPANY_REGISTERS[register].values())


def about(*, country: str, number: str) -> tuple[Question, ...]:
    """List what to ask about a normalised number, the best register first, whether it is on or not.

    Empty when the number has no form that a register of that country takes. Many Belgian enterprises
    pay no VAT, so that VIES not knowing one says nothing of it.
    """
    if country.upper() == "FR":
        return _french(number)
    if country.upper() == "BE":
        return _belgian(number)
    if company_numbers.is_vat_of_union(country=country, number=number):
        return (Question(register=Register.VIES, number=number),)
    return ()


def _french(number: str) -> tuple[Question, ...]:
    asked = company_numbers.siren_of_vat(number) or number
    if not (company_numbers.is_siren(asked) or company_numbers.is_siret(asked)):
        return ()
    return (
        Question(register=Register.SIRENE, number=asked),
        Question(register=Register.RECHERCHE, number=asked),
    )


def _belgian(number: str) -> tuple[Question, ...]:
    if not company_numbers.is_belgian(number):
        return ()
    return (
        Question(register=Register.KBO, number=number),
        Question(register=Register.CBEAPI, number=number),
        Question(register=Register.VIES, number=f"BE{number}", denies=False),
    )
