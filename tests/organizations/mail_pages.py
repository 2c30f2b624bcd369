"""The portal's addresses and, beside them, the pages to which mails lead."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpResponse
from django.urls import path

from config.urls import urlpatterns as portal


def page(request, key):
    return HttpResponse(key)


urlpatterns = [
    *i18n_patterns(
        path("booking/k/<str:key>/", page, name="manage-booking"),
        path("booking/confirm/k/<str:key>/", page, name="confirm-booking"),
        path("register/k/<str:key>/", page, name="complete-registration"),
        prefix_default_language=False,
    ),
    *portal,
]
