from django.urls import path

from remise.demo import time_views, views

app_name = "demo"
urlpatterns = [
    path("as/<slug:name>", views.enter_as, name="enter_as"),
    path("mailbox", views.mailbox, name="mailbox"),
    path("time", time_views.time, name="time"),
]
