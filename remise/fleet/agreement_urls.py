"""The pages of the insurer's people about comparing cover: a namespace of their own, for the menu."""

from django.urls import path

from remise.fleet.views import agreements

app_name = "agreements"
urlpatterns = [
    path("", agreements.overview, name="overview"),
    path("with/<slug:partner>", agreements.agree, name="agree"),
    path("<int:agreement>/end", agreements.end, name="end"),
]
