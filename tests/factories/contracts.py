"""Rates, of all sites unless told otherwise, ordered options, and statements of one line."""

import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from contracts.models import ContractOption, Rate, Statement, StatementLine
from tests.factories.organizations import OrganizationFactory


class RateFactory(DjangoModelFactory):
    class Meta:
        model = Rate

    key = "tv_rental"
    name = factory.Sequence(lambda number: f"Service {number}")
    public_base = Decimal(30)
    member_base = Decimal(27)


class ContractOptionFactory(DjangoModelFactory):
    class Meta:
        model = ContractOption

    organization = factory.SubFactory(OrganizationFactory)
    number = factory.LazyAttribute(lambda option: option.organization.contract_options.count() + 1)
    rate = factory.SubFactory(RateFactory)
    key = factory.SelfAttribute("rate.key")
    name = factory.SelfAttribute("rate.name")


class StatementFactory(DjangoModelFactory):
    """A draft of one room's rent."""

    class Meta:
        model = Statement
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    month = dt.date(2029, 12, 1)
    net, vat, gross = Decimal(100), Decimal(20), Decimal(120)
    made_at = dt.datetime(2030, 1, 2, 4, 10, tzinfo=dt.UTC)

    @factory.post_generation
    def lines(self, create, extracted, **_kwargs):
        """Write the line; `lines=False` leaves the statement without."""
        if create and extracted is not False:
            StatementLine.objects.create(
                statement=self,
                position=1,
                kind="room",
                label="A12",
                reference="a" * 24,
                first_on=self.month,
                last_on=self.month.replace(day=28),
                unit_price=self.net,
                net=self.net,
                vat_rate=Decimal(20),
                vat=self.vat,
            )
