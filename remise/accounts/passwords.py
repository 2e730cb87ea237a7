"""Which passwords are taken (NIST SP 800-63B-4, section 3.1.1.2): long enough, any character, no rules of
composition, no change by the calendar; but none that a list or a rule of thumb finds soon. The message says what is
wrong and what helps.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from allauth.core import context
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from zxcvbn import zxcvbn

from remise.accounts.models import Account, Person
from remise.portals.requests import portal_of

LONGEST = 128  # NIST asks for at least 64
LOOKED_AT = 72  # the estimate takes longer with every letter; a password that begins well enough is well enough
# Ten to the eighth guesses, of an attacker who has the hashes and one machine: "safely unguessable" to the estimate.
STRONG_ENOUGH = 3

HELPS = gettext_lazy("Add a word or two that have nothing to do with it. Three or four ordinary words are strong.")
WHY = {
    "own": gettext_lazy("This is easily guessed from your name, your address or your company."),
    "common": gettext_lazy("Many people use this password or one very much like it."),
    "word": gettext_lazy("This is little more than one word or name."),
    "spatial": gettext_lazy("These are keys in a row."),
    "repeat": gettext_lazy("The same is repeated in it."),
    "sequence": gettext_lazy("It goes on as everybody would: such as abc or 123."),
    "date": gettext_lazy("It is little more than a date or a year."),
    "regex": gettext_lazy("It is little more than a date or a year."),
    "bruteforce": gettext_lazy("There is too little in it that surprises."),
}


class Shortest(MinimumLengthValidator):
    """Django's, in words of ours: its own are not translated (Django 6.1)."""

    def get_error_message(self) -> str:
        return _("This is too short: at least %(min_length)s characters.") % {"min_length": self.min_length}


class Longest:
    """So that nobody makes us hash a book."""

    def validate(self, password: str, _user: Account | None = None) -> None:
        if len(password) > LONGEST:
            words = ngettext("Use at most %(n)s character.", "Use at most %(n)s characters.", LONGEST)
            raise ValidationError(words % {"n": LONGEST}, code="password_too_long")

    def get_help_text(self) -> str:
        return ""


class Guessable:
    """By the estimate of zxcvbn (Wheeler, USENIX Security 2016), which knows the person's own words too."""

    def validate(self, password: str, user: Account | None = None) -> None:
        found = zxcvbn(password[:LOOKED_AT], user_inputs=list(own_words(user)))
        if found["score"] < STRONG_ENOUGH:
            raise ValidationError(f"{why(found['sequence'])} {HELPS}", code="password_guessable")

    def get_help_text(self) -> str:
        return _("A short sentence is easy to remember and hard to guess.")


def why(sequence: Sequence[Mapping[str, Any]]) -> str:
    """What makes it weak: of the parts that were recognised the longest one; a part of one's own before all."""
    parts = sorted(sequence, key=lambda part: len(part["token"]), reverse=True)
    names = [part.get("dictionary_name", part["pattern"]) for part in parts]
    if "user_inputs" in names:
        return str(WHY["own"])
    kinds = [_kind(name) for name in names if name != "bruteforce"]
    return str(WHY[kinds[0] if kinds else "bruteforce"])


def _kind(name: str) -> str:
    if name in WHY:
        return name
    return "common" if name == "passwords" else "word"


def own_words(user: Account | None) -> Iterator[str]:
    """What an attacker tries first with this person: address, names, portal, insurer, and the companies at hand."""
    portal = portal_of(context.request)
    said = [portal.name, portal.slug, portal.insurer] if portal else []
    said += [one.company for one in getattr(context.request, "memberships", ())]
    said += getattr(user, "own_words", [])  # of who has no account yet
    if user is not None:
        said += [user.email, user.email.partition("@")[0], user.number if user.pk else ""]
        said += [Person.name_of(user.pk)] if user.pk else []
    for text in said:
        parts = [part for part in re.split(r"[\W_]+", text.lower()) if len(part) > 2]
        yield from dict.fromkeys([text.lower(), "".join(parts), *parts])
