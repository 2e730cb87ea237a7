"""How often a key may be used: as many calls a minute as the installation allows, told with every answer
(draft-ietf-httpapi-ratelimit-headers)."""

from django.conf import settings
from django.http import HttpResponseBase

from remise.core.cache import Count, count
from remise.organisations.tokens.authentication import TooOften

WINDOW = 60


def take(token: int) -> Count:
    """Count one call. Counted beside the request's transaction: it counts whatever becomes of the call."""
    return count(f"api:{token}", window=WINDOW)


def require_left(counted: Count) -> None:
    if counted.times > settings.API_RATE:
        raise TooOften(seconds=counted.seconds_left)


def tell(answer: HttpResponseBase, counted: Count) -> None:
    left = max(0, settings.API_RATE - counted.times)
    answer["RateLimit-Policy"] = f'"key";q={settings.API_RATE};w={WINDOW}'
    answer["RateLimit"] = f'"key";r={left};t={counted.seconds_left}'
