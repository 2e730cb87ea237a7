from django.urls import path

from remise.green_cards.trips import views

app_name = "trips"
urlpatterns = [
    path("", views.trip, name="trip"),
    path("ask", views.ask, name="ask"),
]
