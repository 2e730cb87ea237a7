from django.urls import path

from remise.fleet.parties import views

app_name = "drivers"
urlpatterns = [
    path("", views.overview, name="list"),
    path("export", views.export, name="export"),
    path("add", views.add, name="add"),
    path("suggest", views.suggest, name="suggest"),
    path("<int:party>", views.one, name="one"),
    path("<int:party>/edit", views.edit, name="edit"),
    path("<int:party>/merge", views.merge, name="merge"),
    path("<int:party>/erase", views.erase, name="erase"),
    path("<int:party>/export", views.export_one, name="export_one"),
]
