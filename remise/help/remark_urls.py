"""The pages of the insurer's people: a namespace of their own, for the menu."""

from django.urls import path

from remise.help.views import remarks

app_name = "remarks"
urlpatterns = [
    path("", remarks.overview, name="list"),
    path("<int:comment>/settle", remarks.settle, name="settle"),
]
