"""The desk puts right a check code that was mistyped: cover stays, the receipt says it, and it can be undone."""

import pytest

from remise.core.actor import Actor
from remise.core.errors import BrokenRule, Forbidden
from remise.core.identifiers import CheckCode, Plate
from remise.core.ledger.book import Written
from remise.core.scope import enter
from remise.fleet.actions import change_check_code, correct_entry
from remise.fleet.models import RegistrationVersion
from remise.fleet.receipt_words import headline
from remise.fleet.rights import FleetRight
from remise.fleet.selectors.receipts import receipt_of
from tests import vehicles
from tests.notices.telling import Telling
from tests.vehicles import OnCover
from tests.world import OWNER, garage


def change(of: Telling, held: OnCover, text: str, by: Actor | None = None) -> Written:
    by = by or of.staff
    with enter(by.scope):
        return change_check_code(by=by, policy=of.garage.policy, item=held.item, check_code=CheckCode(text))


def code_of(held: OnCover) -> tuple[str | None, bool]:
    (version,) = RegistrationVersion.objects.using(OWNER).filter(item=held.item, known_to=None)
    return version.check_code, version.ends is None


def test_code_is_changed_from_the_first_day_and_cover_stays() -> None:
    of = Telling(garage())
    held = vehicles.on_cover(of.garage, days=5)
    entry = change(of, held, "9999")
    assert code_of(held) == ("9999", True)
    by = of.garage.actor(*FleetRight)
    with enter(by.scope):
        assert "9999" in headline(receipt_of(by, entry.id))


def test_changed_code_is_undone_by_the_desk() -> None:
    of = Telling(garage())
    held = vehicles.on_cover(of.garage)
    entry = change(of, held, "9999")
    with enter(of.staff.scope):
        correct_entry(by=of.staff, policy=of.garage.policy, entry=entry.id, on_request="check_code")
    assert code_of(held) == (vehicles.CODE, True)


def test_customer_changes_no_code() -> None:
    of = Telling(garage())
    held = vehicles.on_cover(of.garage)
    with pytest.raises(Forbidden):
        change(of, held, "9999", by=of.garage.actor(*FleetRight))


@pytest.mark.parametrize(
    ("plate", "text", "code"),
    [(Plate("HA1236"), "9999", "no_check_code"), (Plate("GT002K"), vehicles.CODE, "same_check_code")],
)
def test_code_that_changes_nothing_is_refused(plate: Plate, text: str, code: str) -> None:
    of = Telling(garage())
    held = vehicles.on_cover(of.garage, plate)
    with pytest.raises(BrokenRule) as refusal:
        change(of, held, text)
    assert refusal.value.code == code
