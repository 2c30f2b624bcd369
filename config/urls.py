"""Every address of the portal; apps are named by string only."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from config import health, stylesheet
from config.api.views import unknown_path
from config.pages.styleguide import styleguide

handler500 = "config.views.server_error"

admin.autodiscover()  # where it was not loaded at the start, mails still link to it
urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("healthz", health.readyz, name="healthz"),
    path("api/", include("sites_app.api.urls")),
    path("api/", include("booking.api.urls")),
    path("api/", include("apitokens.api.urls")),
    path("api/", include("contracts.api.urls")),
    path("api/", include("config.api.urls")),
    re_path(r"^api(/.*)?$", unknown_path),
    path("", include("workplace.api.urls")),
    path("", include("sites_app.api.picture_urls")),
    path("site-<slug:digest>.css", stylesheet.stylesheet, name="stylesheet"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("accounts/", include("organizations.pages.urls")),
        path("account/api/", include("apitokens.pages.urls")),
        path("account/data/", include("backoffice.personal.urls")),
        path("account/profile/", include("organizations.pages.urls_profile")),
        path("account/company/", include("contracts.pages.urls_company")),
        path("account/statements/", include("contracts.pages.urls")),
        path("account/week/", include("workplace.pages.urls_week")),
        path("styleguide/", styleguide, name="styleguide"),
        path("", include("config.pages.urls")),
        path("developers/workplace/", include("workplace.pages.urls")),
        path("", include("booking.pages.urls")),
        prefix_default_language=False,
    ),
]
