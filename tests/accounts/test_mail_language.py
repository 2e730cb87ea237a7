"""A mail is written for who reads it, and not for who pressed the button."""

import pytest

from remise.accounts.models import Account
from remise.portals.models import Portal
from tests import world
from tests.accounts.visiting import PASSWORD, Visitor
from tests.world import OWNER


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("nl", "Kies een nieuw wachtwoord voor Koetspoort"),
        ("de", "Wählen Sie ein neues Passwort für Koetspoort"),
        ("", "Choose a new password for Koetspoort"),
    ],
)
def test_reader_of_another_language_than_the_page(visitor: Visitor, language: str, subject: str) -> None:
    account = world.account(password=PASSWORD)
    Account.objects.using(OWNER).filter(pk=account.pk).update(language=language)
    visitor.post("account_reset_password", email=account.email)
    assert visitor.mailbox.newest(account.email)["Subject"] == subject


def test_language_that_the_portal_does_not_speak(visitor: Visitor) -> None:
    Portal.objects.using(OWNER).filter(id=visitor.portal.id).update(languages=["nl", "en"])
    account = world.account(password=PASSWORD)
    Account.objects.using(OWNER).filter(pk=account.pk).update(language="de")
    visitor.post("account_reset_password", email=account.email)
    assert visitor.mailbox.newest(account.email)["Subject"] == "Choose a new password for Koetspoort"
