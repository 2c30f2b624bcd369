"""The addresses of a person's own week."""

from django.urls import URLPattern, path

from workplace.pages import week

urlpatterns: list[URLPattern] = [
    path("", week.week, name="my-week"),
    path("save/", week.save, name="my-week-save"),
    path("visibility/", week.visibility, name="my-week-visibility"),
    path("answer/<str:intention_id>/", week.answer, name="my-week-answer"),
]
