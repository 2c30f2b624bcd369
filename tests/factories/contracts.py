"""Rates, of all sites unless told otherwise, and ordered options."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from contracts.models import ContractOption, Rate
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
