"""What is about oneself."""

from django.urls import path

from remise.privacy.views import own

app_name = "privacy"
urlpatterns = [
    path("data", own.data, name="data"),
    path("data/file", own.file, name="file"),
    path("details", own.details, name="details"),
    path("close", own.close, name="close"),
    path("closed", own.closed, name="closed"),
]
