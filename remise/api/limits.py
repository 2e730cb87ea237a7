"""How often a key may be used: as many calls a minute as the installation allows, told with every answer
(draft-ietf-httpapi-ratelimit-headers)."""

from django.conf import settings
from django.http import HttpResponseBase

from remise.core.cache import Count
from remise.core.limits import Rate


def rate() -> Rate:
    return Rate("api", settings.API_RATE, 60)


def tell(answer: HttpResponseBase, counted: Count) -> None:
    allowed = rate()
    left = max(0, allowed.times - counted.times)
    answer["RateLimit-Policy"] = f'"key";q={allowed.times};w={allowed.seconds}'
    answer["RateLimit"] = f'"key";r={left};t={counted.seconds_left}'
