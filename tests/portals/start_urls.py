from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path


@login_not_required
def start(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("start")


urlpatterns = [path("", start)]
