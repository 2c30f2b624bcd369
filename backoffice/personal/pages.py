"""One's own data: what is kept, to take away as a file, and the wish that it be deleted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backoffice.personal import gathering
from config import clock
from config.pages.sent_once import sent_once
from organizations.domain import deletion_requests
from organizations.models import User


@never_cache
@login_required
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Tell what can be had and asked for, and when a deletion was asked for last."""
    person = _person(request)
    context = {"person": person, "asked_at": deletion_requests.asked_at(person, now=clock.now())}
    return render(request, "account/data.html", context)


@never_cache
@login_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Hand out everything that is stored of the person, as JSON."""
    now = clock.now()
    facts = gathering.gather(_person(request), now=now)
    shape = {"indent": 2, "ensure_ascii": False}
    response = JsonResponse(facts, encoder=DjangoJSONEncoder, json_dumps_params=shape)
    response["Content-Disposition"] = f'attachment; filename="my-data-{now:%Y-%m-%d}.json"'
    return response


@never_cache
@login_required
@require_POST
@sent_once
def ask_for_deletion(request: HttpRequest) -> HttpResponse:
    """Tell staff that the person wants their data deleted; nothing is deleted by the click."""
    deletion_requests.ask(_person(request), now=clock.now())
    messages.success(request, gettext("We have your request. You get an e-mail about it."))
    return redirect("my-data")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # whoever has logged in
    return request.user
