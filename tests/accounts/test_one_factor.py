"""A password alone opens nothing (f059): every route is asked with one factor."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import world
from tests.accounts.visiting import PASSWORD, Visitor
from tests.journeys.server import Mailbox

ALLOWED = {
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_reauthenticate",
    "account_change_password",
}


def routes(resolver: URLResolver | None = None, path: str = "/", space: str = "") -> Iterator[tuple[str, str, bool]]:
    """Name, an address, and whether strangers may open it."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry, path + _filled(entry), inner)
        else:
            assert isinstance(entry, URLPattern)
            is_public = not getattr(entry.callback, "login_required", True)
            yield f"{space}{entry.name}", path + _filled(entry), is_public


def _filled(entry: URLPattern | URLResolver) -> str:
    route = str(entry.pattern).removeprefix("^").removesuffix("$")
    for name, converter in getattr(entry.pattern, "converters", {}).items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        value = {"int": "1", "slug": "a"}.get(kind, "a")
        route = route.replace(f"<{kind if kind != 'string' else 'str'}:{name}>", value).replace(f"<{name}>", value)
    return route


CLOSED = sorted({(name, path) for name, path, is_public in routes() if not is_public and name not in ALLOWED})


def test_there_are_routes_to_try() -> None:
    assert {"mfa_index", "mfa_generate_recovery_codes", "organisations:people", "home"} <= {
        name for name, _ in CLOSED
    } | {name for name, _, is_public in routes() if is_public}
    assert {name for name, _, is_public in routes() if not is_public} >= ALLOWED


@pytest.fixture(scope="module")
def halfway(mail_host: Mailbox) -> Visitor:
    """Who gave the password and no code yet: for all routes, since none opens."""
    garage = world.garage()
    member = world.member(garage.organisation, rights=["vehicles.view", "users.manage"], password=PASSWORD)
    one = Visitor(garage.portal, mail_host)
    assert one.sign_in(member.account.email).status_code == 302
    return one


@pytest.mark.parametrize(("name", "path"), CLOSED)
def test_f059_one_factor_opens_no_route(halfway: Visitor, name: str, path: str) -> None:
    for answer in (halfway.client.get(path), halfway.client.post(path)):
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(reverse("mfa_activate_totp")), name


def test_one_factor_may_couple_change_the_password_and_leave(visitor: Visitor) -> None:
    visitor.sign_in(world.account(password=PASSWORD).email)
    for name in ("mfa_activate_totp", "account_change_password", "account_reauthenticate", "account_logout"):
        assert visitor.get(name).status_code == 200, name
    assert visitor.client.get(reverse("portals:theme")).status_code == 200


def test_one_factor_changes_no_password_where_an_app_is_coupled(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD).email
    visitor.sign_in(email)
    earlier = Visitor(visitor.portal, visitor.mailbox)
    earlier.sign_in(email)
    visitor.couple()
    answer = earlier.post("account_change_password", oldpassword=PASSWORD, password1="een andere lange zin")
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert Visitor(visitor.portal, visitor.mailbox).sign_in(email)["Location"] == reverse("mfa_authenticate")


def test_f062_reset_gives_no_second_factor(visitor: Visitor) -> None:
    email = world.account(password=PASSWORD, coupled=True).email
    visitor.post("account_reset_password", email=email)
    form = visitor.client.get(visitor.follow_mail(email))["Location"]
    assert visitor.client.post(form, {"password1": "een andere lange zin"})["Location"] == reverse("mfa_authenticate")
    assert visitor.client.get(reverse("mfa_index"))["Location"].startswith(reverse("account_login"))
