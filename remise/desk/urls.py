from django.urls import path

from remise.desk.views import customer, queue

app_name = "desk"
urlpatterns = [
    path("requests/", customer.requests, name="requests"),
    path("requests/<int:case>", customer.request_page, name="request"),
    path("requests/<int:case>/say", customer.say, name="say"),
    path("requests/<int:case>/withdraw", customer.withdraw, name="withdraw"),
    path("desk/", queue.queue, name="queue"),
    path("desk/<int:case>", queue.case, name="case"),
    path("desk/<int:case>/take", queue.take, name="take"),
    path("desk/<int:case>/give-back", queue.give_back, name="give_back"),
    path("desk/<int:case>/say", queue.say, name="ask"),
    path("desk/<int:case>/decide", queue.decide, name="decide"),
]
