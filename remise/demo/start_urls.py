"""What the installation itself answers under its own name, where no insurer's portal is asked for."""

from django.urls import include, path

from remise.demo import views

urlpatterns = [
    path("", include("remise.config.health")),
    path("", views.start, name="home"),
    path("", include("remise.portals.urls")),
    path("", include("remise.ui.urls")),
    path("demo/", include("remise.demo.urls")),
]
