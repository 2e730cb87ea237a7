from django.urls import path

from remise.help.views import door, feedback, people, reading

app_name = "help"
urlpatterns = [
    path("", reading.home, name="home"),
    path("questions", reading.questions, name="questions"),
    path("search", reading.search, name="search"),
    path("articles/<slug:slug>", reading.article, name="article"),
    path("articles/<slug:slug>/vote", feedback.vote, name="vote"),
    path("articles/<slug:slug>/remark", feedback.remark, name="remark"),
    path("sign-in", door.sign_in, name="sign_in"),
    path("sign-in/<slug:capacity>", door.sign_in_as, name="sign_in_as"),
    path("contacts", people.contacts, name="contacts"),
    path("who", people.who_can_help, name="who_can_help"),
]
