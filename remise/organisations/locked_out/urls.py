from django.urls import path

from remise.organisations.locked_out import desk_views

app_name = "locked_out"
urlpatterns = [
    path("", desk_views.queue, name="queue"),
    path("<int:membership>/unblock", desk_views.unblock, name="unblock"),
    path("<int:membership>/sign-out", desk_views.sign_out, name="sign_out"),
    path("<int:membership>/phone-lost", desk_views.phone_lost, name="phone_lost"),
]
