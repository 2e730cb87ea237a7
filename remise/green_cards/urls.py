from django.urls import path

from remise.green_cards.views import cards, checking, choosing, requesting, shipments

app_name = "green_cards"
urlpatterns = [
    path("", cards.overview, name="overview"),
    path("by-itself", choosing.delivery, name="delivery"),
    path("request", requesting.request_cards, name="request"),
    path("<int:card>", cards.card, name="card"),
    path("<int:card>/reprint", cards.reprint, name="reprint"),
    path("<int:card>/mail", cards.mail, name="mail"),
    path("<int:card>/void", cards.void, name="void"),
    path("shipments/<int:shipment>", shipments.shipment, name="shipment"),
    path("shipments/<int:shipment>/print", shipments.print_all, name="print"),
    path("shipments/<int:shipment>/again", shipments.again, name="send_again"),
    path("check/<str:code>", checking.check, name="check"),
]
