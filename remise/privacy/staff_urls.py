"""The pages of the insurer's people: a namespace of their own, for the menu."""

from django.urls import path

from remise.privacy.views import staff

app_name = "keeping"
urlpatterns = [
    path("", staff.terms, name="terms"),
    path("terms/<str:category>", staff.term, name="term"),
    path("holds", staff.hold, name="hold"),
    path("holds/<int:hold>/lift", staff.lift, name="lift"),
]
