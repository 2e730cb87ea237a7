"""The steps in which who has no account makes one behind a mailed link, and what was answered so far.

The answers stay in the session until the last step, enciphered: a session's row is read by more than its owner. They
belong to one link; another one begins afresh.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends.base import SessionBase

from remise.core.keys import cipher, fingerprint

KEY = "newcomer"


class Step(StrEnum):
    """In this order, which is also that of the addresses."""

    PERSON = "you"
    ACCOUNT = "account"
    PREFERENCES = "preferences"
    CHECK = "check"

    @property
    def following(self) -> "Step":
        steps = list(Step)
        return steps[steps.index(self) + 1]


class Answers:
    def __init__(self, session: SessionBase, secret: str) -> None:
        self._session, self._of = session, fingerprint(secret)
        self._given = self._read()

    def __getitem__(self, step: Step) -> dict[str, Any]:
        return self._given.get(step, {})

    def keep(self, step: Step, given: Mapping[str, Any]) -> None:
        self._given[step] = dict(given)
        said = json.dumps({"of": self._of, "given": self._given})
        self._session[KEY] = cipher().encrypt(said.encode()).decode()

    def forget(self) -> None:
        self._session.pop(KEY, None)

    @property
    def missing(self) -> Step | None:
        """The first step that has not been taken."""
        return next((step for step in Step if step is not Step.CHECK and step not in self._given), None)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            said = json.loads(cipher().decrypt(self._session.get(KEY, "").encode()))
        except InvalidToken:  # none yet, or of a key that is gone
            return {}
        given: dict[str, dict[str, Any]] = said["given"] if said["of"] == self._of else {}
        return given
