"""Asking to work for a company, and what a company answers."""

from django.urls import path

from remise.onboarding.views import links

app_name = "links"
urlpatterns = [
    path("", links.ask, name="ask"),
    path("<int:wish>/withdraw", links.withdraw, name="withdraw"),
    path("inbox", links.inbox, name="inbox"),
    path("<int:link>/approve", links.approve, name="approve"),
    path("<int:link>/decline", links.decline, name="decline"),
    path("administrator", links.administrator, name="administrator"),
    path("relation-number", links.relation_number, name="relation_number"),
]
