from django.urls import path

from remise.mandates.views import mailed, owner

app_name = "mandates"
urlpatterns = [
    path("", owner.overview, name="overview"),
    path("new", owner.offer, name="offer"),
    path("<int:mandate>/", owner.show, name="show"),
    path("<int:mandate>/change", owner.change, name="change"),
    path("<int:mandate>/end", owner.end, name="end"),
    path("<int:mandate>/again", owner.again, name="again"),
    path("<int:mandate>/withdraw", owner.withdraw, name="withdraw"),
    path("<int:mandate>/wish/grant", owner.grant_wish, name="grant_wish"),
    path("<int:mandate>/wish/decline", owner.decline_wish, name="decline_wish"),
    path("<int:mandate>/receipt", owner.receipt, name="receipt"),
    # Behind the mailed link.
    path("for/<str:secret>/", mailed.show, name="mailed"),
    path("for/<str:secret>/accept", mailed.accept, name="mailed_accept"),
    path("for/<str:secret>/decline", mailed.decline, name="mailed_decline"),
    path("for/<str:secret>/ask-again", mailed.ask_again, name="mailed_ask_again"),
    path("for/<str:secret>/you", mailed.person, name="mailed_person"),
    path("for/<str:secret>/account", mailed.account, name="mailed_account"),
    path("for/<str:secret>/preferences", mailed.preferences, name="mailed_preferences"),
    path("for/<str:secret>/check", mailed.check, name="mailed_check"),
]
