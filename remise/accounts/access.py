"""Where one gets with one factor: to the second one, and out."""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode

from remise.accounts.assurance import coupled_at

# Recovery codes are not among them: a session that has just coupled its app has two factors, and to any other
# session they would be the way round the second one.
ONE_FACTOR_ENOUGH = frozenset(
    {
        "mfa_activate_totp",
        "mfa_reauthenticate",
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
    if request.method != "GET" or request.path == "/":
        return way
    return f"{way}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"
