"""A lost card on the company's page: asked first, blocked by a button, for who leads the company."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from config import clock
from config.pages.sent_once import sent_once
from contracts.pages.company import belonging
from organizations.domain import lost_cards
from organizations.domain.lost_cards import CardNotFound
from organizations.domain.membership import NotAdministrator


@never_cache
@login_required
@sent_once
def block(request: HttpRequest, card_id: str) -> HttpResponse:
    """Show whose card it is and what follows; a POST blocks it. Others' cards are unknown."""
    person, _ = belonging(request)
    try:
        card = lost_cards.one(card_id, by=person)
        if request.method == "POST":
            lost_cards.block(card.pk, by=person, now=clock.now())
    except (CardNotFound, NotAdministrator) as refusal:
        raise Http404 from refusal
    if request.method != "POST":
        return render(request, "account/card_block.html", {"card": card})
    sentence = gettext("The card %(number)s is blocked. Its holder is told by e-mail.")
    messages.success(request, sentence % {"number": card.number})
    return redirect("company")
