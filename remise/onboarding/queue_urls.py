"""The pages of the insurer's people: a namespace of their own, for the menu."""

from django.urls import path

from remise.onboarding.views import queue

app_name = "applications"
urlpatterns = [
    path("", queue.overview, name="list"),
    path("<int:application>", queue.one, name="one"),
    path("<int:application>/take", queue.take, name="take"),
    path("<int:application>/give-back", queue.give_back, name="give_back"),
    path("<int:application>/approve", queue.approve, name="approve"),
    path("<int:application>/refuse", queue.refuse, name="refuse"),
    path("<int:application>/close", queue.close, name="close"),
    path("<int:application>/again", queue.again, name="again"),
    path("links/<int:link>", queue.link, name="link"),
    path("links/<int:link>/take", queue.take_link, name="take_link"),
    path("links/<int:link>/give-back", queue.give_back_link, name="give_back_link"),
    path("links/<int:link>/approve", queue.approve_link, name="approve_link"),
    path("links/<int:link>/decline", queue.decline_link, name="decline_link"),
]
