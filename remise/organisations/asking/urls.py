from django.urls import path

from remise.organisations.asking import views
from remise.organisations.looking.views import looked
from remise.organisations.missed import views as missed

app_name = "access"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("ask", views.ask, name="ask"),
    path("looked", looked, name="looked"),
    path("missed", missed.overview, name="missed"),
    path("inbox", views.inbox, name="inbox"),
    path("<int:access>/approve", views.approve, name="approve"),
    path("<int:access>/decline", views.decline, name="decline"),
    path("<int:access>/withdraw", views.withdraw, name="withdraw"),
]
