"""How the other books name a company: by its KvK number, or by its name where it has none."""

from collections import Counter

from django.utils.translation import gettext as _

from remise.core.errors import BrokenRule
from remise.organisations.keeping import reference
from remise.organisations.models import Organisation


def references(portal: int) -> dict[int, str]:
    """Company -> how it is named. Refuses where two would be named alike: what moves out must come in."""
    found = {company.id: reference(company) for company in Organisation.objects.filter(portal=portal)}
    twice = [name for name, times in Counter(found.values()).items() if times > 1]
    if twice:
        message = _("%(count)s companies without a KvK number are called %(name)s: a book cannot tell them apart.")
        raise BrokenRule(message % {"count": Counter(found.values())[twice[0]], "name": twice[0]}, code="ambiguous")
    return found
