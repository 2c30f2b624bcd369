"""The addresses of a company's own data."""

from django.urls import URLPattern, path

from contracts.pages import cards, company

urlpatterns: list[URLPattern] = [
    path("", company.company, name="company"),
    path("change/", company.change, name="company-change"),
    path("cards/<str:card_id>/block/", cards.block, name="company-card-block"),
]
