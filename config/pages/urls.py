from django.urls import URLPattern, path

from config.pages.documents import document

urlpatterns: list[URLPattern] = [
    path(f"{name}/", document, {"name": name}, name=name) for name in ("terms", "privacy", "legal")
]
