"""The operator of the server tells and forgets a person by the address, as the person could do it alone."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from remise.accounts.models import Account
from remise.core.models import Event
from remise.organisations.models import Membership
from tests import world
from tests.privacy.people import NAME, Life, hold, life, unpacked
from tests.world import OWNER


def person(*words: str, of: Life) -> None:
    call_command("person", *words, "--portal", of.garage.portal.slug)


def test_f209_command_writes_the_same_export(tmp_path: Path) -> None:
    of = life()
    file = tmp_path / "x.zip"
    person("export", of.address.upper(), str(file), of=of)
    page, data = unpacked(file.read_bytes())
    assert '<html lang="nl">' in page
    assert data["particulars"]["organisations.memberships"][0]["name"] == NAME
    event = Event.objects.using(OWNER).get(kind="account.exported", subject=of.person.account_id)
    assert (event.account, event.by_system, event.via) == (None, "privacy.command", "command")


def test_f209_command_closes_with_a_reason() -> None:
    of = life()
    person("erase", of.address, "--why", "ruling", of=of)
    assert not Account.objects.using(OWNER).get(id=of.person.account_id).is_active
    assert Membership.objects.using(OWNER).get(id=of.person.id).display_name == ""
    event = Event.objects.using(OWNER).get(kind="account.closed", subject=of.person.account_id)
    assert (event.account, event.by_system, event.after) == (None, "privacy.command", {"why": "ruling"})
    left = Event.objects.using(OWNER).filter(organisation=of.garage.organisation.id, kind="membership.erased")
    assert [(one.account, one.by_system, one.via) for one in left] == [(None, "privacy.command", "command")]


def test_command_without_a_reason_closes_nothing() -> None:
    of = life()
    with pytest.raises(CommandError, match="--why"):
        person("erase", of.address, of=of)
    assert Account.objects.using(OWNER).get(id=of.person.account_id).is_active


def test_command_refuses_under_a_hold() -> None:
    of = life()
    hold(of.garage.portal, account=of.person.account_id)
    with pytest.raises(CommandError, match="a legal hold"):
        person("erase", of.address, "--why", "asked", of=of)
    assert Account.objects.using(OWNER).get(id=of.person.account_id).is_active


def test_person_who_is_known_elsewhere_only_is_nobody_here() -> None:
    of, here = life(), life()
    for words in (("export", of.address, "x.zip"), ("erase", of.address, "--why", "asked")):
        with pytest.raises(CommandError, match="Nobody with this address"):
            person(*words, of=here)
    with pytest.raises(CommandError, match="no portal"):
        call_command("person", "erase", of.address, "--why", "asked", "--portal", world.unique())
