from django.urls import path

from remise.portals import views

app_name = "portals"
urlpatterns = [
    path("theme.css", views.theme, name="theme"),
    path("language/", views.language, name="language"),
]
