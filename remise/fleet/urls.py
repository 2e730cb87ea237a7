from django.urls import path

from remise.fleet import views

app_name = "fleet"
urlpatterns = [
    path("", views.stock, name="stock"),
    path("register", views.register, name="register"),
    path("register/facts", views.facts, name="facts"),
    path("deregister", views.deregister, name="deregister"),
    path("export", views.export, name="export"),
    path("receipts", views.receipts, name="receipts"),
    path("receipts/<int:entry>", views.receipt, name="receipt"),
    path("receipts/<int:entry>/correct", views.correct, name="correct"),
    path("<int:item>", views.vehicle, name="vehicle"),
]
