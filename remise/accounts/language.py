"""The language in which a person is written to: the one chosen last, at any insurer; at first that of the sign-in."""

from django.http import HttpRequest
from django.utils.translation import get_language

from remise.accounts.models import Account
from remise.core.doors import rows
from remise.portals.languages import spoken
from remise.portals.models import Portal


def remember(request: HttpRequest, code: str) -> None:
    """Of who is signed in; a stranger's choice stays in the browser."""
    if request.user.is_authenticated:
        Account.objects.filter(pk=request.user.pk).exclude(language=code).update(language=code)


def remember_first(account: Account) -> None:
    """Who never chose one reads the language that the browser asked for."""
    if not account.language:
        Account.objects.filter(pk=account.pk, language="").update(language=(get_language() or "")[:2])


def written_to(email: str, portal: Portal | None) -> str:
    """The language of a mail to this address: its reader's own. Who has none, or one that the portal does not speak,
    reads the one of the page that sends it."""
    ((own,),) = rows("select language_of(%s)", email)
    offered = spoken(portal)
    return next(code for code in (own, get_language(), offered[0]) if code in offered)
