from django.urls import URLPattern, re_path

from workplace.api.envelope import unknown_path

BASE = "workplace/v1"

urlpatterns: list[URLPattern] = [
    re_path(rf"^{BASE}(/.*)?$", unknown_path, name="workplace-unknown"),  # stands last
]
