"""Sessions whose row is found by a hash of the key. Every database role reads the table (each request is somebody's),
so the key itself stands in the cookie only: whoever gets to read the rows holds nobody's session."""

import hashlib

from django.contrib.sessions.backends.db import SessionStore as KeptInTheDatabase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone


class SessionStore(KeptInTheDatabase):
    # Under the name that signs what is kept: `SessionStore`. Requests are synchronous, and so is all of this.

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        row = self.model.objects.filter(
            session_key=stored(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(stored(session_key))

    def create_model_instance(self, data: dict[str, object]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(stored(key))


def stored(key: str) -> str:
    """Without salt or stretching: a key is 32 random characters. As long as the column is wide."""
    return hashlib.blake2b(key.encode(), digest_size=20).hexdigest()
