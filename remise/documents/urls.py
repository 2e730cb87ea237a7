from django.urls import path

from remise.documents import views

app_name = "documents"
urlpatterns = [
    path("<int:document>/", views.show, name="show"),
]
