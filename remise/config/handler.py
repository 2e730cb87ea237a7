"""Django's way in, which also answers a request whose head says nonsense."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from remise.core.middleware import UNREADABLE


class Request(WSGIRequest):
    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        """What cannot be read, or not with the encoding that is named, is refused by the middleware and not by an
        error in front of it."""
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except Exception:  # a codec raises what it likes
            self._encoding = None
            self.content_type, self.content_params = "", {"charset": UNREADABLE}


class Handler(WSGIHandler):
    request_class = Request
