"""Where one gets with one factor: to the second one, and out."""

import json
from urllib.parse import urlsplit, urlunsplit

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _

from remise.accounts.assurance import coupled_at

UNSENT_KEY = "unsent"
UNSENT = _("You had to sign in again. What you filled in before was not sent.")
# Recovery codes are not among them: a session that has just coupled its app has two factors, and to any other
# session they would be the way round the second one.
ONE_FACTOR_ENOUGH = frozenset(
    {
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_change_password",
    }
)


def allowed_with_one_factor(match: ResolverMatch) -> bool:
    """What is open to strangers is open here too (sign-out, language, theme, the link that confirms an address)."""
    return not getattr(match.func, "login_required", True) or match.view_name in ONE_FACTOR_ENOUGH


def second_factor_url(request: HttpRequest) -> str:
    """Where a session with one factor goes: to its app's code, or first to coupling an app; then on to the page."""
    account = request.user.pk
    way = reverse("mfa_reauthenticate" if account and coupled_at(account) else "mfa_activate_totp")
    if request.method != "GET":
        messages.warning(request, str(UNSENT))
    back = page_of(request)
    return way if back == "/" else f"{way}?{urlencode({REDIRECT_FIELD_NAME: back})}"


def page_of(request: HttpRequest) -> str:
    """The page itself, or the one from which a form or a part of a page was asked: there one goes on afterwards."""
    said = request.headers.get("HX-Current-URL")
    if request.method == "GET" and not said:
        return request.get_full_path()
    parts = urlsplit(said or request.headers.get("Referer", ""))
    page = urlunsplit(("", "", parts.path, parts.query, ""))
    is_ours = parts.netloc == request.get_host() and url_has_allowed_host_and_scheme(page, None)
    return page if is_ours else "/"


def drop_kept_form(request: HttpRequest) -> None:
    """A form that waits for fresh proof is sent past the check of the factors: it was filled in with two. Where one
    is left, because the app was replaced meanwhile, it is not sent."""
    kept = request.session.get(STATE_SESSION_KEY, {}).get("request")
    if kept and not allowed_with_one_factor(resolve(json.loads(kept)["path"])):
        del request.session[STATE_SESSION_KEY]
        messages.warning(request, str(UNSENT))


def remember_unsent(request: HttpRequest) -> None:
    """A form came without a session: to be said once it is there again."""
    request.session[UNSENT_KEY] = True


def say_unsent(request: HttpRequest) -> None:
    if request.session.pop(UNSENT_KEY, False):
        messages.warning(request, str(UNSENT))
