from django.urls import path

from remise.desk.views import answers, customer, queue

app_name = "desk"
urlpatterns = [
    path("requests/", customer.requests, name="requests"),
    path("requests/<int:case>", customer.request_page, name="request"),
    path("requests/<int:case>/say", customer.say, name="say"),
    path("requests/<int:case>/withdraw", customer.withdraw, name="withdraw"),
    path("desk/", queue.queue, name="queue"),
    path("desk/hand-over", queue.hand_over_many, name="hand_over_many"),
    path("desk/answers/", answers.overview, name="answers"),
    path("desk/answers/new", answers.write, name="answer_new"),
    path("desk/answers/<int:template>", answers.change, name="answer"),
    path("desk/answers/<int:template>/retire", answers.retire, name="answer_retire"),
    path("desk/<int:case>", queue.case, name="case"),
    path("desk/<int:case>/take", queue.take, name="take"),
    path("desk/<int:case>/give-back", queue.give_back, name="give_back"),
    path("desk/<int:case>/hand-over", queue.hand_over, name="hand_over"),
    path("desk/<int:case>/note", queue.note, name="note"),
    path("desk/<int:case>/say", queue.say, name="ask"),
    path("desk/<int:case>/decide", queue.decide, name="decide"),
]
