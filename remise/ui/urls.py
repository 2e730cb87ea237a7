from django.urls import path

from remise.ui import views

app_name = "ui"
urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/door/", views.gallery_door, name="gallery_door"),
    path("gallery/refusal/", views.gallery_refusal, name="gallery_refusal"),
    path("gallery/theme/<slug:name>.css", views.gallery_theme, name="gallery_theme"),
]
