"""Below /api/ every error is a problem document, also one that arose before an operation was found."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase

from remise.api.problems import MEDIA_TYPE, problem

PREFIX = "/api/"
KEPT = ("Allow", "Retry-After", "WWW-Authenticate", "Content-Language", "Cache-Control")


class Problems:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        is_page = answer.status_code >= 400 and not answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE)
        if not (is_page and request.path.startswith(PREFIX)):
            return answer
        status = HTTPStatus(answer.status_code)
        told = problem(status, status.name.lower())
        for name in KEPT:
            if name in answer.headers:
                told[name] = answer.headers[name]
        return told
