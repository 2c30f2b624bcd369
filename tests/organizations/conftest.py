"""Company registers that run on this machine; every other one is off."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.organizations.registers import stand_ins
from tests.organizations.registers.stand_ins import StandIn


@pytest.fixture
def register(settings) -> Iterator[Callable[[str], StandIn]]:
    """Start the named register's stand-in and switch that register on."""
    settings.COMPANY_REGISTERS_ON = True
    settings.COMPANY_REGISTERS = {name: {"url": ""} for name in stand_ins.SPEAKERS}
    with ExitStack() as stack:

        def start(name: str) -> StandIn:
            stand_in = stack.enter_context(stand_ins.running(name))
            settings.COMPANY_REGISTERS[name] = {
                "url": stand_in.url,
                **stand_ins.CREDENTIALS[name],
            }
            return stand_in

        yield start
