from django.urls import path

from remise.policies import views

app_name = "policies"
urlpatterns = [path("", views.assign, name="assign")]
