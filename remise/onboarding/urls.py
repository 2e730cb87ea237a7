"""The ways in for who has no account, or not for this company."""

from django.urls import path

from remise.onboarding.views import public

app_name = "onboarding"
urlpatterns = [
    path("", public.home, name="home"),
    path("sent", public.sent, name="sent"),
    path("<slug:what>", public.form, name="form"),
]
