from django.urls import path

from remise.mandates.views import office

app_name = "clients"
urlpatterns = [
    path("", office.clients, name="inbox"),
    path("act", office.act, name="act"),
    path("stop", office.stop, name="stop"),
    path("ask", office.ask, name="ask"),
    path("mandates", office.received, name="received"),
    path("mandates/<int:offer>/accept", office.accept, name="accept"),
    path("mandates/<int:offer>/decline", office.decline, name="decline"),
    path("mandates/<int:offer>/hand-back", office.hand_back, name="hand_back"),
    path("mandates/<int:offer>/receipt", office.receipt, name="receipt"),
]
