from django.urls import path

from remise.fleet.views import deregistering, receipts, registering, stock

app_name = "fleet"
urlpatterns = [
    path("", stock.overview, name="stock"),
    path("register", registering.register, name="register"),
    path("register/facts", registering.facts, name="facts"),
    path("deregister", deregistering.deregister, name="deregister"),
    path("export", stock.export, name="export"),
    path("receipts", receipts.receipts, name="receipts"),
    path("receipts/<int:entry>", receipts.receipt, name="receipt"),
    path("receipts/<int:entry>/pdf", receipts.pdf, name="receipt_pdf"),
    path("receipts/<int:entry>/correct", receipts.correct, name="correct"),
    path("<int:item>", stock.vehicle, name="vehicle"),
]
