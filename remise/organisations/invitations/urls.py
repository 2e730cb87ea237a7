from django.urls import path

from remise.organisations.invitations import answering, views

app_name = "invitations"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("new", views.invite, name="invite"),
    path("<int:invitation>/again", views.again, name="again"),
    path("<int:invitation>/withdraw", views.withdraw, name="withdraw"),
    # Behind the mailed link.
    path("for/<str:secret>/", answering.show, name="show"),
    path("for/<str:secret>/accept", answering.accept, name="accept"),
    path("for/<str:secret>/decline", answering.decline, name="decline"),
    path("for/<str:secret>/ask-again", answering.ask_again, name="ask_again"),
    path("for/<str:secret>/you", answering.person, name="person"),
    path("for/<str:secret>/account", answering.account, name="account"),
    path("for/<str:secret>/preferences", answering.preferences, name="preferences"),
    path("for/<str:secret>/check", answering.check, name="check"),
]
