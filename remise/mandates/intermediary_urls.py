from django.urls import path

from remise.mandates.views import intermediaries

app_name = "intermediaries"
urlpatterns = [
    path("", intermediaries.overview, name="overview"),
    path("<int:intermediary>/", intermediaries.edit, name="edit"),
]
