"""The books of intermediaries and of whose policies are theirs."""

from pathlib import Path

from remise.core.keeping import Kept
from remise.mandates.models import Intermediary
from remise.policies.models import Policy
from tests import world
from tests.book.moving import out, put, read, refused, take
from tests.mandates import offices
from tests.world import OWNER

OFFICES = ["organisation", "number", "tier", "contact", "phone", "email"]
ASSIGNMENTS = ["policy", "intermediary"]


def test_intermediaries_move_in_and_out(tmp_path: Path) -> None:
    garage = world.garage()
    office = offices.office(garage.portal)
    offices.tier(garage.portal, "gold", 1, opens=True)
    kvk = office.organisation.kvk
    line = (kvk, "T-1", "gold", "Petra de Boer", "010 000 30 30", "")
    told = take(garage.portal, "intermediaries", put(tmp_path / "in.csv", OFFICES, line))
    assert told.kept == {Kept.ADDED: 1}
    assigned = put(tmp_path / "of.csv", ASSIGNMENTS, (garage.policy.number, "T-1"))
    assert take(garage.portal, "assignments", assigned).kept == {Kept.CHANGED: 1}
    assert offices.reached(office.organisation) == {garage.organisation.id}
    again = out(garage.portal, tmp_path / "out")
    assert read(again["intermediaries"]) == [dict(zip(OFFICES, line, strict=True))]
    assert read(again["assignments"]) == [{"policy": garage.policy.number, "intermediary": "T-1"}]
    for book in ("intermediaries", "assignments"):
        assert take(garage.portal, book, again[book]).kept == {Kept.SAME: 1}
    gone = put(tmp_path / "gone.csv", ASSIGNMENTS, (garage.policy.number, ""))
    assert take(garage.portal, "assignments", gone).kept == {Kept.CHANGED: 1}
    assert Policy.objects.using(OWNER).get(id=garage.policy.id).agent_id is None
    assert offices.reached(office.organisation) == set()


def test_what_is_not_known_is_refused_with_its_reason(tmp_path: Path) -> None:
    garage = world.garage()
    office = offices.office(garage.portal)
    kvk = office.organisation.kvk
    bad = put(tmp_path / "in.csv", OFFICES, (kvk, "T-1", "bronze", "Petra", "1", ""), (kvk, "", "x", "P", "1", ""))
    assert take(garage.portal, "intermediaries", bad).refused == 2
    wrong = put(tmp_path / "of.csv", ASSIGNMENTS, (garage.policy.number, "T-9"), ("none", ""))
    assert take(garage.portal, "assignments", wrong).refused == 2
    assert "T-9" in refused(wrong)[0]["reason"]
    assert not Intermediary.objects.using(OWNER).filter(portal=garage.portal).exists()
