"""What a template may leave open, and what is put there: pure."""

import re
from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remise.core.errors import BrokenRule


class Placeholder(models.TextChoices):
    """In braces in the text. These and no others: what is not known here would be sent as it stands."""

    COMPANY = "company", gettext_lazy("the customer's company")
    PLATE = "plate", gettext_lazy("the plate")
    DAY = "day", gettext_lazy("the day that was asked for")
    LIMIT = "limit", gettext_lazy("the limit that the customer met, such as 28 days")


_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_KNOWN = re.compile(r"\{(" + "|".join(Placeholder.values) + r")\}")


def require_known(text: str) -> None:
    """Refuse what stands in braces and is no placeholder, and a brace alone."""
    unknown = [found for found in _IN_BRACES.findall(text) if found not in Placeholder.values]
    if unknown or re.search(r"[{}]", _IN_BRACES.sub("", text)):
        wrong = ", ".join(f"{{{found}}}" for found in dict.fromkeys(unknown)) or "{ }"
        message = _("%(wrong)s is no placeholder. There are: %(known)s.")
        known = ", ".join(f"{{{one}}}" for one in Placeholder.values)
        raise BrokenRule(message % {"wrong": wrong, "known": known}, code="placeholder_unknown", field="text")


def filled(text: str, values: Mapping[str, str]) -> str:
    """With what is known of the request; the rest stays open, for who sends it to fill in."""
    return _KNOWN.sub(lambda found: values.get(found[1]) or found[0], text)


def require_filled(text: str, *, field: str) -> None:
    """What goes to a customer leaves nothing open."""
    left = list(dict.fromkeys(_KNOWN.findall(text)))
    if left:
        message = _("Fill in %(left)s first, or take it out.") % {"left": ", ".join(f"{{{one}}}" for one in left)}
        raise BrokenRule(message, code="placeholder_left", field=field)
