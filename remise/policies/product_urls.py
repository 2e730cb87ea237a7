from django.urls import path

from remise.policies import rule_views, views

app_name = "products"
urlpatterns = [
    path("", views.products, name="overview"),
    path("of/<str:policy>", rule_views.of_policy, name="of_policy"),
    path("<slug:product>", views.product, name="product"),
]
