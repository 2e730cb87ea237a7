from django.urls import path

from remise.search.views import customers, finding

app_name = "search"
urlpatterns = [
    path("", finding.page, name="page"),
    path("suggest", finding.suggest, name="suggest"),
    path("customers/<int:company>", customers.company, name="company"),
]
