"""Pages that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in the visitor's language that the form's protection did not match, and how to go on."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
