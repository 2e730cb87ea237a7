from django.urls import path

from remise.api import views
from remise.api.assembly import operations

app_name = "api"
urlpatterns = [
    path("openapi.json", views.description, name="description"),
    path("docs", views.docs, name="docs"),
    *operations(),
]
