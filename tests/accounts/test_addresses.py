"""Where one is sent: within this portal, and by mail to the portal's own address."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests import world
from tests.accounts.visiting import PASSWORD, Visitor


def test_signing_in_leads_to_no_other_insurer(visitor: Visitor) -> None:
    other = world.portal()
    email = world.account(password=PASSWORD).email
    for target in (
        f"http://{other.slug}.localhost/",
        "http://localhost/",
        f"//{other.slug}.localhost/",
        "//evil.example",
    ):
        answer = Visitor(visitor.portal, visitor.mailbox).sign_in(email, next=target)
        assert answer["Location"] == "/", target
    here = f"http://{visitor.host}{reverse('mfa_index')}"
    assert Visitor(visitor.portal, visitor.mailbox).sign_in(email, next=here)["Location"] == here


@pytest.mark.parametrize(
    ("secure", "port", "base"),
    [
        (False, 0, "http://{host}/"),
        (False, 8123, "http://{host}:8123/"),
        (True, 443, "https://{host}/"),
        (True, 8443, "https://{host}:8443/"),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_mailed_links_carry_the_configured_port(
    visitor: Visitor, settings: Settings, secure: bool, port: int, base: str, known: bool
) -> None:
    """The port of the Host header is whatever the sender wrote."""
    settings.SECURE, settings.PUBLIC_PORT = secure, port
    poisoned = Client(HTTP_HOST=f"{visitor.host}:6666", REMOTE_ADDR=visitor.client.defaults["REMOTE_ADDR"])
    doors = ("account_signup", "account_reset_password")
    for door in doors:
        email = world.account(password=PASSWORD).email if known else f"nieuw-{world.unique()}@example.test"
        poisoned.post(reverse(door), {"email": email})
        for body in visitor.mailbox.newest(email).iter_parts():
            assert base.format(host=visitor.host) in body.get_content()
            assert f"{visitor.host}:6666" not in body.get_content()
