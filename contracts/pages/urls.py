"""The addresses of what a company owes."""

from django.urls import URLPattern, path

from contracts.pages import statements

urlpatterns: list[URLPattern] = [
    path("", statements.statements, name="statements"),
    path("<str:statement_id>/", statements.statement, name="statement"),
    path("<str:statement_id>/lines.csv", statements.statement_file, name="statement-file"),
]
