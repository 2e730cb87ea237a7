from django.urls import path

from remise.organisations.tokens import views

app_name = "tokens"
urlpatterns = [
    path("", views.overview, name="list"),
    path("new", views.make, name="make"),
    path("<int:token>/revoke", views.revoke, name="revoke"),
]
