from django.urls import path

from remise.green_cards.posting import views

app_name = "posting"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("make", views.make, name="make"),
    path("find", views.find, name="find"),
    path("shipments/<int:letter>", views.shipment, name="shipment"),
    path("shipments/<int:letter>/returned", views.returned, name="returned"),
    path("shipments/<int:letter>/not-returned", views.not_returned, name="not_returned"),
    path("batches/", views.batches, name="batches"),
    path("batches/<int:print_batch>", views.batch, name="batch"),
    path("batches/<int:print_batch>/file", views.file, name="file"),
    path("batches/<int:print_batch>/list", views.listing, name="list"),
    path("batches/<int:print_batch>/again", views.again, name="again"),
    path("batches/<int:print_batch>/sent", views.sent, name="sent"),
    path("batches/<int:print_batch>/undo", views.undo, name="undo"),
]
